package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func put(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte("x"), 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// TestModeOfAFolderStays leaves the mode of a folder that was there, closes our
// files in it, touches no other, and warns of what others can do.
func TestModeOfAFolderStays(t *testing.T) {
	if !modes {
		t.Skip("this system keeps no such modes")
	}
	for mode, warning := range map[fs.FileMode]Fault{0o700: "", 0o500: "", 0o755: Listable, 0o711: Listable, 0o777: Writable, 0o770: Writable} {
		dir := t.TempDir()
		open := []string{"consentry.db", "consentry.db-wal", "consentry.db-shm", "sandbox.json", "sandbox.json.17", "sandbox.json.damaged-2026-11-27-171500", "lock"}
		for _, name := range append(open, "letter.txt", "consentry.db.bak") {
			put(t, filepath.Join(dir, name), 0o666)
		}
		if err := errors.Join(os.Chmod(dir, mode), Prepare(dir)); err != nil {
			t.Fatal(err)
		}
		if got := modeOf(t, dir); got != mode {
			t.Errorf("the folder of mode %04o has %04o now", mode, got)
		}
		for _, name := range open {
			if got := modeOf(t, filepath.Join(dir, name)); got != 0o600 {
				t.Errorf("%s has mode %04o", name, got)
			}
		}
		for _, name := range []string{"letter.txt", "consentry.db.bak"} {
			if got := modeOf(t, filepath.Join(dir, name)); got != 0o666 {
				t.Errorf("%s, which is not ours, has mode %04o now", name, got)
			}
		}
		var want []Warning
		if warning != "" {
			want = []Warning{{warning, os.Geteuid(), mode}}
		}
		if got := Warnings(dir); !slices.Equal(got, want) {
			t.Errorf("mode %04o: %v", mode, got)
		}
		os.Chmod(dir, 0o700) // so that it can be removed
	}
}

// TestFolderOfAnotherIsWarnedOf says that whoever owns the folder can replace what is
// in it.
func TestFolderOfAnotherIsWarnedOf(t *testing.T) {
	if !modes {
		t.Skip("this system keeps no owners of files as Unix does")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 12345, 12345); err != nil {
		dir = "/usr" // only root gives a folder away; to everybody else root's is another's
	}
	if all := Warnings(dir); len(all) == 0 || all[0].Fault != OfAnother || all[0].Owner == os.Geteuid() {
		t.Errorf("%v", all)
	}
}

// TestFoldersAreMadeClosed makes what is missing of a path, each folder closed.
func TestFoldersAreMadeClosed(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "a", "b")
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{dir, filepath.Dir(dir)} {
		if modes && modeOf(t, made) != 0o700 {
			t.Errorf("%s has mode %04o", made, modeOf(t, made))
		}
	}
}

// TestWhatIsNotOursIsRefused refuses a key or database that is a link, a folder, or
// another user's, and says which it is.
func TestWhatIsNotOursIsRefused(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	put(t, elsewhere, 0o600)
	for _, name := range []string{Database, Database + "-wal", Key, KeyEntry, State, Lock} {
		for kind, place := range map[Fault]func(path string) error{
			IsLink:   func(path string) error { return os.Symlink(elsewhere, path) },
			IsFolder: func(path string) error { return os.Mkdir(path, 0o700) },
			OfAnother: func(path string) error {
				put(t, path, 0o600)
				return os.Chown(path, 12345, 12345)
			},
		} {
			dir := t.TempDir()
			if err := place(filepath.Join(dir, name)); err != nil {
				t.Logf("%s as %s is not tried: %v", name, kind, err) // only root gives a file away
				continue
			}
			err := Prepare(dir)
			var refused *Error
			if !errors.As(err, &refused) || refused.Fault != kind || refused.Path != filepath.Join(dir, name) {
				t.Errorf("%s as %s: %v", name, kind, err)
			}
		}
	}
	if err := Prepare(elsewhere); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("a file as the folder: %v", err)
	}
}

// TestSetAsideLosesNothing moves all that is ours, and nothing else, out of the way.
func TestSetAsideLosesNothing(t *testing.T) {
	dir := t.TempDir()
	own := []string{Database, Database + "-wal", Key, KeyEntry, State}
	for _, name := range append(own, "letter.txt") {
		put(t, filepath.Join(dir, name), 0o600)
	}
	at := time.Date(2026, 11, 27, 17, 15, 0, 0, time.UTC)
	aside, err := SetAside(dir, at)
	if err != nil || modes && modeOf(t, aside) != 0o700 {
		t.Fatal(aside, err)
	}
	for _, name := range own {
		if _, err := os.Stat(filepath.Join(aside, name)); err != nil {
			t.Errorf("%s is not there: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is still in the way", name)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "letter.txt")); err != nil {
		t.Error("what is not ours was moved")
	}
	put(t, filepath.Join(dir, Database), 0o600)
	if _, err := SetAside(dir, at); err == nil {
		t.Error("what was set aside in the same second was overwritten")
	}
	if _, err := os.Stat(filepath.Join(dir, Database)); err != nil {
		t.Error("what could not be set aside is gone")
	}
}
