package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Handmade is a consent or payment that a request sent by hand made at a bank. It is there
// alone: it is none of the person's in this program.
type Handmade struct {
	ID            int64
	Kind          HandmadeKind
	FlowID        string // in which it was asked for
	ExchangeID    int64  // which asked for it; it may be kept no more
	EnvironmentID string
	BIC           string
	BankName      string
	BankID        string // what the bank calls it
	Status        string // as the bank said last
	PerDay        int    // how often a consent may be read without the person, for each account
	MadeAt        time.Time
	OverAt        time.Time // since when the program knows that it is over; zero before
}

// HandmadeKind is what was made.
type HandmadeKind string

// The kinds of what is made by hand.
const (
	HandmadeConsent HandmadeKind = "consent"
	HandmadePayment HandmadeKind = "payment"
)

// Over reports whether the program has seen that it is over at the bank.
func (h Handmade) Over() bool { return !h.OverAt.IsZero() }

const handmadeColumns = `id, kind, flow_id, exchange_id, environment_id, bic, bank_name, bank_id, status, per_day, made_at, over_at`

func readHandmade(row scanner) (Handmade, error) {
	var h Handmade
	err := row.Scan(&h.ID, &h.Kind, &h.FlowID, &h.ExchangeID, &h.EnvironmentID, &h.BIC, &h.BankName, &h.BankID, &h.Status, &h.PerDay, stamp{&h.MadeAt}, stamp{&h.OverAt})
	return h, err
}

// AddHandmade keeps what was made by hand. What is known already stays as it is: a bank may
// answer twice with the same.
func (s *Store) AddHandmade(ctx context.Context, h Handmade) error {
	_, err := s.exec(ctx, `INSERT INTO handmade (kind, flow_id, exchange_id, environment_id, bic, bank_name, bank_id, status, per_day, made_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		h.Kind, h.FlowID, h.ExchangeID, h.EnvironmentID, h.BIC, h.BankName, h.BankID, h.Status, h.PerDay, formatTime(s.now()))
	return err
}

// NoteHandmade notes what a bank said of what was made by hand, and whether that is its end.
func (s *Store) NoteHandmade(ctx context.Context, id int64, status string, over bool) error {
	_, err := s.exec(ctx, `UPDATE handmade SET status = ?2, over_at = CASE WHEN ?3 AND over_at = '' THEN ?4 ELSE over_at END WHERE id = ?1`,
		id, status, over, formatTime(s.now()))
	return err
}

// LeaveHandmade notes that a person has seen to it themself: it is taken for over.
func (s *Store) LeaveHandmade(ctx context.Context, id int64) error {
	_, err := s.exec(ctx, `UPDATE handmade SET over_at = ? WHERE id = ? AND over_at = ''`, formatTime(s.now()), id)
	return err
}

// HandmadeAtBank returns what was made by hand and a bank calls so, or ErrNotFound.
func (s *Store) HandmadeAtBank(ctx context.Context, environmentID, bic string, kind HandmadeKind, bankID string) (Handmade, error) {
	return one(readHandmade, s.db.QueryRowContext(ctx, `SELECT `+handmadeColumns+` FROM handmade WHERE environment_id = ? AND bic = ? AND kind = ? AND bank_id = ?`,
		environmentID, bic, kind, bankID))
}

// HandmadeIn lists what was made by hand in a flow, the latest first.
func (s *Store) HandmadeIn(ctx context.Context, flowID string) ([]Handmade, error) {
	return collect(ctx, s.db, readHandmade, `SELECT `+handmadeColumns+` FROM handmade WHERE flow_id = ? ORDER BY id DESC`, flowID)
}

// HandmadeOpen lists what was made by hand and is not known to be over, the latest first.
func (s *Store) HandmadeOpen(ctx context.Context) ([]Handmade, error) {
	return collect(ctx, s.db, readHandmade, `SELECT `+handmadeColumns+` FROM handmade WHERE over_at = '' ORDER BY id DESC`)
}

// HandmadeRead is a read under a consent made by hand.
type HandmadeRead struct {
	Endpoint  Endpoint
	Account   string // as the bank's address names it; kept as a digest
	Attended  bool
	RequestID string
}

// BeginHandmadeRead enters a read before it is sent, and counts it as BeginRead does: it is
// not entered under a consent that is over (ErrEnd), nor without the person more often in a
// day than the consent says (*QuotaError).
func (s *Store) BeginHandmadeRead(ctx context.Context, id int64, r HandmadeRead) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		h, err := one(readHandmade, tx.QueryRowContext(ctx, `SELECT `+handmadeColumns+` FROM handmade WHERE id = ?`, id))
		if err != nil || h.Over() {
			return errors.Join(err, endIf(h.Over()))
		}
		now, what := s.now(), string(r.Endpoint)+" "+accountDigest(r.Account)
		if !r.Attended {
			if err := checkHandmade(ctx, tx, h, what, now); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO handmade_read (handmade_id, at, what, attended, request_id) VALUES (?, ?, ?, ?, ?)`, id, formatTime(now), what, r.Attended, r.RequestID)
		return err
	})
}

func endIf(over bool) error {
	if over {
		return ErrEnd
	}
	return nil
}

func checkHandmade(ctx context.Context, tx *sql.Tx, h Handmade, what string, now time.Time) error {
	times, err := collect(ctx, tx, func(row scanner) (at time.Time, err error) { return at, row.Scan(stamp{&at}) },
		`SELECT at FROM handmade_read WHERE handmade_id = ? AND attended = 0 AND what = ? AND at > ? ORDER BY at`, h.ID, what, formatTime(now.Add(-QuotaWindow)))
	if err != nil || len(times) < max(h.PerDay, 1) {
		return err
	}
	return &QuotaError{Next: times[len(times)-max(h.PerDay, 1)].Add(QuotaWindow)}
}
