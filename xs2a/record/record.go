// Package record keeps what went over the wire between the program and a bank,
// without what is as good as a password.
//
// A [Recorder] is a transport. It copies both sides of an [Exchange] as they
// pass, takes the secrets out when it has ended, and hands the rest to a sink.
// What an exchange belongs to, and which secrets are known there, comes along in
// the request's context, see [Describe] and [Described]; of whoever sends the
// request it knows nothing.
//
// Secrets are found twice: by what they are, in whatever spelling, where a flow
// knows its [Secrets]; and by the names they stand under and by their looks,
// everywhere. What is taken out for nothing can be missed; a secret cannot be
// taken back.
//
// An exchange that was kept is shown in other forms as well: under the words of
// its [Operation], and as a command of curl.
package record

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

// Recorder is the transport closest to the wire: it sees each request as it
// is sent, signed, repeated or for a token, and hands its Exchange to a sink.
//
// It changes nothing about an exchange: bodies are copied as they pass, up to
// a bound. When the exchange has ended its secrets are taken out in the background, and it
// waits for the sink, which works there, too. However slow that is, no
// exchange is dropped and none is held up: the bodies of those that wait are
// let go when they take too much room, the oldest first.
type Recorder struct {
	base    http.RoundTripper
	ended   *queue // whose secrets are to be taken out
	waiting *waiting
	lost    *atomic.Int64
	now     func() time.Time
	more    int // bytes of an answer that are kept beyond maxBody
}

// New returns a recorder over a transport; nil means the default one.
// Nothing reaches a sink before Run. Without a clock the system's is used.
func New(base http.RoundTripper, now func() time.Time) *Recorder {
	if now == nil {
		now = time.Now
	}
	return (&Recorder{ended: newQueue(), waiting: newWaiting(maxWaiting), lost: &atomic.Int64{}, now: now}).WithTransport(base)
}

// Whole returns a recorder that keeps answers whole up to 1 MiB, and shares what waits and the
// count. What it keeps of requests is the usual.
func (r *Recorder) Whole() *Recorder {
	whole := *r
	whole.more = maxWhole - maxBody
	return &whole
}

// WithTransport returns a recorder over another transport that shares what waits and the
// count: for environments that need a transport of their own.
func (r *Recorder) WithTransport(base http.RoundTripper) *Recorder {
	if base == nil {
		base = http.DefaultTransport
	}
	with := *r
	with.base = base
	return &with
}

// Run hands over exchanges, in the order they ended, until the context ends
// and those that have ended then are handed over as well. A sink's error counts the
// record as lost.
func (r *Recorder) Run(ctx context.Context, sink func(Exchange) error) {
	for last := false; ; {
		if next, found := r.waiting.take(); found {
			r.hand(next, sink)
			continue
		}
		if last {
			return
		}
		if last = ctx.Err() != nil; last {
			r.ended.settle()
			continue
		}
		select {
		case <-r.waiting.more:
		case <-ctx.Done():
		}
	}
}

// hand returns one exchange to the sink. Whatever goes wrong there costs the
// record and nothing else.
func (r *Recorder) hand(next waiter, sink func(Exchange) error) {
	if next.mark != nil {
		close(next.mark)
		return
	}
	defer func() {
		if recover() != nil {
			r.lost.Add(1)
		}
	}()
	if sink(next.exchange) != nil {
		r.lost.Add(1)
	}
}

// Flush waits until the exchanges that have ended by now were handed over, or
// the context ends.
func (r *Recorder) Flush(ctx context.Context) error {
	mark := make(chan struct{})
	r.ended.add(func() { r.waiting.add(waiter{mark: mark}) })
	select {
	case <-mark:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lost returns the number of exchanges the sink did not take.
func (r *Recorder) Lost() int64 { return r.lost.Load() }
