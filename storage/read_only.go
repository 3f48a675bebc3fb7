package storage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrNothingStored is of a folder without a database, and ErrOlder of a database that has to
// be brought up to date before it is read.
var (
	ErrNothingStored = errors.New("storage: nothing is stored there")
	ErrOlder         = errors.New("storage: the data are of an earlier version")
)

// errReadOnly is of a write to what was opened to read alone.
var errReadOnly = errors.New("storage: opened to read alone")

// OpenToRead opens the database in the directory to read alone, also while a program uses
// it. It makes and changes nothing. What fails is as for Open, or ErrNothingStored or
// ErrOlder.
func OpenToRead(ctx context.Context, dir string, seal Sealer, now func() time.Time) (*Store, error) {
	path := filepath.Join(dir, FileName)
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, ErrNothingStored
	}
	if err := inspect(ctx, path, seal); err != nil {
		return nil, err
	}
	readers, err := openReaders(path)
	if err != nil {
		return nil, err
	}
	s := newStore(readers, nil, seal, now)
	var schema int64
	known, err := highestMigration()
	if err == nil {
		schema, err = schemaOf(ctx, s.db)
	}
	if err == nil && schema < known {
		err = ErrOlder
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}
