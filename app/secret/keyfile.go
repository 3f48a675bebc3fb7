package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// keyPrefix opens the text form of a key, in the file as in the keyring, so that a person who finds it knows what it is.
const keyPrefix = "consentry-key-1 "

func encodeKey(key []byte) string { return keyPrefix + base64.StdEncoding.EncodeToString(key) + "\n" }

func decodeKey(text string) ([]byte, error) {
	encoded, found := strings.CutPrefix(strings.TrimSuffix(text, "\n"), keyPrefix)
	if !found {
		return nil, fmt.Errorf("it does not begin with %q", keyPrefix)
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	// Encoding it again refuses what the decoder overlooks, such as line breaks within.
	if err != nil || len(key) != chacha20poly1305.KeySize || base64.StdEncoding.EncodeToString(key) != encoded {
		return nil, fmt.Errorf("it does not hold %d bytes in base64", chacha20poly1305.KeySize)
	}
	return key, nil
}

// readKeyFile reads the key at path. A missing file gives an error that is [fs.ErrNotExist].
func readKeyFile(path string) ([]byte, error) {
	text, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	key, err := decodeKey(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	return key, nil
}

var accountForm = regexp.MustCompile(`^[A-Z2-7]{26}\n$`)

// readAccount reads the name of a directory's entry in the keyring. A missing file gives an error that is [fs.ErrNotExist].
func readAccount(path string) (string, error) {
	text, err := readPrivate(path)
	if err != nil {
		return "", err
	}
	if !accountForm.MatchString(text) {
		return "", fmt.Errorf("%w: %s does not name an entry of the system's keyring", ErrDamaged, path)
	}
	return strings.TrimSuffix(text, "\n"), nil
}

// readPrivate reads a short file that nobody but its owner may read or write.
func readPrivate(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() { // a link could lead to what somebody else may change
		return "", fmt.Errorf("%w: %s is not a regular file", ErrDamaged, path)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return "", err
	}
	// Windows has no such mode: there the profile's access list keeps others out.
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return "", fmt.Errorf("%w: %s has mode %04o; if nobody else has read it, run: chmod 600 %q", ErrOpenToOthers, path, mode, path)
	}
	text, err := io.ReadAll(io.LimitReader(file, 4096))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return string(text), nil
}

// writeFile writes a private file so that after a crash it is there whole or not at all.
func writeFile(path, text string) (err error) {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err = os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

var leftover = regexp.MustCompile(`^\.(` + regexp.QuoteMeta(keyFile) + `|` + accountFile + `|` + regexp.QuoteMeta(wrappedFile) + `|` + regexp.QuoteMeta(nextFile) + `|` + triesFile + `)-[0-9]+$`)

// dropLeftovers removes what writeFile had no time to rename before the program was killed. The caller holds the lock.
func dropLeftovers(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if entry.Type().IsRegular() && leftover.MatchString(entry.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}

// syncDir makes the renaming itself last. Windows can neither open nor sync a directory this way and does not need it.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
