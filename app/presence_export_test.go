package app

import "time"

// Waits reports whether something waits for somebody to be there.
func (a *App) Waits() bool {
	a.presence.mu.Lock()
	defer a.presence.mu.Unlock()
	return a.presence.again != nil
}

// SeenAt notes that a page will have been seen by then.
func (a *App) SeenAt(then time.Time) { a.presence.seen(then) }
