package storage

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// codingVersion is the migration that begins to count the codes that transactions have, and counts those of
// what is stored. As that may be very much, it goes on from where it was broken off, and tells how far it is.
const codingVersion = 30

// codeAtOnce is how many transactions are looked at in one go; tests make it small.
var codeAtOnce = 20_000

// coding is that migration, and who is told how far it is.
type coding func(Progress)

func (tell coding) migration() *goose.Migration {
	return goose.NewGoMigration(codingVersion, &goose.GoFunc{RunDB: tell.run}, nil)
}

// codeTables are what is kept, and up to which transaction it is counted.
var codeTables = []string{
	`CREATE TABLE bank_code (
		account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
		code       TEXT NOT NULL, -- as the bank writes it
		entries    INTEGER NOT NULL, -- how many have it
		PRIMARY KEY (account_id, code)
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE coded (id INTEGER NOT NULL) STRICT`,
	`INSERT INTO coded VALUES (0)`,
}

func (tell coding) run(ctx context.Context, db *sql.DB) error {
	begun, err := hasTable(ctx, db, "coded")
	if err != nil {
		return err
	}
	done, err := hasTable(ctx, db, "bank_code")
	if err != nil || done && !begun { // it was broken off when all was done
		return err
	}
	if !begun {
		if err := inOne(ctx, db, func(tx *sql.Tx) error { return execAll(ctx, tx, codeTables) }); err != nil {
			return err
		}
	}
	var p Progress
	if err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM entry WHERE id <= (SELECT id FROM coded))`).Scan(&p.Of, &p.Done); err != nil {
		return err
	}
	for {
		n, err := codeSome(ctx, db)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		p.Done += n
		tell(p)
	}
	return inOne(ctx, db, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{`DROP TABLE coded`}) })
}

// codeSome counts the codes of the next transactions in the order of their ids, and how many these are.
func codeSome(ctx context.Context, db *sql.DB) (n int, err error) {
	err = inOne(ctx, db, func(tx *sql.Tx) error {
		var last int64
		if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(max(id), 0) FROM
			(SELECT id FROM entry WHERE id > (SELECT id FROM coded) ORDER BY id LIMIT ?)`, codeAtOnce).Scan(&n, &last); err != nil || n == 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO bank_code (account_id, code, entries)
			SELECT account_id, bank_code, count(*) FROM entry WHERE id > (SELECT id FROM coded) AND id <= ?1
				AND bank_code <> '' AND octet_length(bank_code) <= ?2 AND account_id IN (SELECT id FROM account) -- else it is erased
				GROUP BY account_id, bank_code
			ON CONFLICT DO UPDATE SET entries = entries + excluded.entries`, last, longestCode); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE coded SET id = ?`, last)
		return err
	})
	return n, err
}
