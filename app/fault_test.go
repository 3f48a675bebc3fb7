package app_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"consentry/app/failure"
	"consentry/storage"
)

// TestDiskIsToldAsTheDisk tells what the disk did not take as that, and anything else
// as something else.
func TestDiskIsToldAsTheDisk(t *testing.T) {
	for err, want := range map[error]string{
		&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}:       string(storage.DiskFull),
		fmt.Errorf("saving: %w", syscall.EDQUOT):                         string(storage.DiskFull),
		&os.SyscallError{Syscall: "fsync", Err: syscall.EIO}:             string(storage.DiskBroken),
		&fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}:         string(storage.ReadOnly),
		&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}:        string(storage.NotAllowed),
		errors.Join(errors.New("one"), fmt.Errorf("%w", syscall.ENOSPC)): string(storage.DiskFull),
		errors.New("index out of range"):                                 failure.Inside,
		storage.ErrStale:                                                 failure.Inside,
	} {
		told := failure.OfInside(err)
		if told.Code != want || told.Detail != err.Error() || !errors.Is(told, err) {
			t.Errorf("%v: %+v", err, told)
		}
	}
}
