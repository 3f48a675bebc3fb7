package app

import (
	"context"
	"time"
)

// WatchAt does what Watch does at each tick.
func (a *App) WatchAt(ticks <-chan time.Time) {
	a.run(func(ctx context.Context) { a.watch(ctx, ticks) })
}

// FetchAlone fetches without the person.
func (a *App) FetchAlone(consentID string) { a.reader.Begin(consentID, nil) }

// FetchDue performs the fetches that the schedules of consents begin by now,
// without the person and within the quota, and waits for them.
func (a *App) FetchDue(ctx context.Context) error { return a.doAtBanks(ctx, fetching) }

// Settle finishes what is left half done at all banks, and waits for it.
func (a *App) Settle(ctx context.Context) error { return a.doAtBanks(ctx, settling) }

// doAtBanks does a duty at all banks and waits for it.
func (a *App) doAtBanks(ctx context.Context, of duty) error {
	var all failures
	a.atBanks(ctx, all.add, of).Wait()
	return all.joined()
}
