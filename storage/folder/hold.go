package folder

import (
	"path/filepath"

	"github.com/gofrs/flock"
)

// Hold makes the caller the one program that runs on a folder, and on the profiles below it, until it releases that. The data
// have a lock of their own: while a program that runs has them closed, a command may open them. The system releases what a
// kill leaves. Where another program runs the error is [ErrInUse].
func Hold(dir string) (release func() error, err error) { return taken(dir, Running) }

// Take has the data of a folder be the caller's alone until it releases them, as an open store has them. Where they are open
// the error is [ErrInUse].
func Take(dir string) (release func() error, err error) { return taken(dir, Lock) }

func taken(dir, name string) (release func() error, err error) {
	lock := flock.New(filepath.Join(dir, name), flock.SetPermissions(ownFile))
	if locked, err := lock.TryLock(); err != nil {
		return nil, err
	} else if !locked {
		return nil, ErrInUse
	}
	return lock.Close, nil
}
