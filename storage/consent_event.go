package storage

import (
	"context"
	"database/sql"
	"time"

	"consentry/xs2a"
)

// Source tells who a change of a consent comes from.
type Source string

// The sources of changes.
const (
	FromBank   Source = "bank"
	FromPerson Source = "person"
	FromTime   Source = "time"
	// FromProgram is for what the program found out, or could not do.
	FromProgram Source = "program"
)

// ConsentEvent is a line of a consent's history.
type ConsentEvent struct {
	At     time.Time
	Source Source
	Status xs2a.ConsentStatus // the bank's word at that moment
	Note   string             // what happened, for people
}

// ConsentEvents gives a consent's history, the latest first.
func (s *Store) ConsentEvents(ctx context.Context, consentID string) ([]ConsentEvent, error) {
	return collect(ctx, s.db, func(row scanner) (ConsentEvent, error) {
		var e ConsentEvent
		err := row.Scan(stamp{&e.At}, &e.Source, &e.Status, &e.Note)
		return e, err
	}, `SELECT at, source, status, note FROM consent_event WHERE consent_id = ? ORDER BY id DESC`, consentID)
}

// AddConsentEventOnce adds a line to a consent's history that changes nothing
// else, unless it stands there already.
func (s *Store) AddConsentEventOnce(ctx context.Context, id string, source Source, note string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		var told bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM consent_event WHERE consent_id = ? AND note = ?)`, id, note).Scan(&told); err != nil || told {
			return err
		}
		return s.addEvent(ctx, tx, id, source, c.Status, note)
	})
}

func (s *Store) addEvent(ctx context.Context, tx *sql.Tx, consentID string, source Source, status xs2a.ConsentStatus, note string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO consent_event (consent_id, at, source, status, note) VALUES (?, ?, ?, ?, ?)`,
		consentID, formatTime(s.now()), source, status, note)
	return err
}
