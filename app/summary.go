package app

import (
	"context"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// soonDays is when a consent that ends begins to need the person.
const soonDays = 30

// Summary is what every screen shows beside its content.
type Summary struct {
	NeedYou     int       // consents that wait for the person
	FetchedAt   time.Time // the latest complete fetch; zero for never
	Environment string    // the environment in use, where there is but one
}

// Summary sums up where the program stands.
func (a *App) Summary(ctx context.Context) (Summary, error) {
	var s Summary
	consents, err := a.store.Consents(ctx)
	if err != nil {
		return s, err
	}
	partial := map[string]bool{}
	for _, c := range consents {
		partial[c.ID] = c.Status == xs2a.ConsentPartiallyAuthorised
		if a.EndsSoon(c) || c.Status == xs2a.ConsentPartiallyAuthorised {
			s.NeedYou++
		}
		if c.FetchedAt.After(s.FetchedAt) {
			s.FetchedAt = c.FetchedAt
		}
	}
	open, err := a.store.OpenAuthorisations(ctx)
	if err != nil {
		return s, err
	}
	for _, auth := range open {
		if partial[auth.ConsentID] {
			continue // counted above
		}
		s.NeedYou++
	}
	environments, err := a.store.Environments(ctx)
	if len(environments) == 1 {
		s.Environment = environments[0].Name
	}
	return s, err
}

// RenewBy is the last day a consent can be used: the earlier of its end and
// 180 days after it was granted (RTS article 10a). It is zero for a consent
// that was never granted.
func RenewBy(c storage.Consent) time.Time {
	if c.GrantedAt.IsZero() {
		return time.Time{}
	}
	by := c.GrantedAt.AddDate(0, 0, defaultDays)
	if until, err := time.ParseInLocation(time.DateOnly, c.ValidUntil, by.Location()); err == nil && until.Before(by) {
		by = until
	}
	return by
}

// RunOut tells whether a consent the bank last called valid is past its date.
func (a *App) RunOut(c storage.Consent) bool {
	return c.Status == xs2a.ConsentValid && c.ValidUntil < a.now().Format(time.DateOnly)
}

// EndsSoon tells whether a consent in use has to be renewed within 30 days.
func (a *App) EndsSoon(c storage.Consent) bool {
	return c.Status == xs2a.ConsentValid && c.Recurring && !a.RunOut(c) &&
		RenewBy(c).Before(a.now().AddDate(0, 0, soonDays))
}
