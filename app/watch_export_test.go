package app

import (
	"context"
	"time"
)

// WatchAt does what Watch does at each tick.
func (a *App) WatchAt(ticks <-chan time.Time) {
	a.run(func(ctx context.Context) { a.watch(ctx, ticks) })
}
