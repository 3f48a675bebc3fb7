// Package agreement is for tests: it looks at a database from outside, and tells whether
// what is kept beside transactions is what they are.
package agreement

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
)

// Check looks through a database file that nobody writes to meanwhile: whether the file and
// its index of words are whole, each transaction is found by all of its words, the index
// knows of no others, and the sums of days and the codes of banks are those of the rows. It returns all that it finds.
func Check(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return errors.Join(whole(ctx, db), words(ctx, db), sums(ctx, db), codes(ctx, db))
}

// whole has SQLite look at the file and at the index of words.
func whole(ctx context.Context, db *sql.DB) error {
	verdict, err := column[string](ctx, db, `PRAGMA integrity_check`)
	if err != nil || len(verdict) != 1 || verdict[0] != "ok" {
		return fmt.Errorf("the file is damaged: %v (%w)", verdict, err)
	}
	if broken, err := column[string](ctx, db, `SELECT "table" FROM pragma_foreign_key_check`); err != nil || len(broken) > 0 {
		return fmt.Errorf("rows of %v belong to none (%w)", broken, err)
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO entry_text (entry_text) VALUES ('integrity-check')`); err != nil {
		return fmt.Errorf("the index of words is damaged: %w", err)
	}
	return nil
}

// column reads one column.
func column[T any](ctx context.Context, db *sql.DB, query string, args ...any) (all []T, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one T
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// words looks for each transaction by its words, and counts what the index knows.
func words(ctx context.Context, db *sql.DB) error {
	transactions, err := entries(ctx, db)
	if err != nil {
		return err
	}
	find, err := db.PrepareContext(ctx, `SELECT count(*) FROM entry_text WHERE entry_text MATCH ? AND rowid = ?`)
	if err != nil {
		return err
	}
	defer find.Close()
	var wrong []error
	for _, t := range transactions {
		all, found := `"`+strings.Join(strings.Fields(storage.IndexedWords(t)), `" "`)+`"`, 0
		if err := find.QueryRowContext(ctx, all, t.ID).Scan(&found); err != nil || found != 1 {
			wrong = append(wrong, fmt.Errorf("transaction %d is not found by its words (%w)", t.ID, err))
		}
	}
	indexed, err := column[int](ctx, db, `SELECT count(*) FROM entry_text WHERE entry_text MATCH '"§booked" OR "§pending"'`)
	if err != nil || indexed[0] != len(transactions) {
		wrong = append(wrong, fmt.Errorf("%d transactions, %v in the index of words (%w)", len(transactions), indexed, err))
	}
	return errors.Join(wrong...)
}

// entries reads what words are made of.
func entries(ctx context.Context, db *sql.DB) (all []storage.Transaction, err error) {
	rows, err := db.QueryContext(ctx, `SELECT id, account_id, pending, transaction_id, entry_reference, end_to_end_id, amount, currency, creditor_name,
		creditor_account, debtor_name, debtor_account, remittance, additional, bank_code FROM entry`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t storage.Transaction
		said := &t.Transaction
		if err := rows.Scan(&t.ID, &t.AccountID, &t.Pending, &said.ID, &said.EntryReference, &said.EndToEndID, &said.Amount.Number, &said.Amount.Currency,
			&said.CreditorName, &said.CreditorAccount, &said.DebtorName, &said.DebtorAccount, &said.Remittance, &said.Additional, &said.BankCode); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// daySum is what the transactions of a day of an account add up to in a currency.
type daySum struct {
	in, out big.Rat
	count   int
}

// sums adds up the rows, and holds what is stored of their days to it.
func sums(ctx context.Context, db *sql.DB) error {
	want := map[string]*daySum{}
	rows, err := db.QueryContext(ctx, `SELECT account_id || ' ' || (id >> 32) || ' ' || currency, amount, dropped_at = '' FROM entry
		WHERE pending = 0 AND account_id NOT IN (SELECT account_id FROM erasing)`) // whose sums are gone at once
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var amount xs2a.Amount
		var counts bool
		if err := rows.Scan(&key, &amount.Number, &counts); err != nil {
			return err
		}
		if want[key] == nil {
			want[key] = &daySum{}
		}
		if want[key].count++; counts {
			if err := want[key].add(amount.Number); err != nil {
				return err
			}
		}
	}
	return errors.Join(rows.Err(), stored(ctx, db, want))
}

func (s *daySum) add(number string) error {
	n, ok := new(big.Rat).SetString(number)
	if !ok {
		return fmt.Errorf("%q is no amount", number)
	}
	if n.Sign() < 0 {
		s.out.Sub(&s.out, n)
	} else {
		s.in.Add(&s.in, n)
	}
	return nil
}

// stored holds the sums that are stored to those that should be.
func stored(ctx context.Context, db *sql.DB, want map[string]*daySum) error {
	rows, err := db.QueryContext(ctx, `SELECT account_id || ' ' || day || ' ' || currency, money_in, money_out, entries FROM day_sum`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var wrong []error
	for rows.Next() {
		var key, in, out string
		var count int
		if err := rows.Scan(&key, &in, &out, &count); err != nil {
			return err
		}
		sum := want[key]
		if sum == nil {
			wrong = append(wrong, fmt.Errorf("a sum is stored of %s, of which there is nothing", key))
			continue
		}
		delete(want, key)
		if count != sum.count || !equal(in, &sum.in) || !equal(out, &sum.out) {
			wrong = append(wrong, fmt.Errorf("the sum of %s is stored as %s, %s of %d; it is %s, %s of %d", key, in, out, count, sum.in.FloatString(2), sum.out.FloatString(2), sum.count))
		}
	}
	for key := range want {
		wrong = append(wrong, fmt.Errorf("no sum is stored of %s", key))
	}
	return errors.Join(errors.Join(wrong...), rows.Err())
}

func equal(number string, n *big.Rat) bool {
	stored, ok := new(big.Rat).SetString(number)
	return ok && stored.Cmp(n) == 0
}

// codes counts which codes rows have, and holds what is counted of them to it.
func codes(ctx context.Context, db *sql.DB) error {
	const counted = `SELECT account_id || ' ' || code || ' ' || entries FROM bank_code`
	wrong, err := column[string](ctx, db, `WITH kept AS (SELECT account_id || ' ' || bank_code || ' ' || count(*) FROM entry
			WHERE bank_code <> '' AND octet_length(bank_code) <= 100 AND account_id IN (SELECT id FROM account) GROUP BY account_id, bank_code)
		SELECT * FROM (SELECT * FROM kept EXCEPT `+counted+`) UNION ALL SELECT * FROM (`+counted+` EXCEPT SELECT * FROM kept)`)
	if err != nil || len(wrong) > 0 {
		return fmt.Errorf("the codes of banks are counted otherwise: %q (%w)", wrong, err)
	}
	return nil
}
