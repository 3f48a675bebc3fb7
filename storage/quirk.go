package storage

import (
	"context"
	"database/sql"
	"time"
)

// QuirkSource is who said something of how a bank does things.
type QuirkSource string

// The sources.
const (
	QuirkByHand    QuirkSource = "hand"
	QuirkByProfile QuirkSource = "profile"
)

// Quirk is what somebody said of how a bank does things. What was learned of it is not stored.
type Quirk struct {
	BIC    string
	Kind   string
	Source QuirkSource
	Value  string // several with a blank between
	Note   string
	File   string // the name of the profile's
	Times  int    // how often it was seen where the profile was made
	ByHand bool   // a person said it, here or there
	At     time.Time
}

// Quirks lists what was said of a bank of an environment, or of all where bic is empty.
func (s *Store) Quirks(ctx context.Context, environmentID, bic string) ([]Quirk, error) {
	return collect(ctx, s.db, func(row scanner) (q Quirk, err error) {
		return q, row.Scan(&q.BIC, &q.Kind, &q.Source, &q.Value, &q.Note, &q.File, &q.Times, &q.ByHand, stamp{&q.At})
	}, `SELECT bic, kind, source, value, note, file, times, by_hand, at FROM quirk
		WHERE environment_id = ?1 AND (?2 = '' OR bic = ?2) ORDER BY bic, kind, source`, environmentID, bic)
}

// PutQuirks keeps what was said of banks of an environment, in the place of what the same source
// said before; all of it or nothing.
func (s *Store) PutQuirks(ctx context.Context, environmentID string, all []Quirk) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, q := range all {
			if _, err := tx.ExecContext(ctx, `INSERT INTO quirk (environment_id, bic, kind, source, value, note, file, times, by_hand, at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (environment_id, bic, kind, source) DO UPDATE SET
				value = excluded.value, note = excluded.note, file = excluded.file, times = excluded.times, by_hand = excluded.by_hand, at = excluded.at`,
				environmentID, q.BIC, q.Kind, q.Source, q.Value, q.Note, q.File, q.Times, q.ByHand, formatTime(s.now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveQuirk removes what a source said of a bank; that it said nothing is no error.
func (s *Store) RemoveQuirk(ctx context.Context, environmentID, bic, kind string, source QuirkSource) error {
	_, err := s.exec(ctx, `DELETE FROM quirk WHERE environment_id = ? AND bic = ? AND kind = ? AND source = ?`, environmentID, bic, kind, source)
	return err
}

// mostMoments bounds the reads whose time is looked up.
const mostMoments = 20_000

// ReadMoments returns when reads under some consents were, by their X-Request-ID and by the clock
// of the bank's environment; of very many the newest.
func (s *Store) ReadMoments(ctx context.Context, consentIDs []string) (map[string]time.Time, error) {
	moments := map[string]time.Time{}
	_, err := collect(ctx, s.db, func(row scanner) (none struct{}, err error) {
		var id string
		var at time.Time
		err = row.Scan(&id, stamp{&at})
		moments[id] = at
		return none, err
	}, `SELECT request_id, at FROM consent_read WHERE consent_id IN (SELECT value FROM json_each(?)) AND request_id <> ''
		ORDER BY id DESC LIMIT ?`, jsonList(consentIDs), mostMoments)
	return moments, err
}
