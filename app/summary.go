package app

import (
	"context"
	"time"

	"consentry/app/clock"
)

// Summary is what every screen shows beside its content.
type Summary struct {
	NeedYou     int           // consents that wait for the person
	FetchedAt   time.Time     // the fetch that is complete for the shortest time; zero for never
	FetchedNow  time.Time     // what time it is by the clock FetchedAt goes by
	Environment string        // the environment in use, where there is but one
	Ahead       time.Duration // of the practice banks' clock
	Doubt       *clock.Doubt  // of this machine's; nil where nothing speaks against it
}

// Summary sums up where the program stands.
func (a *App) Summary(ctx context.Context) (Summary, error) {
	s := Summary{Ahead: a.clock.Ahead(), Doubt: a.clock.Doubt()}
	index, err := a.consentIndex(ctx)
	if err != nil {
		return s, err
	}
	for _, one := range index.all {
		if a.groupOf(one) == NeedsPerson {
			s.NeedYou++
		}
	}
	for environment, fetched := range index.fetched {
		if now := a.clock.NowAt(environment); s.FetchedAt.IsZero() || now.Sub(fetched) < s.FetchedNow.Sub(s.FetchedAt) {
			s.FetchedAt, s.FetchedNow = fetched, now
		}
	}
	environments, err := a.store.EnvironmentNames(ctx)
	if len(environments) == 1 {
		s.Environment = environments[0]
	}
	return s, err
}
