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

// keptOf is what was read of each of some things, by what tells them apart, until something is
// written; of the first so many that are asked for. It is safe for concurrent use.
type keptOf[K comparable, T any] struct {
	mu      sync.Mutex
	changes int64 // of the store before they were read
	values  map[K]T
}

// mostKept bounds what is kept of one kind.
const mostKept = 500

// of returns what read returns, as of the last write at least.
func (k *keptOf[K, T]) of(s *Store, key K, read func() (T, error)) (T, error) {
	if s.db.tx != nil { // which is of its own moment
		return read()
	}
	changes := s.Changes()
	if value, is := k.at(changes, key); is {
		return value, nil
	}
	value, err := read()
	if err == nil {
		k.put(changes, key, value)
	}
	return value, err
}

func (k *keptOf[K, T]) at(changes int64, key K) (value T, is bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes == changes {
		value, is = k.values[key]
	}
	return value, is
}

// put keeps a value that was read after so many changes. What was read before others came is not kept.
func (k *keptOf[K, T]) put(changes int64, key K, value T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if changes > k.changes || k.values == nil {
		k.changes, k.values = changes, map[K]T{}
	}
	if changes == k.changes && len(k.values) < mostKept {
		k.values[key] = value
	}
}

// listKept returns a list of its own of what is kept.
func listKept[T any](k *kept[[]T], s *Store, read func() ([]T, error)) ([]T, error) {
	all, err := k.of(s, read)
	return slices.Clone(all), err
}
