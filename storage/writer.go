package storage

import (
	"context"
	"database/sql"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// writer is the one connection that writes. SQLite lets one write at a time
// and refuses another after a while; here each waits for its turn, the first
// that came first, for as long as its context lets it.
type writer struct {
	db   *sql.DB
	turn *semaphore.Weighted
	bulk *semaphore.Weighted // taken before the turn by what comes in masses

	fault atomic.Value // Fault of the disk at the last write
}

func newWriter(db *sql.DB) *writer {
	db.SetMaxOpenConns(1)
	return &writer{db: db, turn: semaphore.NewWeighted(1), bulk: semaphore.NewWeighted(1)}
}

// inTurn runs f when nobody else writes.
func (w *writer) inTurn(ctx context.Context, f func(db *sql.DB) error) error {
	if err := w.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer w.turn.Release(1)
	err := f(w.db)
	if fault := FaultOf(err); fault != "" || err == nil {
		w.fault.Store(fault)
	}
	return err
}

// Fault is why the disk did not take the last write; "" where it did.
func (s *Store) Fault() Fault {
	fault, _ := s.writer.fault.Load().(Fault)
	return fault
}
