package storage

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// writer is the one connection that writes. SQLite lets one write at a time
// and refuses another after a while; here each waits for its turn, the first
// that came first, for as long as its context lets it.
type writer struct {
	db   *sql.DB
	turn *semaphore.Weighted
	bulk *semaphore.Weighted // taken before the turn by what comes in masses

	prepared *prepared

	fault  atomic.Value // Fault of the disk at the last write
	locked atomic.Int64 // how often somebody else had the file, which nobody of this program does
}

// foreignWait is how long a write waits for another program that has the file, such
// as one that makes a copy of it: longer than SQLite would, and not for ever.
const foreignWait = 30 * time.Second

func newWriter(db *sql.DB) *writer {
	db.SetMaxOpenConns(1)
	return &writer{db: db, turn: semaphore.NewWeighted(1), bulk: semaphore.NewWeighted(1), prepared: newPrepared(db)}
}

func (w *writer) close() error { return errors.Join(w.prepared.close(), w.db.Close()) }

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

// write runs f in one transaction when nobody else writes.
func (w *writer) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	return w.inTurn(ctx, func(*sql.DB) error {
		w.prepared.keep(ctx)
		tx, err := w.begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback() // after a commit this does nothing
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// begin begins a transaction that has the file for itself from its first moment
// (BEGIN IMMEDIATE): neither a statement in it nor its commit can find it locked.
func (w *writer) begin(ctx context.Context) (*sql.Tx, error) {
	for deadline := time.Now().Add(foreignWait); ; {
		tx, err := w.db.BeginTx(ctx, nil)
		if !isLocked(err) {
			return tx, err
		}
		w.locked.Add(1)
		if ctx.Err() != nil || time.Now().After(deadline) {
			return nil, err
		}
	}
}

// isLocked reports whether somebody else has the file.
func isLocked(err error) bool {
	var refused *sqlite.Error
	return errors.As(err, &refused) && refused.Code()&0xff == sqlite3.SQLITE_BUSY
}
