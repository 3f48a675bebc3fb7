package app

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
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
	told := map[int64]bool{}            // accounts it gives, or which are on the list
	for _, id := range index.all[at].accounts {
		told[id] = true
	}
	var all []LeftBehind
	for _, one := range index.all[at+1:] {
		if !one.Ended() || one.Series != c.Series && !line[one.ReplacedBy] {
			continue
		}
		line[one.ID] = true
		for _, id := range one.accounts {
			if told[id] || updated[id] {
				continue
			}
			account, err := a.store.Account(ctx, id)
			if err != nil {
				return nil, err
			}
			told[id], all = true, append(all, LeftBehind{account, one.Consent})
		}
	}
	return all, nil
}

// accountsKnown reports whether it is known which accounts a consent gives: the bank's
// list was stored whole, whatever of each account could be read.
func (one *indexedConsent) accountsKnown() bool { return !one.ListedAt.IsZero() }

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
	places := a.places(index)
	for _, one := range index.all {
		by := places[one]
		if by == nil || by != one && by.accountsKnown() {
			continue
		}
		for _, account := range one.accounts {
			updated[account] = true
		}
	}
	return updated
}

// places returns for each consent the one in use that has its place: itself, or the last
// of those that took it one from the other; nil for none. Each is looked at once, however
// many took one place.
func (a *App) places(index *consentIndex) map[*indexedConsent]*indexedConsent {
	now := map[string]time.Time{} // by environment
	usable := func(one *indexedConsent) bool {
		at, ok := now[one.EnvironmentID]
		if !ok {
			at = a.clock.NowAt(one.EnvironmentID)
			now[one.EnvironmentID] = at
		}
		return one.Usable(at)
	}
	places := make(map[*indexedConsent]*indexedConsent, len(index.all))
	for _, one := range index.all {
		var way []*indexedConsent // from it to what is known, or in use
		by := one
		for by != nil {
			if known, ok := places[by]; ok {
				by = known
				break
			}
			places[by] = nil // each has a place once
			way = append(way, by)
			if usable(by) {
				break
			}
			by = index.byID[by.ReplacedBy]
		}
		for _, passed := range way {
			places[passed] = by
		}
	}
	return places
}

// Lapse is how it stands with an account that no consent in use reaches.
type Lapse struct {
	Last    storage.Consent  // of those that reached it, the one that was over last
	Instead *storage.Consent // in use in the place of one that reached it; nil for none
	Awaited bool             // whether that one gives the account shows when it has been read
	// Erasable is the id of a consent with whose data the account's can be erased; empty
	// for none.
	Erasable string
}

// Since is from when on the account was not updated any more.
func (l Lapse) Since() time.Time { return overOn(l.Last) }

// overOn is when a consent that is not in use was over: it ended, or its last day has
// passed and its end is not confirmed. It is zero for what was never in force.
func overOn(c storage.Consent) time.Time {
	if c.Ended() || c.Status != xs2a.ConsentValid {
		return c.EndedOn()
	}
	last, _ := time.Parse(time.DateOnly, c.ValidUntil) // zero for none
	return last
}

// LapseOf returns how it stands with an account that no consent in use reaches. Consents
// of several series may have reached it, each with one in its place.
func (a *App) LapseOf(ctx context.Context, accountID int64) (Lapse, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return Lapse{}, err
	}
	places := a.places(index)
	var lapse Lapse
	live := false // one has not ended: what an account holds stays as long
	for _, one := range index.all {
		if !slices.Contains(one.accounts, accountID) {
			continue
		}
		if lapse.Last.ID == "" || overOn(one.Consent).After(lapse.Since()) {
			lapse.Last = one.Consent
		}
		if by := places[one]; by != nil && !lapse.Awaited && (lapse.Instead == nil || !by.accountsKnown()) {
			lapse.Instead, lapse.Awaited = &by.Consent, !by.accountsKnown()
		}
		if !one.Ended() {
			live = true
		} else if lapse.Erasable == "" && one.ErasedAt.IsZero() && !one.Erasing {
			lapse.Erasable = one.ID
		}
	}
	if live {
		lapse.Erasable = ""
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
	by := a.places(index)[index.byID[c.ID]]
	return by != nil && by.ID != c.ID && !by.accountsKnown(), nil
}
