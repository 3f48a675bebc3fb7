package shell

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Everybody on a machine may read which arguments and, of their own, which
// environment a program was started with.
func TestNoProgramIsGivenTheAddress(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the opener is replaced through PATH, which only xdg-open is looked up in")
	}
	seen := filepath.Join(t.TempDir(), "seen")
	fakeOpener(t, `{ printf '%s\n' "$0" "$@"; export -p; } > '`+seen+`'`)
	left, err := open("http://127.0.0.1:4711/start?token=secret")
	if err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(seen)
	if err != nil || !strings.Contains(string(said), left.path) || !strings.Contains(string(said), "PATH") {
		t.Fatalf("the opener did not say what it was given: %v\n%s", err, said)
	}
	if strings.Contains(string(said), "secret") || strings.Contains(string(said), "4711") {
		t.Errorf("the opener was given the address:\n%s", said)
	}
	for path, mode := range map[string]os.FileMode{left.path: 0o600, filepath.Dir(left.path): os.ModeDir | 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, mode)
		}
	}
	left.remove()
	if _, err := os.Stat(filepath.Dir(left.path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something is left of the note: %v", err)
	}
}

// Confined browsers see neither hidden folders nor the machine's /tmp.
func TestNoteLiesWhereBrowsersMayRead(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere it lies in the person's own folder for temporary files")
	}
	for name, test := range map[string]struct {
		named, settings string
		folders         []string
		want            string // below the home
	}{
		"the usual name":       {"", "", []string{"Downloads"}, "Downloads"},
		"in the language":      {"", "# a comment\nXDG_DESKTOP_DIR=\"$HOME/Bureau\"\nXDG_DOWNLOAD_DIR=\"$HOME/Téléchargements\"\n", []string{"Downloads", "Téléchargements"}, "Téléchargements"},
		"named by the session": {"HOME/Inbox", "XDG_DOWNLOAD_DIR=\"$HOME/Other\"\n", []string{"Inbox", "Other"}, "Inbox"},
		"no absolute name":     {"", "XDG_DOWNLOAD_DIR=\"Other\"\n", []string{"Other", "Downloads"}, "Downloads"},
		"none there":           {"", "XDG_DOWNLOAD_DIR=\"$HOME/Gone\"\n", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			t.Setenv("HOME", home)
			t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
			t.Setenv("XDG_DOWNLOAD_DIR", strings.Replace(test.named, "HOME", home, 1))
			for _, folder := range append(test.folders, ".config") {
				if err := os.Mkdir(filepath.Join(home, folder), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(home, ".config", "user-dirs.dirs"), []byte(test.settings), 0o600); err != nil {
				t.Fatal(err)
			}
			left, err := leaveNote("http://127.0.0.1:4711/")
			if err != nil {
				t.Fatal(err)
			}
			if got := filepath.Dir(filepath.Dir(left.path)); got != filepath.Join(home, test.want) {
				t.Errorf("it lies in %s", got)
			}
			clearNotes() // as the next start does after a kill
			if rest, _ := filepath.Glob(filepath.Join(home, test.want, noteFolder+"*")); len(rest) != 0 {
				t.Errorf("the next start leaves %v", rest)
			}
		})
	}
}

// Where there is no such place, the person is told the address instead.
func TestNoPlaceForANote(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere there is always a folder for temporary files")
	}
	t.Setenv("HOME", filepath.Join(t.TempDir(), "gone"))
	t.Setenv("XDG_DOWNLOAD_DIR", "")
	const address = "http://127.0.0.1:4711/start?token=secret"
	err := OpenBrowser(address)
	if failed := (*BrowserError)(nil); !errors.As(err, &failed) || failed.Address != address || strings.Contains(withoutAddress(err).Error(), "secret") {
		t.Errorf("got %v", err)
	}
}
