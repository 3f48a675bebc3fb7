package app

import (
	"sync"
	"time"
)

// presenceLasts is how long after a page of the program was last seen somebody is
// taken to be there. Without them no request names them.
const presenceLasts = 10 * time.Minute

// presence knows when a page of the program was last seen: at first, none was.
type presence struct {
	now   func() time.Time
	mu    sync.Mutex
	at    time.Time
	again chan struct{} // closed when a page is seen next; nil while nobody waits for it
}

// Seen notes that a page is.
func (p *presence) Seen() { p.seen(p.now()) }

func (p *presence) seen(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
	if p.again != nil {
		close(p.again)
		p.again = nil
	}
}

// Missed returns what is closed as soon as a page is seen, where none was for so
// long; nil where one was.
func (p *presence) Missed(since time.Duration) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.within(since) {
		return nil
	}
	if p.again == nil {
		p.again = make(chan struct{})
	}
	return p.again
}

// Away returns what is closed as soon as somebody is there; nil while somebody is.
func (p *presence) Away() <-chan struct{} { return p.Missed(presenceLasts) }

// Present reports whether somebody is there: a page was seen in the last ten minutes.
func (p *presence) Present() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.within(presenceLasts)
}

// within reports whether a page was seen since; the lock is held.
func (p *presence) within(since time.Duration) bool {
	return !p.at.IsZero() && p.now().Sub(p.at) < since
}

// Seen notes that a page of the program is open, be it behind others, or that
// somebody did something there. What waits for them goes on.
func (a *App) Seen() { a.presence.Seen() }

// Present reports whether somebody is there: a page was seen in the last ten
// minutes.
func (a *App) Present() bool { return a.presence.Present() }
