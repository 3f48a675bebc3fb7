package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"time"
)

// Order is the order in which all transactions that are looked for are read.
type Order bool

// The orders. What bears no date and is pending is newer than all, what was booked without one
// older than all.
const (
	NewestFirst Order = false
	OldestFirst Order = true
)

// All reads all transactions that are looked for, one by one. It holds a few thousand at a time:
// the next are read while those are made use of. Raw, FirstSeenAt and ChangedAt are read only where
// they are wanted whole. After an error nothing more comes. Who reads more than this of one moment does
// it within a Snapshot.
func (s *Store) All(ctx context.Context, f Find, order Order, whole bool) iter.Seq2[Transaction, error] {
	return func(yield func(Transaction, error) bool) {
		low, high := f.ids(0)
		if high <= low || f.noAmount() {
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		r := rowReader{store: s, find: f, whole: whole, chunks: make(chan []Transaction, 1), used: make(chan []Transaction, 3)}
		go func() {
			defer close(r.chunks)
			r.err = r.read(ctx, order, low, high)
		}()
		defer func() {
			cancel()
			for range r.chunks { // the reader is done with the connection after its last
			}
		}()
		for chunk := range r.chunks {
			for _, t := range chunk {
				if !yield(t, nil) {
					return
				}
			}
			r.used <- chunk
		}
		if r.err != nil {
			yield(Transaction{}, r.err)
		}
	}
}

// rowReader reads transactions ahead of who makes use of them.
type rowReader struct {
	store    *Store
	find     Find
	whole    bool
	accounts map[int64]Account

	chunks chan []Transaction
	used   chan []Transaction // to be filled again; it takes as many as there are
	err    error              // of the reading; to be asked when chunks are closed
}

// chunkSize is how many transactions are handed over at a time.
const chunkSize = 1000

// query is what is asked for the rows, and with what.
func (r *rowReader) query(ctx context.Context, order Order, low, high int64) (string, []any, error) {
	fields := packedFields
	if r.whole {
		fields += `, e.first_seen_at, e.changed_at, e.raw`
	}
	match, err := r.store.match(ctx, r.find)
	if err != nil {
		return "", nil, err
	}
	from, args := ` FROM entry e LEFT JOIN note n ON n.entry_id = e.id WHERE e.id > ? AND e.id < ? ORDER BY e.id`, []any{low, high}
	if match != "" {
		from, args = ` FROM entry_text t CROSS JOIN entry e ON e.id = t.rowid LEFT JOIN note n ON n.entry_id = e.id WHERE t.entry_text MATCH ? AND t.rowid > ? AND t.rowid < ? ORDER BY t.rowid`, []any{match, low, high}
	}
	if order == NewestFirst {
		from += ` DESC`
	}
	return `SELECT concat_ws(char(31), ` + fields + `)` + from, args, nil
}

func (r *rowReader) read(ctx context.Context, order Order, low, high int64) error {
	accounts, err := collect(ctx, r.store.db, readAccount, `SELECT `+accountColumns+` FROM account a`)
	if err != nil {
		return err
	}
	r.accounts = map[int64]Account{}
	for _, account := range accounts {
		r.accounts[account.ID] = account
	}
	query, args, err := r.query(ctx, order, low, high)
	if err != nil {
		return err
	}
	rows, err := r.store.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	return r.readRows(ctx, rows)
}

func (r *rowReader) readRows(ctx context.Context, rows *sql.Rows) error {
	var chunk []Transaction
	hand := func() error {
		select {
		case r.chunks <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case chunk = <-r.used:
			chunk = chunk[:0]
		default:
			chunk = make([]Transaction, 0, chunkSize)
		}
		return nil
	}
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return err
		}
		t, err := r.unpack(ctx, row)
		if err != nil {
			return err
		}
		account, is := r.accounts[t.AccountID]
		if !is || !r.find.fits(t.AccountID, t.Transaction) || !r.find.namesFit(t) { // it is being erased, or nothing that is looked for
			continue
		}
		t.AccountName, t.BankName, t.EnvironmentID, t.BIC = account.Name, account.BankName, account.EnvironmentID, account.BIC
		if chunk = append(chunk, t); len(chunk) == chunkSize {
			if err := hand(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return hand()
}

// unpack reads a row.
func (r *rowReader) unpack(ctx context.Context, row string) (Transaction, error) {
	var t Transaction
	var firstSeen, changed, raw string
	more := []*string{&firstSeen, &changed, &raw}
	if !r.whole {
		more = nil
	}
	torn, err := t.unpack(row, more...)
	switch {
	case err != nil:
		return t, err
	case torn:
		return r.field(ctx, t.ID)
	case r.whole:
		t.Raw = json.RawMessage(raw)
	}
	return t, errors.Join(stamp{&t.FirstSeenAt}.scan(firstSeen), stamp{&t.ChangedAt}.scan(changed))
}

// field reads a row field by field.
func (r *rowReader) field(ctx context.Context, id int64) (Transaction, error) {
	t, err := one(readTransaction, r.store.db.QueryRowContext(ctx, `SELECT `+entryFields+`, '', '', '', '' FROM entry e`+withOwn+` WHERE e.id = ?`, id))
	if !r.whole {
		t.Raw, t.FirstSeenAt, t.ChangedAt = nil, time.Time{}, time.Time{}
	}
	t.New = false // as of those that are read as one text
	return t, err
}
