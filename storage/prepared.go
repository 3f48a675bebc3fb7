package storage

import (
	"context"
	"database/sql"
	"errors"
)

// prepared are the statements of the connection that writes, which are read once: a fetch asks for
// the same with each page, and to read a statement takes as long as to carry it out for some rows.
// They are used in the writer's turn alone.
type prepared struct {
	db    *sql.DB
	kept  map[string]*sql.Stmt
	asked map[string]bool // in the last write, and not kept yet
}

func newPrepared(db *sql.DB) *prepared {
	return &prepared{db: db, kept: map[string]*sql.Stmt{}, asked: map[string]bool{}}
}

// keep prepares what the last write asked for; what cannot be prepared now is asked for again. It
// is used between two writes: within one, the connection is taken.
func (p *prepared) keep(ctx context.Context) {
	for text := range p.asked {
		delete(p.asked, text)
		if one, err := p.db.PrepareContext(ctx, text); err == nil {
			p.kept[text] = one
		}
	}
}

func (p *prepared) close() error {
	var all error
	for _, one := range p.kept {
		all = errors.Join(all, one.Close())
	}
	return all
}

// writeTx is a write: a *sql.Tx, or a [preparedTx].
type writeTx interface {
	querier
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}

// preparedTx is a write of which the statements are kept prepared, so none may be made up of what
// is asked for. They end with the write.
type preparedTx struct {
	*sql.Tx
	*prepared
}

// PrepareContext returns a statement.
func (tx preparedTx) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	if kept := tx.kept[text]; kept != nil {
		return tx.StmtContext(ctx, kept), nil
	}
	tx.asked[text] = true
	return tx.Tx.PrepareContext(ctx, text)
}

// ExecContext carries out a statement.
func (tx preparedTx) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	one, err := tx.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return one.ExecContext(ctx, args...)
}

// QueryContext asks for rows.
func (tx preparedTx) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	one, err := tx.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return one.QueryContext(ctx, args...)
}

// QueryRowContext asks for one row.
func (tx preparedTx) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	one, err := tx.PrepareContext(ctx, text)
	if err != nil {
		return tx.Tx.QueryRowContext(ctx, text, args...) // which tells why
	}
	return one.QueryRowContext(ctx, args...)
}

// rower is a database or a write that is asked for one row.
type rower interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}
