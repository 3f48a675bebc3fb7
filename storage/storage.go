// Package storage keeps what the program knows in one SQLite file.
//
// One noun, one file: plain SQL beside the function that runs it. Returned
// values belong to the caller. Every write is one transaction, and what a
// person would see half-done otherwise is written in one, so the file is
// consistent after any crash. Secrets are sealed before they reach the file.
package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"golang.org/x/sync/semaphore"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"consentry/storage/folder"
)

// ErrNotFound is returned when what was asked for is not there.
var ErrNotFound = errors.New("storage: not found")

// ErrInUse is returned when another running program has the data directory open.
var ErrInUse = folder.ErrInUse

// FileName is the database's name in the data directory.
const FileName = folder.Database

// Sealer encrypts what must not stand readable in the file. The context binds
// a ciphertext to its place: it opens nowhere else.
type Sealer interface {
	Seal(context string, plain []byte) []byte
	Open(context string, sealed []byte) ([]byte, error)
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db          *readers
	writer      *writer // the one connection that writes
	checkpoints *checkpoints
	lock        *flock.Flock // one program at a time; the system frees it with the process
	seal        Sealer
	now         func() time.Time

	snapshots *semaphore.Weighted

	changes *changes
	said    *said
	removed *removedFlows
	counts  *paymentCounts

	settings     *kept[map[string]string]
	environments *kept[[]openEnvironment]
	ownNames     *kept[[]OwnName]
	plain, whole *kept[[]Account] // PlainAccounts and Accounts
	tags         *kept[[]Tag]
	searches     *kept[[]SavedSearch]
	alertRules   *kept[[]AlertRule]
	alerts       *kept[[]Alert]
	codes        *kept[[]BankCode]
	places       *kept[map[Listing][]Place]
	erasing      *kept[[]int64]          // accounts that are being erased
	account      *keptOf[int64, Account] // each with all that is kept beside it
	booked       *keptOf[int64, int]     // how many transactions of an account are
	turned       *kept[int64]            // TurnoverChanges
	beginnings   *keptOf[string, []string]

	scrubFor time.Duration // how long a scrub waits for readers
}

// pragmas: the write-ahead log lets readers go on during a write; FULL would
// add a flush per commit that a crash of the program alone does not need; the
// log is put into the file every 16 MB, since pages that are written again and
// again while very much is stored are then put there once;
// secure_delete overwrites what is deleted.
var pragmas = []string{
	"journal_mode(WAL)", "wal_autocheckpoint(4000)", "busy_timeout(5000)", "foreign_keys(1)", "synchronous(NORMAL)", "secure_delete(1)",
}

//go:embed migrations/*.sql
var migrations embed.FS

// Open opens the database in the directory, makes both where they are
// missing, and brings the schema up to date. What it makes is closed to others,
// see [folder.Prepare]. A database that belongs to another key (ErrForeignKey) or
// to a newer program (*NewerError) is refused before anything in it is changed.
func Open(ctx context.Context, dir string, seal Sealer, now func() time.Time) (*Store, error) {
	return OpenTelling(ctx, dir, seal, now, func(Progress) {})
}

// OpenTelling is Open, and tells how far it is with a database of before that takes long to
// bring up to date.
func OpenTelling(ctx context.Context, dir string, seal Sealer, now func() time.Time, tell func(Progress)) (*Store, error) {
	if err := folder.Prepare(dir); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, folder.Lock))
	if locked, err := lock.TryLock(); err != nil {
		return nil, err
	} else if !locked {
		return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
	}
	s, err := openFile(ctx, filepath.Join(dir, FileName), seal, now, tell)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s.lock = lock
	return s, nil
}

func openFile(ctx context.Context, path string, seal Sealer, now func() time.Time, tell func(Progress)) (*Store, error) {
	if err := inspect(ctx, path, seal); err != nil {
		return nil, err
	}
	if err := folder.Create(path); err != nil { // SQLite gives its other files the mode of this one
		return nil, err
	}
	writer, err := openWriter(ctx, path, tell)
	if err != nil {
		return nil, err
	}
	readers, err := openReaders(path)
	if err != nil {
		return nil, errors.Join(err, writer.db.Close())
	}
	s := newStore(readers, writer, seal, now)
	if err := s.noteInstallation(ctx); err != nil {
		return nil, errors.Join(err, readers.Close(), writer.db.Close())
	}
	return s, nil
}

func newStore(readers *sql.DB, writer *writer, seal Sealer, now func() time.Time) *Store {
	return &Store{
		db: newReaders(readers), writer: writer, checkpoints: &checkpoints{db: readers}, snapshots: newSnapshots(), seal: seal, now: now,
		changes: &changes{}, said: &said{}, removed: &removedFlows{}, counts: &paymentCounts{}, scrubFor: scrubWait,
		settings: &kept[map[string]string]{}, environments: &kept[[]openEnvironment]{}, ownNames: &kept[[]OwnName]{},
		plain: &kept[[]Account]{}, whole: &kept[[]Account]{}, tags: &kept[[]Tag]{}, searches: &kept[[]SavedSearch]{}, alertRules: &kept[[]AlertRule]{}, alerts: &kept[[]Alert]{}, codes: &kept[[]BankCode]{},
		places: &kept[map[Listing][]Place]{}, erasing: &kept[[]int64]{}, account: &keptOf[int64, Account]{}, booked: &keptOf[int64, int]{}, turned: &kept[int64]{}, beginnings: &keptOf[string, []string]{},
	}
}

