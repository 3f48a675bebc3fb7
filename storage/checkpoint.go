package storage

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// checkpoints puts the write-ahead log into the file beside the writer, while very much is stored.
// By itself SQLite has the writer do that, which takes a tenth of its time and waits for the disk.
// What is left of the log when it is long enough the writer puts there as ever, so that it begins
// anew; that is little then.
type checkpoints struct {
	db *sql.DB // of connections that read

	mu     sync.Mutex // held while one is made
	latest time.Time
	ended  bool
}

// checkpointPause is what lies between two of them at least: some megabytes at full speed.
const checkpointPause = 100 * time.Millisecond

// follow makes a checkpoint in the background where one is due and none is being made. That it could
// not be made does no harm: the writer comes to it.
func (c *checkpoints) follow() {
	if !c.mu.TryLock() {
		return
	}
	if c.ended || time.Since(c.latest) < checkpointPause {
		c.mu.Unlock()
		return
	}
	c.latest = time.Now()
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
