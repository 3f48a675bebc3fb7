// Package holding is what a person holds at their banks, as it was read: accounts with
// their balances and transactions, what went in and out, what there is in each currency.
//
// [Holdings] ask no bank and write nothing. They promise that no figure is shown as known
// that is not: an account whose balance is missing is left out of a sum and said to be, a
// course begins after days that were not read, and currencies are never added up.
package holding

import (
	"context"
	"time"

	"consentry/storage"
)

// Config is what Holdings are made of; they use nothing else of the program.
type Config struct {
	Store *storage.Store
	NowAt func(environmentID string) time.Time // the environment's clock

	// Updated returns the accounts that a consent in use reaches. What is known of all
	// others stays as old as their last fetch.
	Updated func(ctx context.Context) (map[int64]bool, error)
	// SharesBalances reports whether the balances of an account are shared under the
	// consent in use that reaches it; storage.ErrNotFound where none does.
	SharesBalances func(ctx context.Context, account storage.Account) (bool, error)
	// BeingRead reports whether an account's transactions are being read.
	BeingRead func(accountID int64) bool
}

// Holdings show what a person holds. They are safe for concurrent use.
type Holdings struct {
	store *storage.Store
	nowAt func(environmentID string) time.Time

	updated        func(context.Context) (map[int64]bool, error)
	sharesBalances func(context.Context, storage.Account) (bool, error)
	beingRead      func(accountID int64) bool

	found *found
}

// New returns Holdings.
func New(c Config) *Holdings {
	return &Holdings{store: c.Store, nowAt: c.NowAt, updated: c.Updated, sharesBalances: c.SharesBalances, beingRead: c.BeingRead, found: &found{}}
}

// At returns the same Holdings of another moment of the store.
func (h *Holdings) At(store *storage.Store) *Holdings {
	one := *h
	one.store, one.found = store, &found{}
	return &one
}
