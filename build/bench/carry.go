package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

const (
	versionBefore = 21 // the last before a transaction's id held its day
	cleanedAt     = 10 // what is taken out of files of old at that version; a new one has nothing of it
)

// carryOver brings the fetched rows, as a program of before kept them, up to date, and prints what
// that takes beside their first fetch. It is killed in the middle once: what it had done by then has to
// be done.
func carryOver(dir, data string) error {
	before := filepath.Join(dir, "before")
	if err := os.RemoveAll(before); err != nil {
		return err
	}
	rows, err := backdate(data, before)
	if err != nil {
		return err
	}
	begun := time.Now()
	killed, err := carry(before, rows/2)
	if err != nil {
		return err
	}
	first, err := carry(before, 0)
	if err != nil {
		return err
	}
	took := time.Since(begun)
	if first < killed {
		return fmt.Errorf("%d rows were carried over when it was killed, %d when it went on", killed, first)
	}
	text := ""
	if firstFetch.First > 0 {
		text = fmt.Sprintf(", %.2f of the first fetch", took.Seconds()/firstFetch.First.Seconds())
	}
	fmt.Printf("carried    %d rows of a database of before, killed after %d: %.1f s%s\n", rows, killed, took.Seconds(), text)
	return nil
}

// backdate makes a folder with a database of before that holds the transactions of one of now.
func backdate(data, before string) (rows int, err error) {
	if err := os.MkdirAll(before, 0o700); err != nil {
		return 0, err
	}
	if _, err := secret.LoadWithoutKeyring(before, slog.New(slog.DiscardHandler)); err != nil {
		return 0, err
	}
	path, ctx := filepath.Join(before, storage.FileName), context.Background()
	if err := folder.Create(path); err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=foreign_keys(0)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	nothing := goose.NewGoMigration(cleanedAt, &goose.GoFunc{RunDB: func(context.Context, *sql.DB) error { return nil }}, nil)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("storage/migrations"), goose.WithGoMigrations(nothing), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, err
	}
	if _, err := provider.UpTo(ctx, versionBefore); err != nil {
		return 0, err
	}
	db.SetMaxOpenConns(1) // to which the other database is attached
	const said = `transaction_id, entry_reference, end_to_end_id, booking_date, value_date, amount, currency, creditor_name, creditor_account,
		debtor_name, debtor_account, remittance, additional, bank_code, inferred, raw, first_seen_at`
	for _, statement := range []string{
		`ATTACH '` + strings.ReplaceAll(filepath.Join(data, storage.FileName), "'", "''") + `' AS now`,
		`INSERT INTO account (id, environment_id, bic, bank_name, key, iban, bban, masked_pan, currency, name, product, type, status, usage, owner_name, raw, first_seen_at)
			SELECT id, environment_id, bic, bank_name, key, iban, bban, masked_pan, currency, name, product, type, status, usage, owner_name, raw, first_seen_at FROM now.account`,
		`INSERT INTO entry (account_id, pending, fingerprint, occurrence, date, seen, ` + said + `)
			SELECT account_id, pending, id, 1, CASE booking_date WHEN '' THEN value_date ELSE booking_date END, 1, ` + said + ` FROM now.entry ORDER BY raw`, // as they came, in no order
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return 0, err
		}
	}
	return rows, db.QueryRowContext(ctx, `SELECT count(*) FROM entry`).Scan(&rows)
}

// carry brings a folder up to date in a process of its own, which is killed after so many rows; 0: never.
// It returns the last that was told then, or else the first.
func carry(dir string, killAfter int) (rows int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child := exec.Command(self, "carry", dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := child.Start(); err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var done int
		if _, err := fmt.Sscan(lines.Text(), &done); err != nil {
			return 0, err
		}
		if killAfter == 0 && rows > 0 {
			continue
		}
		if rows = done; killAfter > 0 && done >= killAfter {
			_ = child.Process.Kill()
		}
	}
	if err := child.Wait(); err != nil && killAfter == 0 {
		return 0, err
	}
	return rows, nil
}

// carryChild brings a folder up to date, and tells how far it is.
func carryChild(dir string) error {
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	store, err := storage.OpenTelling(context.Background(), dir, key, time.Now, func(p storage.Progress) { fmt.Println(p.Done) })
	if err != nil {
		return err
	}
	return store.Close()
}
