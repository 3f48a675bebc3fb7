package app

import (
	"sync"
	"time"

	"consentry/xs2a"
)

const (
	// presenceLasts is how long after a page of the program was last seen
	// somebody is taken to be there. Without them no request names them.
	presenceLasts = 10 * time.Minute

	// watchedFor is how long after that they are taken to wait for the outcome.
	// Browsers let a page behind others say once a minute that it is open.
	watchedFor = 2 * time.Minute
)

// presence knows when a page of the program was last seen. Its zero value has
// never seen one.
type presence struct {
	mu    sync.Mutex
	at    time.Time
	again chan struct{} // closed when a page is seen next; nil while nobody waits for it
}

func (p *presence) seen(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = now
	if p.again != nil {
		close(p.again)
		p.again = nil
	}
}

// missed returns what is closed as soon as a page is seen, where none was for so
// long; nil where one was.
func (p *presence) missed(since time.Duration, now time.Time) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.within(since, now) {
		return nil
	}
	if p.again == nil {
		p.again = make(chan struct{})
	}
	return p.again
}

// within reports whether a page was seen since; the lock is held.
func (p *presence) within(since time.Duration, now time.Time) bool {
	return !p.at.IsZero() && now.Sub(p.at) < since
}

// Seen notes that a page of the program is open, be it behind others, or that
// somebody did something there. What waits for them goes on.
func (a *App) Seen() { a.presence.seen(a.now()) }

// Present reports whether somebody is there: a page was seen in the last ten
// minutes.
func (a *App) Present() bool {
	a.presence.mu.Lock()
	defer a.presence.mu.Unlock()
	return a.presence.within(presenceLasts, a.now())
}

// left reports whether a call names a person who is not there any more.
func (a *App) left(call xs2a.Call) bool { return call.PSU != nil && !a.Present() }
