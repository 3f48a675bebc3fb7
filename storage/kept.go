package storage

import (
	"slices"
	"sync"
)

// kept is what was read of settings, or of accounts, until something is written: each page asks for
// them, and to read and decode them takes as long as to find its transactions. Secrets are never
// kept. It is safe for concurrent use.
type kept[T any] struct {
	mu      sync.Mutex
	is      bool
	changes int64 // of the store before it was read
	value   T     // not changed any more
}

// of returns what read returns, as of the last write at least.
func (k *kept[T]) of(s *Store, read func() (T, error)) (T, error) {
	if s.db.tx != nil { // which is of its own moment
		return read()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	changes := s.Changes()
	if k.is && k.changes == changes {
		return k.value, nil
	}
	value, err := read()
	k.is, k.changes, k.value = err == nil, changes, value
	return value, err
}

// listKept returns a list of its own of what is kept.
func listKept[T any](k *kept[[]T], s *Store, read func() ([]T, error)) ([]T, error) {
	all, err := k.of(s, read)
	return slices.Clone(all), err
}
