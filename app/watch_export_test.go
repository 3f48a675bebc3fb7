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
func (a *App) FetchAlone(consentID string) { a.beginFetch(consentID, nil) }
