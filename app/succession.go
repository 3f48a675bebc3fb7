package app

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// A renewal is a new consent: which accounts it gives, the person and the bank decide
// anew. An account that it does not give is left behind: what was read of it stays, and
// nothing brings it up to date.

// LeftBehind is an account that a consent's forerunners gave, and no consent in use does.
type LeftBehind struct {
	storage.Account
	Under storage.Consent // of the forerunners, which gave it last
}

// LeftBehind lists the accounts that are left behind by a consent, none before its own
// accounts are known.
func (a *App) LeftBehind(ctx context.Context, c storage.Consent) ([]LeftBehind, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(index.all, func(one *indexedConsent) bool { return one.ID == c.ID })
	if at < 0 || !index.all[at].accountsKnown() {
		return nil, nil
	}
	updated := a.updated(index)
	line := map[string]bool{c.ID: true} // it, and those whose place it took
	var all []LeftBehind
	for _, one := range index.all[at+1:] {
		if !one.Ended() || one.Series != c.Series && !line[one.ReplacedBy] {
			continue
		}
		line[one.ID] = true
		for _, id := range one.accounts {
			known := slices.Contains(index.all[at].accounts, id) || slices.ContainsFunc(all, func(l LeftBehind) bool { return l.ID == id })
			if known || updated[id] {
				continue
			}
			account, err := a.store.Account(ctx, id)
			if err != nil {
				return nil, err
			}
			all = append(all, LeftBehind{account, one.Consent})
		}
	}
	return all, nil
}

// accountsKnown reports whether it is known which accounts a consent gives: it was read,
// in full or with what could not be read noted.
func (one *indexedConsent) accountsKnown() bool {
	return !one.FetchedAt.IsZero() || one.FetchError.Given() && len(one.accounts) > 0
}

// Updated returns the accounts that a consent in use reaches, or may reach: what one
// gives that took another's place is not known before it is read. What is known of all
// others stays as old as their last fetch.
func (a *App) Updated(ctx context.Context) (map[int64]bool, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	return a.updated(index), nil
}

func (a *App) updated(index *consentIndex) map[int64]bool {
	updated := map[int64]bool{}
	for _, one := range index.all {
		by := a.inPlaceOf(index, one)
		if by == nil || by != one && by.accountsKnown() {
			continue
		}
		for _, account := range one.accounts {
			updated[account] = true
		}
	}
	return updated
}

// inPlaceOf is the consent in use that has a consent's place: itself, or the last of
// those that took it one from the other; nil for none.
func (a *App) inPlaceOf(index *consentIndex, one *indexedConsent) *indexedConsent {
	for range index.all { // each has a place once
		if one == nil || one.Usable(a.clock.NowAt(one.EnvironmentID)) {
			return one
		}
		one = index.byID[one.ReplacedBy]
	}
	return nil
}

// Lapse is how it stands with an account that no consent in use reaches.
type Lapse struct {
	Last    storage.Consent  // through which it was reached last
	Instead *storage.Consent // in use in its place; nil for none
	Awaited bool             // whether that one gives the account shows when it has been read
	// Erasable is the id of a consent with whose data the account's can be erased; empty
	// for none.
	Erasable string
}

// Since is from when on the account was not updated any more.
func (l Lapse) Since() time.Time { return l.Last.EndedOn() }

// LapseOf returns how it stands with an account that no consent in use reaches.
func (a *App) LapseOf(ctx context.Context, accountID int64) (Lapse, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return Lapse{}, err
	}
	at := slices.IndexFunc(index.all, func(one *indexedConsent) bool { return slices.Contains(one.accounts, accountID) })
	if at < 0 {
		return Lapse{}, nil
	}
	lapse := Lapse{Last: index.all[at].Consent}
	if by := a.inPlaceOf(index, index.all[at]); by != nil {
		lapse.Instead, lapse.Awaited = &by.Consent, !by.accountsKnown()
	}
	for _, one := range index.all[at:] {
		if slices.Contains(one.accounts, accountID) && one.Ended() && one.ErasedAt.IsZero() && !one.Erasing {
			lapse.Erasable = one.ID
			break
		}
	}
	return lapse, nil
}

// Awaited reports whether another consent is in use in an ended one's place whose
// accounts are not known yet.
func (a *App) Awaited(ctx context.Context, c storage.Consent) (bool, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return false, err
	}
	by := a.inPlaceOf(index, index.byID[c.ID])
	return by != nil && by.ID != c.ID && !by.accountsKnown(), nil
}
