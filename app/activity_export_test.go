package app

import "context"

// FlushRecord waits until the exchanges that have ended by now are recorded.
func (a *App) FlushRecord(ctx context.Context) error { return a.recorder.Flush(ctx) }
