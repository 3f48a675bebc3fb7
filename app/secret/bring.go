package secret

import (
	"log/slog"
	"path/filepath"
)

// Plain returns the key as its file has it, for what is sealed otherwise, such as a backup; empty once it was erased.
func (b *Box) Plain() string {
	key := b.copied()
	defer clear(key)
	if key == nil {
		return ""
	}
	return encodeKey(key)
}

// Bring puts a key from elsewhere, as [Box.Plain] gave it, into a directory that has none: where the keyring or a file has
// it, as it would have been made there. [Forget] takes it back. What is no key is an error that wraps [ErrDamaged].
func Bring(dir, plain string, log *slog.Logger) (*Box, error) {
	key, err := decodeKey(plain)
	if err != nil {
		return nil, ErrDamaged
	}
	defer clear(key)
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	l := newLoader(ofEnvironment(), dir, log)
	source, err := l.laidOpen(key)
	if err != nil {
		return nil, err
	}
	return newBox(key, source)
}
