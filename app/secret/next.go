package secret

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"
)

func newAccount() string { return rand.Text() }

// StartOver gives a directory whose passphrase is forgotten a new key, and no passphrase. reseal has the database belong to
// the new key, all of it or nothing: what was sealed under the old one is lost from then on. After a kill [Finish] goes on.
func StartOver(dir string, log *slog.Logger, reseal func(next *Box) error) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	return newLoader(ofEnvironment(), dir, log).startOver(reseal)
}

func (l loader) startOver(reseal func(next *Box) error) error {
	return l.locked(func() error {
		key := make([]byte, chacha20poly1305.KeySize)
		rand.Read(key)
		text := encodeKey(key)
		next, err := newBoxOf(key)
		if err != nil {
			return err
		}
		defer next.Erase()
		if err := writeFile(l.path(nextFile), text); err != nil {
			return fmt.Errorf("write the next key: %w", err)
		}
		l.at("next written")
		if err := reseal(next); err != nil {
			return err // whether the database took it after all is seen by who finishes
		}
		l.at("resealed")
		return l.putNext()
	})
}

// Finish goes on with a [StartOver] that was broken off: the new key takes its place if the database belongs to it, else it
// is taken away and everything is as before.
func Finish(dir string, belongs func(next *Box) (bool, error)) error {
	return newLoader(nil, dir, nil).finish(belongs)
}

func (l loader) finish(belongs func(next *Box) (bool, error)) error {
	if _, err := os.Lstat(l.path(nextFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return l.locked(func() error {
		key, err := readKeyFile(l.path(nextFile))
		if errors.Is(err, fs.ErrNotExist) { // another process has done it
			return nil
		}
		if err != nil {
			return err
		}
		next, err := newBoxOf(key)
		if err != nil {
			return err
		}
		defer next.Erase()
		is, err := belongs(next)
		if err != nil {
			return err
		}
		if !is {
			return os.Remove(l.path(nextFile))
		}
		return l.putNext()
	})
}

// putNext puts the next key in the place of the old. The wrapped one goes first: beside it a plain key would have to be its
// own.
func (l loader) putNext() error {
	for _, old := range []string{wrappedFile, accountFile, triesFile} {
		if err := os.Remove(l.path(old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		l.at("without " + old)
	}
	if err := os.Rename(l.path(nextFile), l.path(keyFile)); err != nil {
		return err
	}
	return syncDir(l.dir)
}
