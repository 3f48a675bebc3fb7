package storage

import (
	"context"
)

// ReportHabits are what reads have shown of how a bank reports transactions.
type ReportHabits struct {
	Accept    string // the media types it has; empty: JSON
	Apart     bool   // booked and pending transactions are asked for one after the other
	NoPending bool   // it has no pending ones
	Delta     Delta  // in which way it tells what is new alone
}

// ReportHabits returns the habits that reads have shown of a bank; ErrNotFound says that
// it was never read.
func (s *Store) ReportHabits(ctx context.Context, environmentID, bic string) (ReportHabits, error) {
	return one(func(row scanner) (h ReportHabits, err error) {
		return h, row.Scan(&h.Accept, &h.Apart, &h.NoPending, &h.Delta)
	}, s.db.QueryRowContext(ctx, `SELECT accept, apart, no_pending, delta FROM report_habit WHERE environment_id = ? AND bic = ?`, environmentID, bic))
}

// SetReportHabits keeps the habits of a bank.
func (s *Store) SetReportHabits(ctx context.Context, environmentID, bic string, h ReportHabits) error {
	_, err := s.exec(ctx, `INSERT INTO report_habit (environment_id, bic, accept, apart, no_pending, delta) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (environment_id, bic) DO UPDATE SET accept = excluded.accept, apart = excluded.apart, no_pending = excluded.no_pending, delta = excluded.delta`,
		environmentID, bic, h.Accept, h.Apart, h.NoPending, h.Delta)
	return err
}
