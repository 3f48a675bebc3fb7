package secret

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/zalando/go-keyring"

	"consentry/storage"
)

// TestNoKeyIsMadeOverData refuses a folder with data whose key is gone, wherever it
// lay, and makes nothing.
func TestNoKeyIsMadeOverData(t *testing.T) {
	if database != storage.FileName {
		t.Fatalf("the database is called %q here and %q there", database, storage.FileName)
	}
	lost := &ring{
		get: func(string, string) (string, error) { return "", keyring.ErrNotFound },
		set: func(string, string, string) error { return nil },
	}
	for name, test := range map[string]struct {
		ring *ring
		data string
		gone string // what is gone of the folder
	}{
		"the file is gone":                     {nil, database, keyFile},
		"the file is gone, a keyring is there": {memory(), database, keyFile},
		"only the log is left":                 {nil, database + "-wal", keyFile},
		"the name of the entry is gone":        {memory(), database, accountFile},
		"the entry is gone":                    {lost, database, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			made := test.ring
			if test.gone == keyFile {
				made = nil
			} else if test.ring == lost {
				made = memory()
			}
			mustLoad(t, with(dir, made))
			if test.gone != "" {
				if err := os.Remove(filepath.Join(dir, test.gone)); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, test.data), []byte("data"), 0o600); err != nil {
				t.Fatal(err)
			}
			before := names(t, dir)
			if _, err := with(dir, test.ring).load(); !errors.Is(err, ErrMissing) {
				t.Errorf("loaded with %v", err)
			}
			if after := names(t, dir); after != before {
				t.Errorf("the folder held %s and holds %s", before, after)
			}
		})
	}
}

// TestEmptyDatabaseIsNoData makes a key where a start was cut off before anything
// was stored.
func TestEmptyDatabaseIsNoData(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, database), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mustLoad(t, with(dir, nil))
}

// TestKeyLeftoversOfAKillAreDropped removes keys that were never used.
func TestKeyLeftoversOfAKillAreDropped(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".master.key-123", ".keyring-account-9", ".master.key-x", "master.key-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustLoad(t, with(dir, nil))
	if got, want := names(t, dir), ".master.key-x key.lock master.key master.key-1 "; got != want {
		t.Errorf("left: %s", got)
	}
}

func names(t *testing.T, dir string) (all string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		all += entry.Name() + " "
	}
	return all
}
