// Package clock is what time it is: by the program's clock, which is this machine's; in
// an environment, since the practice banks' can be moved ahead; and whether this
// machine's may be believed.
//
// A [Clock] promises that a live environment never sees the practice banks' time, and
// that a doubt stands until a bank's clock bears this machine's out.
package clock

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"consentry/storage"
)

// Config is what a Clock is made of; it uses nothing else of the program.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Now   func() time.Time // the program's clock
	// Uptime returns how long the machine has run, which setting its clock does not change; nil: the system's.
	Uptime func() time.Duration
	// Control is the address of the practice banks' control, which keeps their
	// clock; empty without practice banks.
	Control string

	// Practice reports whether an environment is of practice banks, and PracticeIDs
	// lists all that are.
	Practice    func(environmentID string) bool
	PracticeIDs func() []string
	// Moved does what follows when the practice banks' clock was moved.
	Moved func(ctx context.Context) error
}

// Clock knows what time it is. It is safe for concurrent use.
type Clock struct {
	store   *storage.Store
	log     *slog.Logger
	now     func() time.Time
	control string

	practice    func(environmentID string) bool
	practiceIDs func() []string
	moved       func(context.Context) error

	keeper *timekeeper

	mu    sync.Mutex
	ahead time.Duration // of the practice banks' clock
}

// New returns a Clock.
func New(c Config) *Clock {
	if c.Uptime == nil {
		c.Uptime = uptime()
	}
	return &Clock{
		store: c.Store, log: c.Log, now: c.Now, control: c.Control, practice: c.Practice, practiceIDs: c.PracticeIDs,
		moved: c.Moved, keeper: newTimekeeper(c.Now, c.Uptime),
	}
}

// Now is the program's clock; what concerns a consent goes by NowAt.
func (c *Clock) Now() time.Time { return c.now() }

// NowAt is the time in an environment.
func (c *Clock) NowAt(environmentID string) time.Time {
	if c.practice(environmentID) {
		return c.now().Add(c.Ahead())
	}
	return c.now()
}

// StoreAt returns the store with an environment's clock.
func (c *Clock) StoreAt(environmentID string) *storage.Store {
	return c.store.At(func() time.Time { return c.NowAt(environmentID) })
}
