package storage

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// countingVersion is the migration that begins to keep what went to each counterparty and came
// from them, and adds up what is stored. As that may be very much, it goes on from where it was
// broken off, and tells how far it is.
const countingVersion = 26

// countAtOnce is how many transactions are added up in one go; tests make it small.
var countAtOnce = 5000

// counting is that migration, and who is told how far it is.
type counting func(Progress)

func (tell counting) migration() *goose.Migration {
	return goose.NewGoMigration(countingVersion, &goose.GoFunc{RunDB: tell.run}, nil)
}

// counterpartyTables are what is kept, and up to which transaction it is added up.
var counterpartyTables = []string{
	`CREATE TABLE counterparty_month (
		account_id   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
		currency     TEXT NOT NULL,
		month        INTEGER NOT NULL,
		counterparty TEXT NOT NULL, -- what they are told apart by, see CounterpartyOf
		money_in     TEXT NOT NULL,
		money_out    TEXT NOT NULL,
		ins          INTEGER NOT NULL, -- how many came in
		outs         INTEGER NOT NULL,
		named        INTEGER NOT NULL, -- the day of the month's last entry, which calls them so:
		name         TEXT NOT NULL,
		number       TEXT NOT NULL,
		PRIMARY KEY (account_id, currency, month, counterparty)
	) STRICT, WITHOUT ROWID`,
	`CREATE INDEX counterparty_month_of ON counterparty_month (counterparty, month)`,
	`CREATE TABLE counted (id INTEGER NOT NULL) STRICT`,
	`INSERT INTO counted VALUES (0)`,
}

func (tell counting) run(ctx context.Context, db *sql.DB) error {
	begun, err := hasTable(ctx, db, "counted")
	if err != nil {
		return err
	}
	done, err := hasTable(ctx, db, "counterparty_month")
	if err != nil || done && !begun { // it was broken off when all was done
		return err
	}
	if !begun {
		if err := inOne(ctx, db, func(tx *sql.Tx) error { return execAll(ctx, tx, counterpartyTables) }); err != nil {
			return err
		}
	}
	var p Progress
	if err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM entry WHERE pending = 0),
		(SELECT count(*) FROM entry WHERE pending = 0 AND id <= (SELECT id FROM counted))`).Scan(&p.Of, &p.Done); err != nil {
		return err
	}
	for {
		n, err := countSome(ctx, db)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		p.Done += n
		tell(p)
	}
	return inOne(ctx, db, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{`DROP TABLE counted`}) })
}

func execAll(ctx context.Context, tx *sql.Tx, statements []string) error {
	for _, one := range statements {
		if _, err := tx.ExecContext(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// countSome adds up the next transactions in the order of their ids, and counts them.
func countSome(ctx context.Context, db *sql.DB) (n int, err error) {
	err = inOne(ctx, db, func(tx *sql.Tx) error {
		some, err := collect(ctx, tx, readParties, `SELECT `+partyColumns+` FROM entry
			WHERE id > (SELECT id FROM counted) AND pending = 0 ORDER BY id LIMIT ?`, countAtOnce)
		if n = len(some); err != nil || n == 0 {
			return err
		}
		known, err := collect(ctx, tx, readID, `SELECT id FROM account`)
		if err != nil {
			return err
		}
		there := map[int64]bool{}
		for _, id := range known {
			there[id] = true
		}
		sums := turnovers{}
		for _, one := range some {
			if there[one.AccountID] && !one.dropped { // else it is erased, or counts in no sum
				sums.add(one.AccountID, dayOfID(one.id), CounterpartyOf(one.Transaction), one.Amount, false)
			}
		}
		if err := sums.write(ctx, tx); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE counted SET id = ?`, some[n-1].id)
		return err
	})
	return n, err
}
