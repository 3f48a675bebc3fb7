package app_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"consentry/app"
	"consentry/storage"
)

// TestDiskIsToldAsTheDisk puts what the disk did not take into words that say so,
// and anything else into words that do not.
func TestDiskIsToldAsTheDisk(t *testing.T) {
	for err, want := range map[error]string{
		&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}:       "disk is full",
		fmt.Errorf("saving: %w", syscall.EDQUOT):                         "disk is full",
		&os.SyscallError{Syscall: "fsync", Err: syscall.EIO}:             "disk gave an error",
		&fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}:         "disk takes no changes",
		&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}:        "may not use its own files",
		errors.Join(errors.New("one"), fmt.Errorf("%w", syscall.ENOSPC)): "disk is full",
		errors.New("index out of range"):                                 "went wrong inside",
		storage.ErrStale:                                                 "went wrong inside",
	} {
		words := app.Inside(err)
		if !strings.Contains(words.Message, want) || words.Lost == "" || words.Do == "" || words.Detail != err.Error() || !errors.Is(words, err) {
			t.Errorf("%v: %+v", err, words)
		}
	}
}
