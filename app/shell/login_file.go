//go:build !windows

package shell

import (
	"errors"
	"os"
	"path/filepath"
)

// putEntry writes the file of an entry whole: who reads it meanwhile has the one before.
func putEntry(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, content, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}

func removeEntry(name string) error {
	path, err := entryPath(name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
