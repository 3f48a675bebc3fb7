package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestOwn keeps a short file closed to others, whole, and reads nothing that somebody else could have put in its place.
func TestOwn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, Window)
	if _, err := ReadOwn(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("where there is none: %v", err)
	}
	for _, content := range []string{"first", "", "second"} {
		put(t, filepath.Join(dir, "."+Window+"-0"), 0o644) // of a program that was killed
		if err := WriteOwn(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		got, err := ReadOwn(path)
		if err != nil || string(got) != content || modes && modeOf(t, path) != 0o600 {
			t.Errorf("%q: %q, %v", content, got, err)
		}
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("left beside it: %v, %v", all, err)
	}
	if err := Prepare(dir); err != nil {
		t.Error(err)
	}
	if modes {
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadOwn(path); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("open to others: %v", err)
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	put(t, elsewhere, 0o600)
	if err := errors.Join(os.Remove(path), os.Symlink(elsewhere, path)); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip(err) // few people may make links there
		}
		t.Fatal(err)
	}
	var refused *Error
	if _, err := ReadOwn(path); !errors.As(err, &refused) || refused.Fault != IsLink {
		t.Errorf("a link: %v", err)
	}
	if err := WriteOwn(path, []byte("third")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(elsewhere); err != nil || string(got) != "x" {
		t.Errorf("what the link led to was written: %q, %v", got, err)
	}
}
