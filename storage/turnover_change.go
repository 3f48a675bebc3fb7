package storage

import "context"

// noteChange counts that a write changed what counterparties add up to.
func (all turnovers) noteChange(ctx context.Context, tx writeTx) error {
	if len(all) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE turnover_change SET changes = changes + 1`)
	return err
}

// TurnoverChanges is another number after each change of what counterparties add up to, so that what is found in it
// can be kept until then, also while much else is written.
func (s *Store) TurnoverChanges(ctx context.Context) (int64, error) {
	return s.turned.of(s, func() (int64, error) {
		return one(readID, s.db.QueryRowContext(ctx, `SELECT changes FROM turnover_change`))
	})
}
