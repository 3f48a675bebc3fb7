package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// ErrForeignKey is returned by Open when the database was made with another key:
// what is sealed in it would not open. Nothing was changed.
var ErrForeignKey = errors.New("the key does not belong to this database")

// NewerError is returned by Open when a newer program has changed the database.
// Nothing was changed.
type NewerError struct {
	By            string // the version of the program that used it last; empty where it does not say
	Schema, Known int64  // its number of the tables, and the highest this program knows
}

func (e *NewerError) Error() string {
	by := e.By
	if by == "" {
		by = "a newer version"
	}
	return fmt.Sprintf("the database belongs to Consentry %s (tables %d, this program knows %d)", by, e.Schema, e.Known)
}

// Version is the version of the program, as the database notes it.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

// keyContext binds the value a key is known by to its place.
const keyContext = "installation.key_check"

// inspect looks at a database before anything in it is changed: whether this
// program knows its tables, and whether the key is its own. One that is not there
// yet, or empty, is fine.
func inspect(ctx context.Context, file string, seal Sealer) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", address(file, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(1)"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	return errors.Join(inspectTables(ctx, db), inspectKey(ctx, db, seal))
}

func inspectTables(ctx context.Context, db *sql.DB) error {
	if there, err := hasTable(ctx, db, "goose_db_version"); err != nil || !there {
		return err
	}
	schema, err := schemaOf(ctx, db)
	if err != nil {
		return err
	}
	known, err := highestMigration()
	if err != nil || schema <= known {
		return err
	}
	newer := &NewerError{Schema: schema, Known: known}
	// Whatever else has changed, an older program looks for its name here.
	if err := db.QueryRowContext(ctx, `SELECT opened_by FROM installation`).Scan(&newer.By); err != nil {
		newer.By = ""
	}
	return newer
}

// inspectKey tries the key at the value that was sealed for this. A database of
// before has none, but secrets of environments wherever there is anything sealed.
func inspectKey(ctx context.Context, db *sql.DB, seal Sealer) error {
	var place string
	var sealed []byte
	for _, try := range []struct {
		table, query string
		context      func(place string) string
	}{
		{"installation", `SELECT '', key_check_sealed FROM installation`, func(string) string { return keyContext }},
		{"environment", `SELECT id, secrets_sealed FROM environment LIMIT 1`, secretContext},
	} {
		there, err := hasTable(ctx, db, try.table)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		err = db.QueryRowContext(ctx, try.query).Scan(&place, &sealed)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := seal.Open(try.context(place), sealed); err != nil {
			return fmt.Errorf("%w: %w", ErrForeignKey, err)
		}
		return nil
	}
	return nil
}

// schemaOf is the number of the last change of the tables that a database has had.
func schemaOf(ctx context.Context, db rower) (schema int64, err error) {
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&schema)
	return schema, err
}

func hasTable(ctx context.Context, db *sql.DB, name string) (there bool, err error) {
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)`, name).Scan(&there)
	return there, err
}

// highestMigration is the number of the last change of the tables this program knows.
func highestMigration() (highest int64, err error) {
	highest = max(cleaningVersion, carryingVersion, countingVersion, codingVersion)
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, file := range files {
		number, _, _ := strings.Cut(path.Base(file), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, err
		}
		highest = max(highest, n)
	}
	return highest, err
}

// noteInstallation keeps which key and which program the database belongs to.
func (s *Store) noteInstallation(ctx context.Context) error {
	_, err := s.exec(ctx, `INSERT INTO installation (id, key_check_sealed, opened_by, seen_at) VALUES (1, ?, ?, '')
		ON CONFLICT (id) DO UPDATE SET opened_by = excluded.opened_by WHERE opened_by <> excluded.opened_by`,
		s.seal.Seal(keyContext, []byte(keyContext)), Version())
	return err
}

// Seen is the time of this machine's clock that NoteSeen noted last; zero before
// the first.
func (s *Store) Seen(ctx context.Context) (at time.Time, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT seen_at FROM installation`).Scan(stamp{&at})
	return at, err
}

// NoteSeen keeps what time it is by this machine's clock.
func (s *Store) NoteSeen(ctx context.Context) error {
	_, err := s.exec(ctx, `UPDATE installation SET seen_at = ?`, formatTime(s.now()))
	return err
}
