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

// LeaveAlone is what a followed authorisation's bank is left alone for.
func (a *App) LeaveAlone(ctx context.Context, pause time.Duration) time.Duration {
	return a.leaveAlone(ctx, pause, nil)
}

// Waits reports whether something waits for somebody to be there.
func (a *App) Waits() bool {
	a.presence.mu.Lock()
	defer a.presence.mu.Unlock()
	return a.presence.again != nil
}
