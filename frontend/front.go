package frontend

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"consentry/app/instance"
)

// Front is the one server at the program's address, for as long as the program runs. What answers behind it changes: how far
// data are carried over, who is there, the page of a lock, the screens. Connections stay, and what is asked for while nothing
// answers waits: a server that is shut down drops what has just come, and with it what a person sent.
type Front struct {
	http     *http.Server
	listener net.Listener
	door     http.Handler // where another start of the program asks for this one; nil: there is none

	mu      sync.Mutex
	now     *shift        // of what answers; nil: nothing does
	change  chan struct{} // closed when something answers, or never will
	waiting int           // requests
	ended   bool
}

// mostWaiting bounds the requests that wait. A browser sends a handful at once.
const mostWaiting = 256

// shift is the time in which one page, or the screens, answer.
type shift struct {
	page    http.Handler
	running map[*running]struct{}
	over    chan struct{} // closed when nothing new comes to it
	idle    chan struct{} // closed when it is over, and all that came is answered
}

// NewFront returns a server at the listener's address, behind which nothing answers yet but the door.
func NewFront(listener net.Listener, log *slog.Logger, door http.Handler) *Front {
	f := &Front{listener: listener, change: make(chan struct{})}
	if door != nil { // it needs no session: who asks there proves that they have read a file of the person's
		f.door = checkHost(listener.Addr().String(), secureHeaders(http.NewCrossOriginProtection().Handler(door)))
	}
	f.http = newHTTPServer(log, f)
	return f
}

// Serve answers until Shutdown.
func (f *Front) Serve() error {
	if err := f.http.Serve(f.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Answer has a page answer from now on, in place of what did. Requests that have begun are answered by what they came to.
func (f *Front) Answer(page http.Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now != nil {
		f.now.end()
	} else if !f.ended {
		close(f.change)
	}
	f.now = &shift{page: page, running: map[*running]struct{}{}, over: make(chan struct{}), idle: make(chan struct{})}
}

// Leave has nothing answer from now on. It lets requests that have begun end as long as the context lets it, and cuts off
// those that go on: what was behind them may be closed then.
func (f *Front) Leave(ctx context.Context) error {
	f.mu.Lock()
	last := f.now
	if f.now = nil; last != nil {
		last.end()
		if !f.ended {
			f.change = make(chan struct{})
		}
	}
	f.mu.Unlock()
	if last == nil {
		return nil
	}
	select {
	case <-last.idle:
		return nil
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for each := range last.running {
		each.cutOff()
	}
	return ctx.Err()
}

// Shutdown lets requests that have begun end as long as the context lets it, cuts off those that go on, and answers no more.
func (f *Front) Shutdown(ctx context.Context) error {
	f.mu.Lock()
	if !f.ended && f.now == nil {
		close(f.change)
	}
	f.ended = true
	f.mu.Unlock()
	return stop(ctx, f.http)
}

// end is called with the front's lock, once.
func (s *shift) end() {
	close(s.over)
	if len(s.running) == 0 {
		close(s.idle)
	}
}

type shiftKey struct{}

// givesWay is closed when something else is to answer than what a request came to; nil where that does not happen.
func givesWay(ctx context.Context) <-chan struct{} {
	over, _ := ctx.Value(shiftKey{}).(<-chan struct{})
	return over
}

// ServeHTTP hands a request to what answers, and waits where nothing does.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.door != nil && r.Method == http.MethodPost && r.URL.Path == instance.Path {
		f.door.ServeHTTP(w, r)
		return
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	here := &running{ResponseWriter: w, stop: stop}
	at, waited := f.enter(ctx, here)
	if at == nil {
		w.Header().Set("Connection", "close")
		_ = here.SetReadDeadline(time.Now()) // what is still to come of it is not waited for
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	defer f.left(at, here)
	if now := time.Now(); waited {
		_ = here.SetWriteDeadline(now.Add(f.http.WriteTimeout))
		if r.ContentLength != 0 { // else the line is watched for who asks to go, and a time would end that
			_ = here.SetReadDeadline(now.Add(f.http.ReadTimeout))
		}
	}
	at.page.ServeHTTP(here, r.WithContext(context.WithValue(ctx, shiftKey{}, (<-chan struct{})(at.over))))
	if here.isCut() {
		panic(http.ErrAbortHandler) // as net/http has a handler say that what it answered is not whole
	}
}

// enter returns what answers as soon as something does; nil where nothing will, where too many wait, and where who asked has
// gone.
func (f *Front) enter(ctx context.Context, here *running) (at *shift, waited bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.now == nil {
		if f.ended || f.waiting == mostWaiting || ctx.Err() != nil {
			return nil, waited
		}
		waited = true
		_, _ = here.SetReadDeadline(time.Time{}), here.SetWriteDeadline(time.Time{}) // that it takes long is no fault of who asks
		f.waiting++
		change := f.change
		f.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
		}
		f.mu.Lock()
		f.waiting--
	}
	f.now.running[here] = struct{}{}
	return f.now, waited
}

func (f *Front) left(at *shift, here *running) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(at.running, here)
	select {
	case <-at.over:
		if len(at.running) == 0 {
			close(at.idle)
		}
	default:
	}
}

// running is a request that is being answered. Once it is cut off, nothing gives it more time.
type running struct {
	http.ResponseWriter
	stop context.CancelFunc

	mu  sync.Mutex
	cut bool
}

// Unwrap lets http.ResponseController reach the real writer.
func (r *running) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// SetReadDeadline is what http.ResponseController calls.
func (r *running) SetReadDeadline(until time.Time) error {
	return r.bound(http.NewResponseController(r.ResponseWriter).SetReadDeadline, until)
}

// SetWriteDeadline is likewise.
func (r *running) SetWriteDeadline(until time.Time) error {
	return r.bound(http.NewResponseController(r.ResponseWriter).SetWriteDeadline, until)
}

func (r *running) bound(set func(time.Time) error, until time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut {
		return os.ErrDeadlineExceeded
	}
	return set(until)
}

func (r *running) cutOff() {
	line, past := http.NewResponseController(r.ResponseWriter), time.Unix(1, 0)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	_, _ = line.SetReadDeadline(past), line.SetWriteDeadline(past) // an error is that it is cut already
	r.stop()
}

func (r *running) isCut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cut
}
