package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// mostRounds is how many rounds are kept: the last ones.
const mostRounds = 20

// RenewalRound is a walk through consents that have to be renewed, one after the other.
type RenewalRound struct {
	ID      string
	BegunAt time.Time
	EndedAt time.Time // the person ended it, or began another after its end; zero: neither
	Turns   []RenewalTurn
}

// RenewalTurn is a consent's turn in a round. What became of it is read from the consents, but for this.
type RenewalTurn struct {
	ConsentID string
	AskedID   string    // the consent that was asked for in its place; may be empty
	Reason    Reason    // why the bank was asked in vain the last time; none where it was not
	PassedAt  time.Time // when the person went on without it; zero: they did not
}

// BeginRound begins a round of consents in their order, or adds those to the one under way that it does
// not have yet. The caller says which they know to be under way, "" for none, and whether it is over. It
// returns the round's id: that of another, where one began meanwhile.
func (s *Store) BeginRound(ctx context.Context, known string, over bool, id string, consents []string) (string, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		latest, err := one(func(row scanner) (id string, err error) { return id, row.Scan(&id) },
			tx.QueryRowContext(ctx, `SELECT id FROM renewal_round WHERE ended_at = '' ORDER BY begun_at DESC, id LIMIT 1`))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if latest != "" && (latest != known || !over) {
			id = latest
		} else if err := s.addRound(ctx, tx, id); err != nil {
			return err
		}
		return addTurns(ctx, tx, id, consents)
	})
	return id, err
}

// addRound ends the round before and begins another.
func (s *Store) addRound(ctx context.Context, tx *sql.Tx, id string) error {
	now := formatTime(s.now())
	if _, err := tx.ExecContext(ctx, `UPDATE renewal_round SET ended_at = ? WHERE ended_at = ''`, now); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO renewal_round (id, begun_at) VALUES (?, ?)`, id, now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM renewal_round WHERE id NOT IN (SELECT id FROM renewal_round ORDER BY begun_at DESC, id = ? DESC LIMIT ?)`, id, mostRounds)
	return err
}

// addTurns adds the turns of those consents that a round does not have.
func addTurns(ctx context.Context, tx *sql.Tx, id string, consents []string) error {
	for _, consent := range consents {
		if _, err := tx.ExecContext(ctx, `INSERT INTO renewal_turn (round_id, place, consent_id)
			SELECT ?1, coalesce((SELECT max(place) + 1 FROM renewal_turn WHERE round_id = ?1), 0), ?2
			WHERE NOT EXISTS (SELECT 1 FROM renewal_turn WHERE round_id = ?1 AND consent_id = ?2)`, id, consent); err != nil {
			return err
		}
	}
	return nil
}

// Round returns a round, or ErrNotFound.
func (s *Store) Round(ctx context.Context, id string) (RenewalRound, error) {
	return s.round(ctx, `id = ?`, id)
}

// RoundUnderWay returns the round that was not ended, or ErrNotFound.
func (s *Store) RoundUnderWay(ctx context.Context) (RenewalRound, error) {
	return s.round(ctx, `ended_at = '' ORDER BY begun_at DESC, id LIMIT 1`)
}

func (s *Store) round(ctx context.Context, where string, args ...any) (RenewalRound, error) {
	r, err := one(func(row scanner) (r RenewalRound, err error) {
		return r, row.Scan(&r.ID, stamp{&r.BegunAt}, stamp{&r.EndedAt})
	}, s.db.QueryRowContext(ctx, `SELECT id, begun_at, ended_at FROM renewal_round WHERE `+where, args...))
	if err != nil {
		return r, err
	}
	r.Turns, err = collect(ctx, s.db, func(row scanner) (t RenewalTurn, err error) {
		return t, row.Scan(&t.ConsentID, &t.AskedID, &t.Reason, stamp{&t.PassedAt})
	}, `SELECT consent_id, asked_id, reason, passed_at FROM renewal_turn WHERE round_id = ? ORDER BY place`, r.ID)
	return r, err
}

// PassTurn notes that the person goes on without renewing a consent. That they did so before stays.
func (s *Store) PassTurn(ctx context.Context, roundID, consentID string) error {
	_, err := s.exec(ctx, `UPDATE renewal_turn SET passed_at = ? WHERE round_id = ? AND consent_id = ? AND passed_at = ''`,
		formatTime(s.now()), roundID, consentID)
	return err
}

// SetTurnAsked notes what came of asking for a consent in another's place, in the round under way: the
// consent that was asked for, or why there is none. The person is at it again, had they passed it.
func (s *Store) SetTurnAsked(ctx context.Context, consentID, askedID string, reason Reason) error {
	_, err := s.exec(ctx, `UPDATE renewal_turn SET asked_id = ?, reason = ?, passed_at = '' WHERE consent_id = ?
		AND round_id IN (SELECT id FROM renewal_round WHERE ended_at = '')`, askedID, reason, consentID)
	return err
}

// EndRound ends a round. One that has ended stays as it is.
func (s *Store) EndRound(ctx context.Context, id string) error {
	_, err := s.exec(ctx, `UPDATE renewal_round SET ended_at = ? WHERE id = ? AND ended_at = ''`, formatTime(s.now()), id)
	return err
}
