// Package folder is the data folder: what in it is ours, and that nobody else can
// read that.
//
// What the program makes is closed to others whatever the umask: folders 0700,
// files 0600. The mode of a folder that was there before is the person's choice and
// stays; [Warnings] says what that means.
package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// The names of what is ours.
const (
	Database = "consentry.db"
	Running  = "running"      // held by the program that runs on the folder and on the profiles below it
	Lock     = "lock"         // held by who has the data of the folder open
	State    = "sandbox.json" // of the practice banks
	Key      = "master.key"
	KeyEntry = "keyring-account" // names the folder's entry in the system's keyring
	Instance = "instance"        // how the program that runs on the folder is reached
	Window   = "window.json"     // where its window was, and how large
	Wrapped  = "wrapped.key"     // the key under a passphrase
	Letters  = "letters"         // what came while the key was erased, sealed
	Copy     = "copy.db"         // of the database, while a backup is made of it
	CopyLock = "copy.lock"       // held meanwhile
	BackedUp = "backed-up"       // when the last backup was made
	Restored = "restored.json"   // which backup these data come from
	nextKey  = "next.key"        // of data that are being started over
	keyLock  = "key.lock"
)

// ours are the names of our files, with what stands beside them for a while.
var ours = regexp.MustCompile(`^(consentry\.db(-wal|-shm|-journal)?|lock|key\.lock|(master|wrapped|next)\.key|keyring-account|passphrase-tries|letters|` +
	`\.((master|wrapped|next)\.key|keyring-account|passphrase-tries|instance|window\.json|backed-up)-[0-9]+|sandbox\.json(\.[0-9]+|\.damaged-[-.0-9]+)?|` +
	`copy\.db(-wal|-shm|-journal)?|copy\.lock|backed-up|restored\.json|language|running|instance|window\.json)$`)

const (
	ownFolder = fs.FileMode(0o700)
	ownFile   = fs.FileMode(0o600)
	others    = fs.FileMode(0o077)
)

// Error says why a data folder is not used.
type Error struct {
	Path  string
	Fault Fault
	Owner int // the number of the user that it belongs to, with OfAnother
}

func (e *Error) Error() string { return e.Path + ": " + string(e.Fault) }

// Fault is what is not as it should be with the folder or a file of ours in it.
type Fault string

// The faults.
const (
	NoFolder  Fault = "not a folder"
	IsFolder  Fault = "a folder"
	IsLink    Fault = "a link to elsewhere"
	IsOther   Fault = "neither a file nor a folder"
	OfAnother Fault = "of another user"
	Writable  Fault = "writable for others"
	Listable  Fault = "listable for others"
)

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
		return &Error{Path: dir, Fault: NoFolder}
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
		return &Error{Path: path, Fault: kindOf(info.Mode())}
	}
	if owner, other := ownedByOther(info); other {
		return &Error{Path: path, Fault: OfAnother, Owner: owner}
	}
	if !modes || info.Mode().Perm()&others == 0 || isKey(filepath.Base(path)) {
		return nil
	}
	return os.Chmod(path, ownFile)
}

func isKey(name string) bool {
	return name == Key || name == KeyEntry || name == Wrapped || name == nextKey
}

// Own returns an error where a folder is none of the person's own that others cannot write into, or is not there.
func Own(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	switch owner, other := ownedByOther(info); {
	case info.Mode().IsRegular():
		return &Error{Path: dir, Fault: NoFolder}
	case !info.IsDir():
		return &Error{Path: dir, Fault: kindOf(info.Mode())}
	case other:
		return &Error{Path: dir, Fault: OfAnother, Owner: owner}
	case modes && info.Mode().Perm()&0o022 != 0:
		return &Error{Path: dir, Fault: Writable}
	}
	return nil
}

// kindOf is what stands in the place of a file.
func kindOf(mode fs.FileMode) Fault {
	switch {
	case mode.IsDir():
		return IsFolder
	case mode&fs.ModeSymlink != 0:
		return IsLink
	}
	return IsOther
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

// Warning is what others of the machine can do in the folder.
type Warning struct {
	Fault Fault       // OfAnother, Writable or Listable
	Owner int         // the number of the user that it belongs to
	Mode  fs.FileMode // of the folder
}

// Warnings returns what others of the machine can do in the folder. None means that
// it is closed to them.
func Warnings(dir string) []Warning {
	info, err := os.Stat(dir)
	if err != nil || !modes {
		return nil
	}
	var all []Warning
	mode := info.Mode().Perm()
	owner, other := ownedByOther(info)
	if other {
		all = append(all, Warning{OfAnother, owner, mode})
	}
	switch {
	case mode&0o022 != 0:
		all = append(all, Warning{Writable, owner, mode})
	case mode&others != 0:
		all = append(all, Warning{Listable, owner, mode})
	}
	return all
}
