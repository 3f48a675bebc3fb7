package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"consentry/storage/folder"
)

// Belongs reports whether the database in a data directory was made with a key. One in which nothing is yet belongs to
// every key.
func Belongs(ctx context.Context, dir string, seal Sealer) (bool, error) {
	err := inspect(ctx, filepath.Join(dir, FileName), seal)
	if errors.Is(err, ErrForeignKey) {
		return false, nil
	}
	return err == nil, err
}

// StartOver has the database in a data directory belong to another key, where that to which it belongs is lost. What was
// sealed is forgotten: tokens, logins, client secrets, private keys. Approvals that were under way are given up. Everything
// else stays: accounts, transactions, consents, what the person added. All of it is one transaction.
func StartOver(ctx context.Context, dir string, next Sealer, now func() time.Time) (err error) {
	lock := flock.New(filepath.Join(dir, folder.Lock))
	if locked, err := lock.TryLock(); err != nil {
		return err
	} else if !locked {
		return fmt.Errorf("%w: %s", ErrInUse, dir)
	}
	defer lock.Close()
	file := filepath.Join(dir, FileName)
	if err := inspect(ctx, file, anyKey{next}); err != nil {
		return err
	}
	writer, err := openWriter(ctx, file, func(Progress) {})
	if err != nil {
		return err
	}
	readers, err := openReaders(file)
	if err != nil {
		return errors.Join(err, writer.db.Close())
	}
	s := newStore(readers, writer, next, now)
	err = s.write(ctx, func(tx *sql.Tx) error { return s.forgetSealed(ctx, tx) })
	if err == nil {
		err = scrub(ctx, writer.db, scrubWait) // what was sealed is out of the write-ahead log, too
	}
	return errors.Join(err, readers.Close(), writer.close())
}

// anyKey is taken for the key of any database: it opens nothing.
type anyKey struct{ Sealer }

func (anyKey) Open(string, []byte) ([]byte, error) { return nil, nil }

// forgetSealed puts nothing, sealed anew, in the place of everything that was sealed.
func (s *Store) forgetSealed(ctx context.Context, tx *sql.Tx) error {
	for _, each := range []struct {
		table, column string
		context       func(id string) string
	}{{"environment", "secrets_sealed", secretContext}, {"authorisation", "grant_sealed", grantContext}} {
		ids, err := collect(ctx, tx, readText, `SELECT id FROM `+each.table)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, `UPDATE `+each.table+` SET `+each.column+` = ? WHERE id = ?`, s.seal.Seal(each.context(id), []byte(`{}`)), id); err != nil {
				return err
			}
		}
	}
	open, err := collect(ctx, tx, readText, `SELECT id FROM authorisation WHERE outcome = ''`)
	if err != nil {
		return err
	}
	for _, id := range open {
		if _, err := tx.ExecContext(ctx, `UPDATE authorisation SET outcome = ?, ended_at = ?, version = version + 1 WHERE id = ?`, GivenUp, formatTime(s.now()), id); err != nil {
			return err
		}
		if err := s.over(ctx, tx, id); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`UPDATE consent SET person_sealed = NULL`,
		`UPDATE payment SET person_sealed = x''`,
		`DELETE FROM key_pair`,
		`DELETE FROM arrangement_left`, // whose accounts are known by a sealed key alone
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE installation SET key_check_sealed = ?`, s.seal.Seal(keyContext, []byte(keyContext)))
	return err
}

// OpenStates returns the hashes of the states with which persons may still come back from banks, as StateHash makes them.
func (s *Store) OpenStates(ctx context.Context) ([]string, error) {
	return collect(ctx, s.db, readText, `SELECT hex(state_hash) FROM authorisation WHERE returned_at = '' AND outcome = ''`)
}

// StateHash is the hash of a state by which it is known while nothing can be opened.
func StateHash(state string) string { return fmt.Sprintf("%X", stateHash(state)) }
