package clock

import (
	"context"
	"net/http"
	"sync"
	"time"

	"consentry/xs2a"
)

// This machine's clock may be wrong: a flat battery, a mistyped year. What follows
// from the time alone and cannot be undone is done when something else bears the
// clock out: a bank's own clock, or a second look a day later. The practice banks
// have this machine's clock, so that theirs proves nothing, and needs no proof.

const (
	// clockSlack is by how much two clocks may differ, or one be corrected, without
	// being wrong. It is less than what matters to anything here, which are days.
	clockSlack = 10 * time.Minute

	// secondLook is after what time the clock is believed that nothing contradicts.
	secondLook = 24 * time.Hour

	// longAway is how long the program was not running, by the clock, where that may as
	// well have been set wrong.
	longAway = 7 * 24 * time.Hour

	// seenEvery is how often the time is noted, for the next start to compare with.
	seenEvery = 10 * time.Minute
)

// Doubt is why this machine's clock may be wrong.
type Doubt struct {
	Was time.Time // what time it should be, or was before
	Is  time.Time // what this machine says
	// Bank is the host whose clock says Was; empty where the clock itself has
	// jumped, or is behind what it was at the last time.
	Bank string
	// Running: it jumped while the program ran.
	Running bool
}

// timekeeper holds this machine's clock against others.
type timekeeper struct {
	now    func() time.Time
	uptime func() time.Duration // passes evenly, whatever is done to the clock

	mu      sync.Mutex
	looked  bool
	at      time.Time                    // of the last look, by the clock
	up      time.Duration                // and for sure
	doubt   *Doubt                       // until a bank's clock bears this one out
	ahead   map[xs2a.Reach]time.Duration // how far the bank's clock is ahead of this one
	borne   bool                         // some bank's clock has borne it out since the last jump
	away    time.Duration                // since the last time that was noted before the start
	started time.Duration                // uptime then
	brought bool                         // what was noted ahead of time was brought back in this run
	noted   time.Duration                // uptime of the last note
}

func newTimekeeper(now func() time.Time, uptime func() time.Duration) *timekeeper {
	return &timekeeper{now: now, uptime: uptime, ahead: map[xs2a.Reach]time.Duration{}}
}

// look finds out whether the clock has jumped since the last look.
func (k *timekeeper) look() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lookLocked()
}

func (k *timekeeper) lookLocked() (now time.Time) {
	now, up := k.now(), k.uptime()
	if k.looked {
		if should := k.at.Add(up - k.up); apart(now, should) {
			k.jumped(Doubt{Was: should, Is: now, Running: true})
		}
	}
	k.looked, k.at, k.up = true, now, up
	return now
}

// since holds the clock against the time that was noted in an earlier run.
func (k *timekeeper) since(seen time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.lookLocked()
	k.away, k.started = now.Sub(seen), k.up
	if seen.Sub(now) > clockSlack {
		k.jumped(Doubt{Was: seen, Is: now})
	}
}

// steady is Clock.Steady.
func (k *timekeeper) steady() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lookLocked()
	return k.borne || k.doubt == nil && (k.away < longAway || k.up-k.started >= secondLook)
}

// jumped takes back what others said of the clock before.
func (k *timekeeper) jumped(doubt Doubt) {
	k.doubt, k.borne = &doubt, false
	clear(k.ahead)
}

// heard takes what time it is at a bank.
func (k *timekeeper) heard(r xs2a.Reach, host string, at time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.lookLocked()
	k.ahead[r] = at.Sub(now)
	switch {
	case !apart(at, now):
		k.doubt, k.borne = nil, true
	case !k.borne && (k.doubt == nil || k.doubt.Bank != ""): // one bank's clock may be wrong as well
		k.doubt = &Doubt{Was: at, Is: now, Bank: host}
	}
}

// bank is Clock.AtBank.
func (k *timekeeper) bank(r xs2a.Reach) (at time.Time, known, same bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.lookLocked()
	ahead, known := k.ahead[r]
	return now.Add(ahead), known, known && !apart(now.Add(ahead), now)
}

// believed is Clock.Believed.
func (k *timekeeper) believed(first time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.lookLocked()
	return k.doubt == nil && now.Sub(first) >= secondLook
}

func apart(a, b time.Time) bool { return a.Sub(b).Abs() > clockSlack }

// Over returns a transport that reads a bank's clock from each answer that comes over
// another.
func (c *Clock) Over(r xs2a.Reach, network http.RoundTripper) http.RoundTripper {
	return &clockTransport{keeper: c.keeper, reach: r, next: network}
}

type clockTransport struct {
	keeper *timekeeper
	reach  xs2a.Reach
	next   http.RoundTripper
}

func (c *clockTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(req)
	if err != nil || res.Header.Get("Age") != "" { // out of a cache: its date is that of another day
		return res, err
	}
	if at, err := http.ParseTime(res.Header.Get("Date")); err == nil { // RFC 9110 section 6.6.1
		c.keeper.heard(c.reach, req.URL.Host, at)
	}
	return res, nil
}

// AtBank returns the time at a bank, and whether it bears this machine's clock out.
func (c *Clock) AtBank(r xs2a.Reach) (at time.Time, known, same bool) { return c.keeper.bank(r) }

// Believed reports whether a second look confirms what was first seen at a time by this
// machine's clock: a day has passed since, not by a jump, and nothing contradicts it.
func (c *Clock) Believed(first time.Time) bool { return c.keeper.believed(first) }

// Steady reports whether this machine's clock may be believed: a bank's has agreed, or it
// goes on from where it was at the last start, or has gone on for a day, and nothing
// contradicts it.
func (c *Clock) Steady() bool { return c.keeper.steady() }

// Doubt says why this machine's clock may be wrong; nil where nothing speaks
// against it.
func (c *Clock) Doubt() *Doubt {
	c.keeper.mu.Lock()
	defer c.keeper.mu.Unlock()
	if c.keeper.doubt == nil {
		return nil
	}
	doubt := *c.keeper.doubt
	return &doubt
}

// Keep looks at this machine's clock: against the time that passed, once against what was
// noted in an earlier run, and notes it in turn.
func (c *Clock) Keep(ctx context.Context) error {
	c.keeper.look()
	c.keeper.mu.Lock()
	first, borne, brought := c.keeper.noted == 0, c.keeper.borne, c.keeper.brought
	due := first || c.keeper.uptime()-c.keeper.noted >= seenEvery || c.store.Fault() != ""
	c.keeper.mu.Unlock()
	if first {
		seen, err := c.store.Seen(ctx)
		if err != nil {
			return err
		}
		c.keeper.since(seen)
		if doubt := c.Doubt(); doubt != nil {
			c.log.Warn("this machine's clock is behind what it was", "was", doubt.Was, "is", doubt.Is)
		}
	}
	if borne && !brought { // what lies ahead of a clock that is right was noted by one that was not
		if err := c.store.BringBack(ctx, c.practiceIDs()); err != nil {
			return err
		}
	}
	if due {
		if err := c.store.NoteSeen(ctx); err != nil {
			return err
		}
	}
	if due && c.Steady() {
		if err := c.store.DropOldExchanges(ctx); err != nil {
			return err
		}
	}
	c.keeper.mu.Lock()
	defer c.keeper.mu.Unlock()
	c.keeper.brought = c.keeper.brought || borne
	if due {
		c.keeper.noted = max(c.keeper.uptime(), 1)
	}
	return nil
}
