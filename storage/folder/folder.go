// Package folder is the data folder: what in it is ours, and that nobody else can
// read that.
//
// What the program makes is closed to others whatever the umask: folders 0700,
// files 0600. The mode of a folder that was there before is the person's choice and
// stays; [Warnings] says what that means.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// The names of what is ours.
const (
	Database = "consentry.db"
	Lock     = "lock"         // held by the program that uses the folder
	State    = "sandbox.json" // of the practice banks
	Key      = "master.key"
	KeyEntry = "keyring-account" // names the folder's entry in the system's keyring
	keyLock  = "key.lock"
)

// ours are the names of our files, with what stands beside them for a while.
var ours = regexp.MustCompile(`^(consentry\.db(-wal|-shm|-journal)?|lock|key\.lock|master\.key|keyring-account|` +
	`\.(master\.key|keyring-account)-[0-9]+|sandbox\.json(\.[0-9]+|\.damaged-[-.0-9]+)?)$`)

const (
	ownFolder = fs.FileMode(0o700)
	ownFile   = fs.FileMode(0o600)
	others    = fs.FileMode(0o077)
)

// Error says why a data folder is not used. Its text is for people.
type Error struct {
	Path string
	Why  string // what is wrong with it
	Do   string // what can be done
}

func (e *Error) Error() string { return e.Path + " " + e.Why + "; " + e.Do }

// Prepare makes the folder where it is missing, and closes to others what in it is
// ours. It refuses what is ours by name alone: a link, a folder, another user's file.
// Where the folder takes no files the error is the system's.
func Prepare(dir string) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !ours.MatchString(entry.Name()) {
			continue
		}
		if err := closeFile(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return tryWriting(filepath.Join(dir, Lock))
}

// tryWriting opens a file of ours for writing: the system then says why it lets
// nobody write, where the database would only say that it cannot be opened.
func tryWriting(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, ownFile)
	if err != nil {
		return err
	}
	return file.Close()
}

// makeFolder makes a folder with all above it that are missing.
func makeFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return &Error{Path: dir, Why: "is not a folder", Do: "name another one with -data"}
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := makeFolder(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, ownFolder); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// closeFile looks at a file of ours that is there. A key that others could read is
// left as it is: whoever reads it refuses it, since it may be known by now.
func closeFile(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &Error{Path: path, Why: "is not a file of its own but " + kindOf(info.Mode()), Do: "put the file itself there, or name another folder with -data"}
	}
	if owner, other := ownedByOther(info); other {
		return &Error{Path: path, Why: fmt.Sprintf("belongs to another user of this machine (number %d)", owner),
			Do: "start Consentry as that user, or name another folder with -data"}
	}
	if !modes || info.Mode().Perm()&others == 0 || filepath.Base(path) == Key || filepath.Base(path) == KeyEntry {
		return nil
	}
	return os.Chmod(path, ownFile)
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a link to elsewhere"
	}
	return "something else"
}

// Create makes an empty file that is closed to others, where there is none.
func Create(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownFile)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// Warnings say what others of the machine can do in the folder, in sentences for
// people. None means that it is closed to them.
func Warnings(dir string) []string {
	info, err := os.Stat(dir)
	if err != nil || !modes {
		return nil
	}
	var all []string
	if owner, other := ownedByOther(info); other {
		all = append(all, fmt.Sprintf("The data folder %s belongs to another user of this machine (number %d), who can take away or replace what is in it.", dir, owner))
	}
	mode := info.Mode().Perm()
	closing := fmt.Sprintf(" To close it: chmod 700 %q", dir)
	switch {
	case mode&0o022 != 0:
		all = append(all, fmt.Sprintf("Other users of this machine can take away or replace files in the data folder %s (mode %04o). They cannot read what Consentry keeps in it.", dir, mode)+closing)
	case mode&others != 0:
		all = append(all, fmt.Sprintf("Other users of this machine can see the names of the files in the data folder %s (mode %04o). They cannot read what Consentry keeps in it.", dir, mode)+closing)
	}
	return all
}
