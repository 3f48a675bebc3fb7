package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// replaceFile writes a new file that then takes the old one's place, so that a
// reader finds the one or the other, whole.
func replaceFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// leftover is how a file is called that replaceFile had no time to rename, after
// the name it was meant for.
var leftover = regexp.MustCompile(`^\.[0-9]+$`)

// dropLeftovers removes what a program that was killed while it saved has left.
// Nothing else is touched: no folder, no link, no other name.
func dropLeftovers(name string) error {
	entries, err := os.ReadDir(filepath.Dir(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		rest, ours := strings.CutPrefix(entry.Name(), filepath.Base(name))
		if ours && entry.Type().IsRegular() && leftover.MatchString(rest) {
			err = errors.Join(err, os.Remove(filepath.Join(filepath.Dir(name), entry.Name())))
		}
	}
	return err
}

// setAside renames a damaged file, with the time in its name, and returns that. What
// was set aside earlier is never overwritten.
func setAside(name string, now time.Time) (aside string, err error) {
	aside = name + ".damaged-" + now.Format("2006-01-02-150405")
	if _, err := os.Lstat(aside); err == nil {
		aside += now.Format(".000000000")
	}
	return aside, os.Rename(name, aside)
}
