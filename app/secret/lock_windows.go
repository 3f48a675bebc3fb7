package secret

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock waits until no other process holds the file at path. The system lets go of it when the process ends.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, new(windows.Overlapped))
	if err != nil {
		file.Close()
		return nil, err
	}
	return func() { file.Close() }, nil
}
