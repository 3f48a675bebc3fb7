package frontend

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
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

	mu     sync.Mutex
	now    *shift        // of what answers; nil: nothing does
	change chan struct{} // closed when something answers, or never will
	ended  bool
}

// shift is the time in which one page, or the screens, answer.
type shift struct {
	page    http.Handler
	running map[*running]struct{}
	over    chan struct{} // closed when nothing new comes to it
	idle    chan struct{} // closed when it is over, and all that came is answered
}

// running is a request that is being answered.
type running struct {
	cut  context.CancelFunc
	line *http.ResponseController
}

// NewFront returns a server at the listener's address, behind which nothing answers yet but the door, where another start of
// the program asks for this one; nil: there is none.
func NewFront(listener net.Listener, log *slog.Logger, door http.Handler) *Front {
	f := &Front{listener: listener, change: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/", f.pass)
	if door != nil {
		// It needs no session: who asks there proves that they have read a file of the person's.
		door = http.NewCrossOriginProtection().Handler(door)
		mux.Handle("POST "+instance.Path, checkHost(listener.Addr().String(), secureHeaders(door)))
	}
	f.http = newHTTPServer(log, mux)
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
	if last != nil {
		last.end()
		f.now = nil
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
		each.cut()
		// An error is that the line is cut already.
		_ = each.line.SetReadDeadline(time.Unix(1, 0))
		_ = each.line.SetWriteDeadline(time.Unix(1, 0))
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
func (t *shift) end() {
	close(t.over)
	if len(t.running) == 0 {
		close(t.idle)
	}
}

type shiftKey struct{}

// givesWay is closed when something else is to answer than what a request came to; nil where that does not happen.
func givesWay(ctx context.Context) <-chan struct{} {
	over, _ := ctx.Value(shiftKey{}).(<-chan struct{})
	return over
}

// pass hands a request to what answers, and waits where nothing does.
func (f *Front) pass(w http.ResponseWriter, r *http.Request) {
	ctx, cut := context.WithCancel(r.Context())
	defer cut()
	line := http.NewResponseController(w)
	for waited := false; ; waited = true {
		here := &running{cut: cut, line: line}
		t, change, ended := f.enter(here)
		switch {
		case ended:
			w.Header().Set("Connection", "close")
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		case t == nil:
			_, _ = line.SetReadDeadline(time.Time{}), line.SetWriteDeadline(time.Time{}) // it may take long, and is no fault of who asks
			select {
			case <-change:
			case <-ctx.Done():
				return
			}
			continue
		case waited:
			now := time.Now()
			_, _ = line.SetReadDeadline(now.Add(readTimeout)), line.SetWriteDeadline(now.Add(writeTimeout))
		}
		defer f.left(t, here)
		t.page.ServeHTTP(w, r.WithContext(context.WithValue(ctx, shiftKey{}, (<-chan struct{})(t.over))))
		return
	}
}

// enter returns what answers; where nothing does, what is closed when that changes.
func (f *Front) enter(here *running) (t *shift, change <-chan struct{}, ended bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now != nil {
		f.now.running[here] = struct{}{}
	}
	return f.now, f.change, f.ended && f.now == nil
}

func (f *Front) left(t *shift, here *running) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(t.running, here)
	select {
	case <-t.over:
		if len(t.running) == 0 {
			close(t.idle)
		}
	default:
	}
}
