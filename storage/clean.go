package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/pressly/goose/v3"

	"consentry/xs2a/record"
)

// cleaningVersion is the migration that takes secrets out of what was recorded
// before they were known by their values and by as many names as now. It needs
// the rules for that, so it is the one that is no SQL.
const cleaningVersion = 10

// cleaning is that migration, and whether there was anything to take out.
type cleaning struct{ changed bool }

func (c *cleaning) migration() *goose.Migration {
	return goose.NewGoMigration(cleaningVersion, &goose.GoFunc{RunTx: c.run}, nil)
}

func (c *cleaning) run(ctx context.Context, tx *sql.Tx) error {
	if err := c.exchanges(ctx, tx); err != nil {
		return err
	}
	return c.answers(ctx, tx)
}

// exchanges goes through the record one by one: all of it may be more than fits
// into memory.
func (c *cleaning) exchanges(ctx context.Context, tx *sql.Tx) error {
	for last := int64(0); ; {
		e, err := one(readExchange, tx.QueryRowContext(ctx, `SELECT `+exchangeColumns+` FROM exchange WHERE id > ? ORDER BY id LIMIT 1`, last))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.exchange(ctx, tx, e); err != nil {
			return err
		}
		last = e.ID
	}
}

func (c *cleaning) exchange(ctx context.Context, tx *sql.Tx, e Exchange) error {
	before, err := json.Marshal(e.Exchange)
	if err != nil {
		return err
	}
	clean := e.Again()
	if after, err := json.Marshal(clean); err != nil || string(after) == string(before) {
		return err
	}
	row, err := storeExchange(clean)
	if err != nil {
		return err
	}
	c.changed = true
	_, err = tx.ExecContext(ctx, `UPDATE exchange SET step = ?, url = ?, request = ?, answer = ?, error = ?, body_bytes = ?, row_bytes = ? WHERE id = ?`,
		clean.Step, clean.URL, row.request.text, row.answer.text, clean.Error, row.bodyBytes(), row.otherBytes(), e.ID)
	return err
}

// answers are those kept with the attempts they are about.
func (c *cleaning) answers(ctx context.Context, tx *sql.Tx) error {
	type kept struct{ id, answer string }
	all, err := collect(ctx, tx, func(row scanner) (kept, error) {
		var k kept
		err := row.Scan(&k.id, &k.answer)
		return k, err
	}, `SELECT id, answer FROM authorisation WHERE answer <> ''`)
	if err != nil {
		return err
	}
	for _, each := range all {
		clean := record.AnswerAgain(each.answer)
		if clean == each.answer {
			continue
		}
		c.changed = true
		if _, err := tx.ExecContext(ctx, `UPDATE authorisation SET answer = ? WHERE id = ?`, clean, each.id); err != nil {
			return err
		}
	}
	return nil
}
