// Package activity is the record of what Consentry and banks said to each other: it
// keeps each exchange, and shows them by the flow they belong to.
//
// A [Record] promises that what was exchanged before its end is kept, or counted as lost.
package activity

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"consentry/storage"
	"consentry/xs2a/record"
)

// Config is what a Record is made of; it uses nothing else of the program.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Now   func() time.Time                     // the program's clock
	NowAt func(environmentID string) time.Time // the environment's

	// Reads reports whether a consent's data are being read.
	Reads func(consentID string) bool
	// Whole keeps answers whole, up to a larger bound.
	Whole bool
}

// Record keeps exchanges and tells of them. It is safe for concurrent use.
type Record struct {
	store *storage.Store
	log   *slog.Logger
	now   func() time.Time
	nowAt func(environmentID string) time.Time
	reads func(consentID string) bool

	recorder *record.Recorder
}

// New returns a Record. What is exchanged waits until it is kept, see Keep.
func New(c Config) *Record {
	r := &Record{
		store: c.Store, log: c.Log, now: c.Now, nowAt: c.NowAt, reads: c.Reads,
		recorder: record.New(nil, c.Now), // each environment brings its network
	}
	if c.Whole {
		r.recorder = r.recorder.Whole()
	}
	return r
}

// Over returns a transport that records what goes over another.
func (r *Record) Over(network http.RoundTripper) http.RoundTripper {
	return r.recorder.WithTransport(network)
}

// Keep keeps exchanges until the context ends, and what has waited until then.
func (r *Record) Keep(ctx context.Context) {
	pruneOnce := sync.OnceFunc(func() {
		if err := r.store.PruneExchanges(context.WithoutCancel(ctx)); err != nil {
			r.log.Warn("old exchanges not dropped", "error", err)
		}
	})
	r.recorder.Run(ctx, func(e record.Exchange) error {
		pruneOnce() // where the program runs rarely, the bounds are seldom reached by adding
		err := r.store.AddExchange(context.WithoutCancel(ctx), e)
		if err != nil {
			r.log.Warn("exchange not recorded", "step", e.Step, "error", err)
		}
		return err
	})
}

// Flush waits until every exchange that has ended by now has its row.
func (r *Record) Flush(ctx context.Context) error { return r.recorder.Flush(ctx) }

// Lost returns the number of exchanges since the program's start that could not be
// recorded.
func (r *Record) Lost() int64 { return r.recorder.Lost() }

// Exchanges lists recorded exchanges, the newest first.
func (r *Record) Exchanges(ctx context.Context, q storage.ExchangeQuery, limit int) ([]storage.Exchange, error) {
	return r.store.Exchanges(ctx, q, limit)
}

// Exchange returns one recorded exchange.
func (r *Record) Exchange(ctx context.Context, id int64) (storage.Exchange, error) {
	return r.store.Exchange(ctx, id)
}

// Alike lists exchanges that were for the same as one: of the record, and of recordings, at
// most so many of each, without itself.
func (r *Record) Alike(ctx context.Context, e storage.Exchange, limit int) ([]storage.Exchange, error) {
	all, err := r.store.ExchangesOfStep(ctx, e.Step, limit+1)
	return slices.DeleteFunc(all, func(other storage.Exchange) bool { return other.ID == e.ID }), err
}
