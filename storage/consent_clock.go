package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// SetRunOut notes that a consent has ended by this machine's clock alone, or that by
// it the last day is still to come.
func (s *Store) SetRunOut(ctx context.Context, id string, out bool) error {
	at := ""
	if out {
		at = formatTime(s.now())
	}
	_, err := s.exec(ctx, `UPDATE consent SET ran_out_at = ? WHERE id = ? AND ended_at = ''`, at, id)
	return err
}

// Overrule notes that a bank calls a consent valid, by its own clock rightly, though
// this machine's is past the last day. That counts for a day.
func (s *Store) Overrule(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Ended() {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET ran_out_at = '', overruled_at = ? WHERE id = ?`, formatTime(s.now()), id); err != nil || !c.Provisional() {
			return err
		}
		return s.addEvent(ctx, tx, id, FromBank, c.Status, Event{Kind: EventOverruled})
	})
}

// future is a column of times by this machine's clock, with whose consent or
// environment a row is about.
type future struct{ table, column, environment string }

// futures are the times that keep something from happening as long as they lie ahead.
var futures = []future{
	{"consent", "tried_at", "environment_id"}, {"consent", "read_at", "environment_id"}, {"consent", "fetched_at", "environment_id"},
	{"consent", "status_at", "environment_id"}, {"consent", "granted_at", "environment_id"},
	{"consent_read", "at", "(SELECT environment_id FROM consent c WHERE c.id = consent_id)"},
	{"environment", "directory_at", "id"},
}

// clockSlack is how far ahead of the clock a time may lie that was noted by it.
const clockSlack = 5 * time.Minute

// BringBack moves to now what was noted with a clock that ran ahead and was set right
// since, so that it counts as just done: reads, fetches, the bank's word. Reminders
// given ahead of their time come again. Environments with a clock of their own are
// left out.
func (s *Store) BringBack(ctx context.Context, except []string) error {
	now := s.now()
	ahead, at := formatTime(now.Add(clockSlack)), formatTime(now)
	apart, err := json.Marshal(except)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		var err error
		for _, f := range futures {
			_, failed := tx.ExecContext(ctx, fmt.Sprintf(`UPDATE %s SET %s = ? WHERE %[2]s > ? AND %[3]s NOT IN (SELECT value FROM json_each(?))`, f.table, f.column, f.environment), at, ahead, string(apart))
			err = errors.Join(err, failed)
		}
		_, failed := tx.ExecContext(ctx, `DELETE FROM reminder WHERE given_at > ?
			AND (SELECT environment_id FROM consent c WHERE c.id = consent_id) NOT IN (SELECT value FROM json_each(?))`, ahead, string(apart))
		return errors.Join(err, failed)
	})
}
