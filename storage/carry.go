package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/pressly/goose/v3"

	"consentry/xs2a"
)

// carryingVersion is the migration that carries transactions over from the table of before,
// whose ids told nothing, to that of now. It may take minutes, so it goes on from where it
// was broken off, and tells how far it is.
const carryingVersion = 23

// carryAtOnce is how many transactions are carried over in one go; tests make it small.
var carryAtOnce = 2000

// Progress is how far the work has come that a database of before needs: so many
// transactions of so many.
type Progress struct{ Done, Of int }

// carrying is that migration, and who is told how far it is.
type carrying func(Progress)

func (tell carrying) migration() *goose.Migration {
	return goose.NewGoMigration(carryingVersion, &goose.GoFunc{RunDB: tell.run}, nil)
}

func (tell carrying) run(ctx context.Context, db *sql.DB) error {
	if there, err := hasTable(ctx, db, "entry_before"); err != nil || !there { // it was broken off when all was done
		return err
	}
	var p Progress
	if err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM entry_before), (SELECT count(*) FROM entry)`).Scan(&p.Of, &p.Done); err != nil {
		return err
	}
	for p.Done < p.Of {
		n, err := carrySome(ctx, db)
		if err != nil {
			return err
		}
		if n == 0 {
			return errors.New("storage: transactions of before are not all there to be carried over")
		}
		p.Done += n
		tell(p)
	}
	return inOne(ctx, db, func(tx *sql.Tx) error {
		for _, table := range []string{"entry_before", "carried"} {
			if _, err := tx.ExecContext(ctx, `DROP TABLE `+table); err != nil {
				return err
			}
		}
		return nil
	})
}

// inOne runs f in one transaction.
func inOne(ctx context.Context, db *sql.DB, f func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit this does nothing
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// carrySome carries over the next transactions, in the order of their days, and counts them.
func carrySome(ctx context.Context, db *sql.DB) (n int, err error) {
	err = inOne(ctx, db, func(tx *sql.Tx) error {
		some, err := nextBefore(ctx, tx)
		if n = len(some); err != nil || n == 0 {
			return err
		}
		w, err := newEntryWriter(ctx, tx, time.Time{}, &known{})
		if err != nil {
			return err
		}
		defer w.close()
		w.turnovers, w.codes = nil, nil // they come later, see countingVersion and codingVersion
		for _, one := range some {
			if err := w.put(ctx, one.AccountID, one.Pending, one.said, Note{}, contentOf(one.said), one.firstSeen); err != nil {
				return err
			}
		}
		if err := w.end(ctx); err != nil {
			return err
		}
		last := some[n-1]
		_, err = tx.ExecContext(ctx, `UPDATE carried SET pending = ?, date = ?, id = ?`, last.Pending, last.date, last.ID)
		return err
	})
	return n, err
}

// nextBefore returns the transactions that are carried over next: those that were booked, and
// when these are done, those that are pending.
func nextBefore(ctx context.Context, tx *sql.Tx) ([]entryBefore, error) {
	var last entryBefore
	if err := tx.QueryRowContext(ctx, `SELECT pending, date, id FROM carried`).Scan(&last.Pending, &last.date, &last.ID); err != nil {
		return nil, err
	}
	for {
		for _, query := range []struct {
			text string
			args []any
		}{{restOfDayBefore, []any{last.Pending, last.date, last.ID}}, {daysBefore, []any{last.Pending, last.date}}} {
			some, err := collect(ctx, tx, readEntryBefore, query.text, append(query.args, carryAtOnce)...)
			if err != nil || len(some) > 0 {
				return some, err
			}
		}
		if last.Pending {
			return nil, nil
		}
		last = entryBefore{Pending: true}
	}
}

// entryBefore is a transaction as it was stored before.
type entryBefore struct {
	ID, AccountID   int64
	Pending         bool
	date, firstSeen string
	said            xs2a.Transaction
}

const (
	restOfDayBefore = entriesBefore + ` WHERE pending = ? AND date = ? AND id > ? ORDER BY id LIMIT ?`
	daysBefore      = entriesBefore + ` WHERE pending = ? AND date > ? ORDER BY date, id LIMIT ?`
	entriesBefore   = `SELECT id, account_id, pending, date, first_seen_at, transaction_id, entry_reference, end_to_end_id, booking_date,
		value_date, amount, currency, creditor_name, creditor_account, debtor_name, debtor_account, remittance, additional, bank_code, inferred, raw
		FROM entry_before`
)

func readEntryBefore(row scanner) (entryBefore, error) {
	var e entryBefore
	var raw string
	t := &e.said
	err := row.Scan(&e.ID, &e.AccountID, &e.Pending, &e.date, &e.firstSeen, &t.ID, &t.EntryReference, &t.EndToEndID, &t.BookingDate,
		&t.ValueDate, &t.Amount.Number, &t.Amount.Currency, &t.CreditorName, &t.CreditorAccount, &t.DebtorName, &t.DebtorAccount,
		&t.Remittance, &t.Additional, &t.BankCode, &t.Inferred, &raw)
	t.Raw = json.RawMessage(raw)
	return e, err
}
