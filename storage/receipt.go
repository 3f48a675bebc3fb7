package storage

import "context"

// ReadSum sums up what a consent was used for.
type ReadSum struct{ Attended, Unattended int } // reads of account data, with and without the person

// SumReads counts the reads of account data under a consent.
func (s *Store) SumReads(ctx context.Context, consentID string) (ReadSum, error) {
	return one(func(row scanner) (ReadSum, error) {
		var sum ReadSum
		err := row.Scan(&sum.Attended, &sum.Unattended)
		return sum, err
	}, s.db.QueryRowContext(ctx, `SELECT coalesce(sum(attended), 0), coalesce(sum(NOT attended), 0) FROM consent_read
		WHERE consent_id = ? AND endpoint <> ?`, consentID, ReadConsent))
}
