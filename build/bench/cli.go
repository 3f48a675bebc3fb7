package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"consentry/storage"
)

// commandLine imports the rows that were fetched with SQLite's command line, with the same
// tables, indices and pragmas, and prints how much faster or slower that is than the fetch. It returns
// how long that took with rows alone, and with the index of words.
func commandLine(dir, data string) (alone, took time.Duration, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, storage.FileName)+"?mode=ro")
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	entries, words := filepath.Join(dir, "entry.csv"), filepath.Join(dir, "words.csv")
	columns, err := writeRows(db, entries, words)
	if err != nil {
		return 0, 0, err
	}
	schema, err := schemaOf(db)
	if err != nil {
		return 0, 0, err
	}
	sums := `INSERT INTO day_sum SELECT account_id, id >> 32, currency, sum(CASE WHEN amount > '-' THEN amount ELSE 0 END), sum(CASE WHEN amount < '-' THEN amount ELSE 0 END), count(*)
		FROM entry WHERE pending = 0 GROUP BY account_id, id >> 32, currency;`
	rows := fmt.Sprintf(".import --csv %s entry\n%s\n", entries, sums)
	text := fmt.Sprintf("PRAGMA temp_store = memory;\nCREATE TEMP TABLE staged (id INTEGER PRIMARY KEY, words TEXT);\n.import --schema temp --csv %s staged\nINSERT INTO entry_text (rowid, words) SELECT id, words FROM staged;\n", words)
	for _, one := range []struct{ name, script string }{{"rows alone", rows}, {"rows and words", rows + text}} {
		file := filepath.Join(dir, "cli.db")
		for _, name := range []string{file, file + "-wal", file + "-shm"} {
			os.Remove(name)
		}
		script := "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = NORMAL;\nPRAGMA secure_delete = 1;\n" + schema + one.script
		cmd := exec.Command("sqlite3", "-bail", file)
		cmd.Stdin, cmd.Stderr = strings.NewReader(script), os.Stderr
		begun := time.Now()
		if err := cmd.Run(); err != nil {
			return 0, 0, fmt.Errorf("sqlite3: %w", err)
		}
		if took = time.Since(begun); alone == 0 {
			alone = took
		}
		fmt.Printf("sqlite3    %s (%d columns): %.1f s; the fetch is %.2f as fast\n", one.name, columns, took.Seconds(), took.Seconds()/firstFetch.First.Seconds())
	}
	return alone, took, nil
}

// schemaOf is how the tables are made that are compared. What the index of words does with what is
// taken out of it (secure-delete) is of no weight here, and not known to older command lines.
func schemaOf(db *sql.DB) (schema string, err error) {
	rows, err := db.Query(`SELECT sql FROM sqlite_schema WHERE name IN ('entry', 'entry_account', 'day_sum', 'entry_text') AND sql <> '' ORDER BY rowid`)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return "", err
		}
		schema += one + ";\n"
	}
	return schema, rows.Err()
}

// writeRows writes all transactions, in the order of their ids, and beside them what the index
// knows of each.
func writeRows(db *sql.DB, entries, words string) (columns int, err error) {
	out, err := os.Create(entries)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	text, err := os.Create(words)
	if err != nil {
		return 0, err
	}
	defer text.Close()
	rows, err := db.QueryContext(context.Background(), `SELECT * FROM entry ORDER BY id`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	w, t := csv.NewWriter(out), csv.NewWriter(text)
	values, into := make([]string, len(names)), make([]any, len(names))
	at := map[string]*string{}
	for i := range values {
		into[i], at[names[i]] = &values[i], &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return 0, err
		}
		var e storage.Transaction
		fmt.Sscan(*at["account_id"], &e.AccountID)
		e.Pending = *at["pending"] == "1"
		one := &e.Transaction
		one.CreditorName, one.CreditorAccount, one.DebtorName, one.DebtorAccount = *at["creditor_name"], *at["creditor_account"], *at["debtor_name"], *at["debtor_account"]
		one.Remittance, one.Additional, one.EndToEndID, one.EntryReference = *at["remittance"], *at["additional"], *at["end_to_end_id"], *at["entry_reference"]
		one.ID, one.BankCode, one.Amount.Number, one.Amount.Currency = *at["transaction_id"], *at["bank_code"], *at["amount"], *at["currency"]
		if err := t.Write([]string{*at["id"], storage.IndexedWords(e)}); err != nil {
			return 0, err
		}
		if err := w.Write(values); err != nil {
			return 0, err
		}
	}
	w.Flush()
	t.Flush()
	return len(names), rows.Err()
}
