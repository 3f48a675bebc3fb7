package app

import (
	"context"
	"time"

	"consentry/storage"
)

// Summary is what every screen shows beside its content.
type Summary struct {
	NeedYou     int           // consents that wait for the person
	FetchedAt   time.Time     // the latest complete fetch, in real time; zero for never
	Environment string        // the environment in use, where there is but one
	Ahead       time.Duration // of the practice banks' clock
}

// Summary sums up where the program stands.
func (a *App) Summary(ctx context.Context) (Summary, error) {
	s := Summary{Ahead: a.Ahead()}
	listed, err := a.listing(ctx)
	if err != nil {
		return s, err
	}
	for _, one := range listed.all {
		if a.group(one.Consent, one.flow != nil) == storage.NeedsPerson {
			s.NeedYou++
		}
		if one.FetchedAt.IsZero() {
			continue
		}
		if at := one.FetchedAt.Add(a.now().Sub(a.NowAt(one.EnvironmentID))); at.After(s.FetchedAt) {
			s.FetchedAt = at
		}
	}
	environments, err := a.store.Environments(ctx)
	if len(environments) == 1 {
		s.Environment = environments[0].Name
	}
	return s, err
}
