package holding

import (
	"context"
	"time"

	"consentry/storage"
)

// Ages counts, of accounts that are counted together, those that are not up to date. Whatever shows a figure made of
// accounts says them.
type Ages struct {
	Old  Aged // no consent in use reaches them
	Late Aged // one does, and they were not read in full for some days
}

// Aged counts accounts whose balances are not up to date.
type Aged struct {
	Accounts int
	Since    time.Time // when the one of them read longest ago was read; zero: it never was in full
	Last     time.Time // the same of the one read latest
}

// staleDays is for how long an account that was not read counts as up to date.
const staleDays = 3

// age is how old what is known of an account is.
type age int

const (
	fresh age = iota
	late
	old
)

// age tells how old what is known of an account is, given those that consents in use reach.
func (h *Holdings) age(account storage.Account, updated map[int64]bool) age {
	switch {
	case !updated[account.ID]:
		return old
	case account.FetchedAt.Before(h.nowAt(account.EnvironmentID).AddDate(0, 0, -staleDays)):
		return late
	}
	return fresh
}

// AgesOf tells of accounts that are counted together which are not up to date.
func (h *Holdings) AgesOf(ctx context.Context, accounts ...storage.Account) (ages Ages, err error) {
	updated, err := h.updated(ctx)
	for _, account := range accounts {
		ages.add(account, h.age(account, updated))
	}
	return ages, err
}

// EachAge tells of which accounts what is known is not up to date, by their ids.
func (h *Holdings) EachAge(ctx context.Context, accounts []storage.Account) (map[int64]Ages, error) {
	updated, err := h.updated(ctx)
	each := map[int64]Ages{}
	for _, account := range accounts {
		if of := h.age(account, updated); of != fresh {
			var ages Ages
			ages.add(account, of)
			each[account.ID] = ages
		}
	}
	return each, err
}

// add counts an account of an age.
func (a *Ages) add(account storage.Account, of age) {
	switch of {
	case old:
		a.Old.add(account.FetchedAt)
	case late:
		a.Late.add(account.FetchedAt)
	}
}

// add counts an account that is not up to date since it was read.
func (old *Aged) add(read time.Time) {
	if old.Accounts == 0 || read.Before(old.Since) {
		old.Since = read
	}
	if read.After(old.Last) {
		old.Last = read
	}
	old.Accounts++
}
