package folder

import (
	"path/filepath"

	"github.com/gofrs/flock"
)

// Hold makes the caller the one program that runs on a folder, and on the profiles below it, until it releases that. The data
// have a lock of their own: while a program that runs has them closed, a command may open them. The system releases what a
// kill leaves. Where another program runs the error is [ErrInUse].
func Hold(dir string) (release func() error, err error) {
	lock := flock.New(filepath.Join(dir, Running), flock.SetPermissions(ownFile))
	if locked, err := lock.TryLock(); err != nil {
		return nil, err
	} else if !locked {
		return nil, ErrInUse
	}
	return lock.Close, nil
}
