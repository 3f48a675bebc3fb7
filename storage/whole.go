package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
)

// ErrNotWhole is of a database that does not agree with itself, or lacks what its schema has.
var ErrNotWhole = errors.New("storage: the database is damaged")

// Schema is the number of the tables that this program knows.
func Schema() (int64, error) { return highestMigration() }

// Whole looks at a database from elsewhere that nobody uses, before it takes the place of another: it belongs to the key,
// this program knows its tables, none of them is missing, and it agrees with itself. It is changed in nothing.
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
	if err := errors.Join(inspectTables(ctx, db), inspectKey(ctx, db, seal)); err != nil {
		return err
	}
	return lacksNothing(ctx, db, dir)
}

// lacksNothing holds the database against one that is made empty, beside it, and brought to the same schema: where a
// table, a column, an index or a trigger is missing it could not be brought up to date, or would fail later. What it has
// beyond that is let be.
func lacksNothing(ctx context.Context, db *sql.DB, dir string) (err error) {
	schema, err := schemaOf(ctx, db)
	if err != nil || schema < 1 {
		return errors.Join(ErrNotWhole, err)
	}
	beside, err := os.MkdirTemp(dir, "tables-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(beside)) }()
	empty, err := sql.Open("sqlite", address(filepath.Join(beside, FileName), url.Values{"_pragma": {"journal_mode(MEMORY)", "synchronous(OFF)"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, empty.Close()) }()
	changes, err := tableChanges(empty, &cleaning{}, func(Progress) {})
	if err != nil {
		return err
	}
	if _, err := changes.UpTo(ctx, schema); err != nil {
		return err
	}
	wanted, err := parts(ctx, empty)
	if err != nil {
		return err
	}
	has, err := parts(ctx, db)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	slices.Sort(has) // there may be any number
	for _, part := range wanted {
		if _, found := slices.BinarySearch(has, part); !found {
			return fmt.Errorf("%w: it has no %s", ErrNotWhole, part)
		}
	}
	return nil
}

// parts lists what a database is made of: "table account", "column account.iban".
func parts(ctx context.Context, db *sql.DB) ([]string, error) {
	return collect(ctx, db, func(row scanner) (part string, err error) {
		err = row.Scan(&part)
		return part, err
	}, `
		SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'
		UNION ALL
		SELECT 'column ' || s.name || '.' || c.name FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) c
		WHERE s.type = 'table' AND s.name NOT GLOB 'sqlite_*'`)
}
