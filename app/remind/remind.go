// Package remind is how a person is reminded of consents that have to be renewed: on the
// screens, on the desktop, and by a calendar file.
//
// [Reminders] promise that each is shown once for each level, also after a crash, and that
// none can be put off past the last day. They ask no bank and renew nothing.
package remind

import (
	"context"
	"iter"
	"log/slog"

	"consentry/app/clock"
	"consentry/storage"
)

// Config is what Reminders are made of; they use nothing else of the program.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Clock *clock.Clock

	// Consents returns all consents there are.
	Consents func(ctx context.Context) (iter.Seq[storage.Consent], error)
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
}

// Reminders tell when consents have to be renewed. They are safe for concurrent use.
type Reminders struct {
	store    *storage.Store
	log      *slog.Logger
	clock    *clock.Clock
	consents func(context.Context) (iter.Seq[storage.Consent], error)
	run      func(func(context.Context))
}

// New returns Reminders.
func New(c Config) *Reminders {
	return &Reminders{store: c.Store, log: c.Log, clock: c.Clock, consents: c.Consents, run: c.Run}
}