func openWriter(ctx context.Context, path string, tell func(Progress)) (*writer, error) {
	db, err := sql.Open("sqlite", address(path, url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}))
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db, tell); err != nil {
		db.Close()
		return nil, fmt.Errorf("storage: bringing %s up to date: %w", FileName, err)
	}
	return newWriter(db), nil
}

// maxReaders bounds the connections that read at once; further reads wait.
const maxReaders = 8

// openReaders opens the pool for reads. What would write through it fails.
func openReaders(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", address(path, url.Values{"_pragma": append([]string{"query_only(1)"}, pragmas...)}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxReaders)
	db.SetMaxIdleConns(maxReaders)
	return db, nil
}

func address(path string, query url.Values) string {
	return "file:" + url.PathEscape(path) + "?" + query.Encode()
}

func migrate(ctx context.Context, db *sql.DB, tell func(Progress)) error {
	var cleaned cleaning
	changes, err := tableChanges(db, &cleaned, tell)
	if err != nil {
		return err
	}
	if _, err := changes.Up(ctx); err != nil || !cleaned.changed {
		return err
	}
	return scrub(ctx, db, scrubWait)
}

// tableChanges are all changes of the tables, for a database.
func tableChanges(db *sql.DB, cleaned *cleaning, tell func(Progress)) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithGoMigrations(cleaned.migration(), carrying(tell).migration(), counting(tell).migration(), coding(tell).migration()), goose.WithDisableGlobalRegistry(true))
}

// At returns the same store with another clock: what is noted of practice banks
// goes by theirs.
func (s *Store) At(now func() time.Time) *Store {
	one := *s
	one.now = now
	return &one
}

// still returns the store with its clock held: all that one change notes bears
// one time.
func (s *Store) still() *Store {
	now := s.now()
	return s.At(func() time.Time { return now })
}

// Close closes the database.
func (s *Store) Close() error {
	if s.writer == nil {
		return s.db.Close()
	}
	s.checkpoints.end()
	return errors.Join(s.db.Close(), s.writer.close(), s.lock.Close())
}

// write runs f in one transaction: all of it is kept, or nothing. It waits for
// its turn as long as the context lets it. Within f nothing is written but
// through tx: another write would wait for this one.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	if s.writer == nil {
		return errReadOnly
	}
	defer s.changes.Add(1)
	return s.writer.write(ctx, f)
}

// writeBulk is write for what comes in masses and by itself: transactions and
// exchanges. One of them waits for a turn at a time, so that what a person
// writes waits for one of them at most.
func (s *Store) writeBulk(ctx context.Context, f func(tx *sql.Tx) error) error {
	if s.writer == nil {
		return errReadOnly
	}
	if err := s.writer.bulk.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.writer.bulk.Release(1)
	return s.write(ctx, f)
}

// exec runs one statement that writes.
func (s *Store) exec(ctx context.Context, statement string, args ...any) (result sql.Result, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		result, err = tx.ExecContext(ctx, statement, args...)
		return err
	})
	return result, err
}

// changes counts the writes that a list of consents may have to follow.
type changes struct{ atomic.Int64 }

// Changes is another number after each change of a consent, an authorisation
// or an account, so that what was read of them can be kept until then.
func (s *Store) Changes() int64 { return s.changes.Load() }

// timeFormat sorts as text.
const timeFormat = "2006-01-02T15:04:05.000Z"

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
}

// stamp reads a stored time; the empty text is the zero time. It is given in the
// machine's zone, as the clock's are: the day it names is the person's, not that
// of UTC.
type stamp struct{ time *time.Time }

func (s stamp) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("storage: a time is stored as %T", value)
	}
	return s.scan(text)
}

func (s stamp) scan(text string) error {
	if text == "" {
		*s.time = time.Time{}
		return nil
	}
	t, err := time.Parse(timeFormat, text)
	*s.time = t.Local()
	return err
}

// scanner is a row of either kind.
type scanner interface{ Scan(dest ...any) error }

// querier is a database or a transaction on it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// collect reads all rows with read.
func collect[T any](ctx context.Context, db querier, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// readID reads a row that is an id.
func readID(row scanner) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

// one reads a single row, or returns ErrNotFound.
func one[T any](read func(scanner) (T, error), row *sql.Row) (T, error) {
	v, err := read(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return v, err
}

// changed returns ErrNotFound when a statement that means one row changed none.
func changed(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrNotFound
}
