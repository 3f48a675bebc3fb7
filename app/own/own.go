// Package own is what a person adds of their own to what banks tell: notes and tags on
// transactions, names for those at the other end, searches that are kept, and what they have seen.
//
// It promises that none of it changes what a bank said, and that none is lost because a bank says
// something else.
package own

import (
	"time"

	"consentry/storage"
)

// Config is what Things are made of; they use nothing else of the program.
type Config struct {
	Store *storage.Store
	// StoreAt is the store that goes by an environment's clock.
	StoreAt func(environmentID string) *storage.Store
	NowAt   func(environmentID string) time.Time
}

// Things are what a person added. They are safe for concurrent use.
type Things struct {
	store   *storage.Store
	storeAt func(environmentID string) *storage.Store
	nowAt   func(environmentID string) time.Time
}

// New returns Things.
func New(c Config) *Things { return &Things{store: c.Store, storeAt: c.StoreAt, nowAt: c.NowAt} }
