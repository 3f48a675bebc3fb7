package folder

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// ErrInUse is returned when a running program uses the folder.
var ErrInUse = errors.New("another running Consentry uses this data folder")

// SetAside moves all that is ours into a folder of its own within the data folder,
// so that the program can begin anew, and returns where it lies. Nothing is deleted.
// If not all can be moved, what was moved is put back.
func SetAside(dir string, now time.Time) (aside string, err error) {
	release, err := Take(dir)
	if err != nil {
		return "", err
	}
	defer release()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	aside = filepath.Join(dir, "set-aside-"+now.Format("2006-01-02-150405"))
	if err := os.Mkdir(aside, ownFolder); err != nil {
		return "", err
	}
	var moved []string
	for _, entry := range entries {
		name := entry.Name()
		if !ours.MatchString(name) || isLock(name) {
			continue
		}
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(aside, name)); err != nil {
			return "", errors.Join(err, putBack(dir, aside, moved))
		}
		moved = append(moved, name)
	}
	return aside, nil
}

func isLock(name string) bool {
	return name == Running || name == Lock || name == keyLock || name == CopyLock
}

func putBack(dir, aside string, names []string) (err error) {
	for _, name := range names {
		err = errors.Join(err, os.Rename(filepath.Join(aside, name), filepath.Join(dir, name)))
	}
	return errors.Join(err, os.Remove(aside))
}
