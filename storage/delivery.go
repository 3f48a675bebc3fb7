package storage

import (
	"context"
	"time"
)

// deliver notes with which exchanges came what a write adds to an account.
func deliver(ctx context.Context, tx writeTx, account int64, at time.Time, requestIDs []string) error {
	for _, id := range requestIDs {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO delivery (account_id, at, request_id) VALUES (?, ?, ?)`, account, formatTime(at), id); err != nil {
			return err
		}
	}
	return nil
}

// Deliveries lists the exchanges with one of which a transaction came, as far as they are on
// record: several where it stood on a page next to others that were written with it. None is listed of
// one that came longer ago than exchanges are kept, or with a file.
func (s *Store) Deliveries(ctx context.Context, of Transaction) ([]Exchange, error) {
	return collect(ctx, s.db, readExchange, `SELECT `+exchangeColumns+` FROM exchange WHERE status BETWEEN 200 AND 299
		AND request_id IN (SELECT request_id FROM delivery WHERE account_id = ? AND at = ?) ORDER BY id`, of.AccountID, formatTime(of.FirstSeenAt))
}
