package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
)

// readers is the pool of connections that read. What was asked once is kept prepared: to read
// the text of a statement takes longer than to carry out most of them.
type readers struct {
	db *sql.DB
	tx *sql.Tx // all is read through it; nil: of the pool

	mu       sync.Mutex
	prepared map[string]*sql.Stmt
}

// mostPrepared bounds the statements that are kept. There are fewer, but for those whose text
// depends on what is asked for.
const mostPrepared = 400

func newReaders(db *sql.DB) *readers { return &readers{db: db, prepared: map[string]*sql.Stmt{}} }

// statement returns a prepared statement; nil where it is to be asked for by its text.
func (r *readers) statement(ctx context.Context, query string) *sql.Stmt {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.prepared[query]
	if known != nil || len(r.prepared) >= mostPrepared {
		return known
	}
	// SQLite plans by a limit that is bound, and so reads the statement anew each time one is: that takes
	// a third of the time of a page's rows. It does not look into a sum.
	prepared, err := r.db.PrepareContext(ctx, strings.ReplaceAll(query, "LIMIT ?", "LIMIT 0 + ?"))
	if err != nil {
		return nil // to ask by its text tells why
	}
	r.prepared[query] = prepared
	return prepared
}

// QueryContext asks for rows. What has begun is read to its end, as all that is asked here is
// bounded: for each statement that may be broken off the driver and database/sql let something
// wait for that beside it, which takes as long as a short one.
func (r *readers) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if r.tx != nil { // all that is stored may be read there
		return r.tx.QueryContext(ctx, query, args...)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if prepared := r.statement(ctx, query); prepared != nil {
		return prepared.QueryContext(ctx, args...)
	}
	return r.db.QueryContext(ctx, query, args...)
}

// QueryRowContext asks for one row, as QueryContext does.
func (r *readers) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if r.tx != nil {
		return r.tx.QueryRowContext(ctx, query, args...)
	}
	if ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	if prepared := r.statement(ctx, query); prepared != nil {
		return prepared.QueryRowContext(ctx, args...)
	}
	return r.db.QueryRowContext(ctx, query, args...)
}

// Close closes the connections. What is being read is read to its end.
func (r *readers) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all error
	for _, prepared := range r.prepared {
		all = errors.Join(all, prepared.Close())
	}
	return errors.Join(all, r.db.Close())
}
