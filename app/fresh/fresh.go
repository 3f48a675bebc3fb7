// Package fresh is for tests: it gives data folders and stores in which nothing is stored
// yet. Each is a copy of one that the program made; to make one takes the machine some
// sixty milliseconds, and under the race detector a second.
package fresh

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

// files are those of an empty data folder by their names, made with the first that is wanted.
var files = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "consentry-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	store, err := storage.Open(context.Background(), dir, key, time.Now)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil { // which puts everything into the one file
		return nil, err
	}
	made := map[string][]byte{}
	for _, name := range []string{folder.Database, folder.Key} {
		if made[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return made, nil
})

// Folder returns a data folder of the test's own and its key, which is the same in all that
// one run gives.
func Folder(t testing.TB) (dir string, key *secret.Box) {
	t.Helper()
	made, err := files()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for name, content := range made {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, err = secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return dir, key
}

// Store opens a store in such a folder, and closes it when the test ends.
func Store(t testing.TB, now func() time.Time) *storage.Store {
	t.Helper()
	dir, key := Folder(t)
	store, err := storage.Open(context.Background(), dir, key, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}
