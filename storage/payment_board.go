package storage

import (
	"context"
	"maps"
	"sync"
	"time"
)

// PaymentCursor is a place in a list of payments, the newest first. The zero value is its
// beginning.
type PaymentCursor struct {
	CreatedAt time.Time
	ID        string
}

// paymentCounts are how many payments each group of the board has, as they were counted at a change.
type paymentCounts struct {
	mu      sync.Mutex
	counted bool
	at      int64
	counts  map[string]int
}

// CountPayments counts the payments of each group of the board. They are counted anew after
// something was written.
func (s *Store) CountPayments(ctx context.Context) (map[string]int, error) {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	at := s.Changes() // before what is counted may change
	if s.counts.counted && s.counts.at == at {
		return maps.Clone(s.counts.counts), nil
	}
	counts, err := s.countPayments(ctx)
	if err == nil {
		s.counts.counted, s.counts.at, s.counts.counts = true, at, maps.Clone(counts)
	}
	return counts, err
}

func (s *Store) countPayments(ctx context.Context) (map[string]int, error) {
	type count struct {
		group string
		n     int
	}
	all, err := collect(ctx, s.db, func(row scanner) (count, error) {
		var c count
		err := row.Scan(&c.group, &c.n)
		return c, err
	}, `SELECT board, count(*) FROM payment GROUP BY board`)
	counts := map[string]int{}
	for _, c := range all {
		counts[c.group] = c.n
	}
	return counts, err
}

// PaymentsOf lists the payments of a group of the board after a cursor, the newest first.
func (s *Store) PaymentsOf(ctx context.Context, group string, after PaymentCursor, limit int) ([]Payment, error) {
	if after == (PaymentCursor{}) {
		return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment WHERE board = ? ORDER BY created_at DESC, id DESC LIMIT ?`, group, limit)
	}
	return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment WHERE board = ? AND (created_at, id) < (?, ?)
		ORDER BY created_at DESC, id DESC LIMIT ?`, group, formatTime(after.CreatedAt), after.ID, limit)
}
