package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// longestOwn is more than any short file of ours has.
const longestOwn = 64 << 10

// WriteOwn keeps a short file of ours, closed to others: whole, or as it was before. The caller holds the folder's lock.
func WriteOwn(path string, content []byte) (err error) {
	part := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"-0") // one name: a kill leaves one of them at most
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownFile)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err = closed(part); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// ReadOwn reads a short file that nobody else can have written or can read. It returns an *[Error] where another user could
// have, or where the file is a link.
func ReadOwn(path string) ([]byte, error) {
	if err := closed(path); err != nil {
		return nil, err
	}
	before, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if opened, err := file.Stat(); err != nil || !os.SameFile(before, opened) { // somebody has put another there meanwhile
		return nil, errors.Join(&Error{Path: path, Fault: IsOther}, err)
	}
	return io.ReadAll(io.LimitReader(file, longestOwn))
}

// closed refuses a file that is none of one's own, or that others can open, as on a file system that knows no modes.
func closed(path string) error {
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
	if modes && info.Mode().Perm()&others != 0 {
		return &fs.PathError{Op: "keep to oneself", Path: path, Err: fs.ErrPermission}
	}
	return nil
}
