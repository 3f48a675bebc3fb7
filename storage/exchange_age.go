package storage

import "context"

// DropOldExchanges drops the exchanges that are older than they are kept. How old
// they are this machine's clock says: whoever calls this knows that it is right.
func (s *Store) DropOldExchanges(ctx context.Context) error {
	_, err := s.exec(ctx, `DELETE FROM exchange WHERE started_at < ?`, formatTime(s.now().Add(-exchangeAge)))
	return err
}
