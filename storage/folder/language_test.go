package folder

import (
	"os"
	"path/filepath"
	"testing"
)

// TestLanguage keeps a language beside the store, closed to others as all that is ours.
func TestLanguage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if got := LanguageOf(dir); got != "" {
		t.Errorf("%q was chosen by nobody", got)
	}
	for _, tag := range []string{"", "sv", "ka", ""} {
		if err := KeepLanguage(dir, tag); err != nil {
			t.Fatal(err)
		}
		if got := LanguageOf(dir); got != tag {
			t.Errorf("%q, not %q", got, tag)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, Language), make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := LanguageOf(dir); len(got) > longestLanguage+1 {
		t.Errorf("%d characters were read", len(got))
	}
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, Language)); err != nil || info.Mode().Perm()&others != 0 && modes {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	put(t, elsewhere, 0o600)
	if err := os.Remove(filepath.Join(dir, Language)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(dir, Language)); err != nil {
		t.Skip(err) // few people may make links under Windows
	}
	if got := LanguageOf(dir); got != "" {
		t.Errorf("%q was read of what is no file of its own", got)
	}
}
