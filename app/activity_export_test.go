package app

import "context"

// Recorded waits until every exchange that has ended by now has its row.
func (a *App) Recorded(ctx context.Context) error { return a.recorder.Flush(ctx) }
