package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
)

// ErrNotWhole is of a database that does not agree with itself.
var ErrNotWhole = errors.New("storage: the database is damaged")

// Schema is the number of the tables that this program knows.
func Schema() (int64, error) { return highestMigration() }

// Whole looks at a database from elsewhere that nobody uses, before it takes the place of another: it belongs to the key,
// this program knows its tables, and it agrees with itself. It is changed in nothing.
func Whole(ctx context.Context, dir string, seal Sealer) error {
	path := filepath.Join(dir, FileName)
	db, err := sql.Open("sqlite", address(path, url.Values{"_pragma": {"query_only(1)", "trusted_schema(0)"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	var said string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", ErrNotWhole, said)
	}
	if there, err := hasTable(ctx, db, "installation"); err != nil || !there {
		return errors.Join(ErrNotWhole, err)
	}
	return errors.Join(inspectTables(ctx, db), inspectKey(ctx, db, seal))
}
