package storage

import (
	"context"
	"errors"

	"modernc.org/sqlite"

	"consentry/storage/folder"
)

// copyPages is how many pages are copied before it is looked whether somebody still waits for the copy.
const copyPages = 1024

// CopyTo copies the database as it is at one moment into a file that is not there yet, page by page: rows keep the order
// in which those without a number of their own were made. at is called at that moment, for what else is to be of it. What
// is written meanwhile waits for nothing.
func (s *Store) CopyTo(ctx context.Context, path string, at func() error) error {
	if err := s.snapshots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.snapshots.Release(1)
	conn, err := s.db.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // it only reads
	var tables int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil { // the moment
		return err
	}
	if err := errors.Join(at(), folder.Create(path)); err != nil {
		return err
	}
	return conn.Raw(func(driver any) error { return copyInto(ctx, driver, path) })
}

func copyInto(ctx context.Context, driver any, path string) error {
	source, known := driver.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	if !known {
		return errors.New("storage: the database's driver makes no copies")
	}
	copying, err := source.NewBackup(address(path, nil))
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if err = ctx.Err(); err == nil {
			more, err = copying.Step(copyPages)
		}
	}
	return errors.Join(err, copying.Finish())
}
