package shell

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// note is a page in a file that leads a browser on to an address. Everybody on the machine may read the arguments of the
// programs that open browsers; the file only its owner.
type note struct{ path string }

// notePage leads on without script, and by a click where a browser does not do so by itself.
const notePage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>Consentry</title><meta http-equiv="refresh" content="0; url=%[1]s"></head>
<body><p><a href="%[1]s">Go on</a></p></body></html>
`

const (
	noteFolder = "consentry-open-"
	noteFile   = "consentry.html"
)

// leaveNote writes a note for an address that [checkAddress] has passed, in the first place that takes it.
func leaveNote(address string) (left note, err error) {
	err = errors.New("there is no folder of your own that browsers may read")
	for _, place := range notePlaces() {
		if left, err = leaveNoteIn(place, address); err == nil {
			return left, nil
		}
	}
	return note{}, err
}

func leaveNoteIn(place, address string) (note, error) {
	folder, err := os.MkdirTemp(place, noteFolder) // 0700
	if err != nil {
		return note{}, err
	}
	left := note{filepath.Join(folder, noteFile)}
	escaped := html.EscapeString(address)
	if err = os.WriteFile(left.path, fmt.Appendf(nil, notePage, escaped), 0o600); err == nil {
		err = errors.Join(private(folder), private(left.path))
	}
	if err != nil {
		left.remove()
		return note{}, err
	}
	return left, nil
}

// private refuses a file that others may read all the same, as on a file system that knows no modes.
func private(path string) error {
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return &fs.PathError{Op: "keep to oneself", Path: path, Err: fs.ErrPermission}
	}
	return err
}

// remove takes a note away; one that is gone already is fine.
func (n note) remove() {
	_ = os.Remove(n.path)               // nothing depends on it any more,
	_ = os.Remove(filepath.Dir(n.path)) // and what is left the next start takes away
}

// clearNotes takes away the notes that are left, as by a program that was killed.
func clearNotes() {
	for _, place := range notePlaces() {
		left, _ := fs.Glob(os.DirFS(place), noteFolder+"*") // fails for a malformed pattern only, which this is none
		for _, folder := range left {
			note{filepath.Join(place, folder, noteFile)}.remove()
		}
	}
}

// notePlaces are the folders browsers may read, the best first. Under Linux a confined one sees neither hidden folders nor
// the machine's /tmp, but the downloads, or at least the home; elsewhere the folder for temporary files is the person's own.
func notePlaces() []string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return []string{os.TempDir()}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	return []string{downloads(home), home}
}

// downloads is the person's folder for downloads, whatever it is called in their language: xdg-user-dirs(1).
func downloads(home string) string {
	named := os.Getenv("XDG_DOWNLOAD_DIR")
	if config, err := os.UserConfigDir(); err == nil && named == "" {
		settings, _ := os.ReadFile(filepath.Join(config, "user-dirs.dirs")) // where there is none, it has its usual name
		for line := range strings.Lines(string(settings)) {
			if value, ok := strings.CutPrefix(strings.TrimSpace(line), "XDG_DOWNLOAD_DIR="); ok {
				named = strings.Trim(value, `"`)
			}
		}
	}
	if within, ok := strings.CutPrefix(named, "$HOME/"); ok {
		named = filepath.Join(home, within)
	}
	if !filepath.IsAbs(named) {
		named = ""
	}
	return cmp.Or(named, filepath.Join(home, "Downloads"))
}
