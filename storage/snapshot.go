package storage

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// mostSnapshots bounds the connections that are held for long: enough are left for what people
// look at meanwhile.
const mostSnapshots = 3

// newSnapshots is the turn that who holds a snapshot waits for.
func newSnapshots() *semaphore.Weighted { return semaphore.NewWeighted(mostSnapshots) }

// Snapshot runs f with the store as it is at one moment: whatever f reads through it is of that
// moment, however long it takes. Nothing is written through it. It waits for its turn as long as
// the context lets it; f reads one thing after the other, or closes what it reads in the background.
func (s *Store) Snapshot(ctx context.Context, f func(at *Store) error) error {
	if err := s.snapshots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.snapshots.Release(1)
	tx, err := s.db.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // it only reads
	at := *s
	at.db = &readers{tx: tx}
	return f(&at)
}
