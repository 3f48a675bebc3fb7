package storage

import (
	"context"
	"database/sql"
	"sync"
)

// checkpoints puts the write-ahead log into the file beside the writer, while very much is stored.
// By itself SQLite has the writer do that, which takes a tenth of its time and waits for the disk.
// What is left of the log when it is long enough the writer puts there as ever, so that it begins
// anew; that is little then.
type checkpoints struct {
	db *sql.DB // of connections that read

	mu    sync.Mutex // held while one is made
	rows  int        // transactions since the last
	ended bool
}

// checkpointRows are how many transactions are written between two of them: some megabytes of the log.
const checkpointRows = 2_000

// follow notes that transactions were written, and makes a checkpoint in the background where one is
// due; not while one is being made. That it could not be made does no harm: the writer comes to it.
func (c *checkpoints) follow(rows int) {
	if !c.mu.TryLock() {
		return
	}
	if c.rows += rows; c.ended || c.rows < checkpointRows {
		c.mu.Unlock()
		return
	}
	c.rows = 0
	go func() {
		defer c.mu.Unlock()
		_, _ = c.db.ExecContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`)
	}()
}

// end waits for the one that is being made; none is made after it.
func (c *checkpoints) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
}
