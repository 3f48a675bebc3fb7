package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage"
)

// stage shows the program once, on the main goroutine, as systems want windows there: either when it has
// started, or already while data of an earlier version are brought up to date.
type stage struct {
	options  options
	log      *slog.Logger
	listener net.Listener
	end      context.CancelCauseFunc // of the program, and so of what is shown

	sessions  *frontend.Sessions
	callbacks *frontend.Callbacks

	asked    chan shell.Options
	shown    bool        // something was asked to be shown
	printed  bool        // the address was
	locked   atomic.Bool // nothing may be named anywhere
	closed   chan error
	carrying *frontend.Carrying // what is shown early; nil: nothing
	waiting  atomic.Pointer[func() int]
	tenths   func(storage.Progress)
}

func newStage(o options, log *slog.Logger, listener net.Listener, end context.CancelCauseFunc) *stage {
	return &stage{options: o, log: log, listener: listener, end: end, sessions: frontend.NewSessions(listener), callbacks: frontend.NewCallbacks(listener, log), asked: make(chan shell.Options, 1), closed: make(chan error, 1), tenths: tenths(log)}
}

// run runs the program beside what is shown of it, and returns when it has ended.
func (s *stage) run(ctx context.Context, program func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- program() }()
	select {
	case err := <-ended:
		return err
	case window := <-s.asked:
		s.closed <- show(ctx, s.options, window)
		return <-ended
	}
}

// show presents the program until the person or the system ends it. What is shown early
// goes on to what has come in its place.
func (s *stage) show(window shell.Options) error {
	s.ask(window)
	return <-s.closed
}

// ask has something be shown, once: what comes in its place answers at the same address.
func (s *stage) ask(window shell.Options) {
	if window.Waiting != nil {
		s.waiting.Store(&window.Waiting)
	}
	window.Waiting = s.count
	if !s.shown {
		s.shown = true
		s.asked <- window
	}
}

// print prints the first address, once: those who come later have a session.
func (s *stage) print(stdout io.Writer, address string) {
	if !s.printed {
		s.printed = true
		fmt.Fprintln(stdout, address)
	}
}

// stopReturns ends the addresses at which persons come back from banks.
func (s *stage) stopReturns() {
	grace, cancel := context.WithTimeout(context.Background(), lastRequests)
	defer cancel()
	if err := s.callbacks.Stop(grace); err != nil {
		s.log.Debug("returns were cut off", "error", err)
	}
}

// tell tells of work with data of before: on the terminal, and where somebody looks at a window or browser
// there, too. It is called from one goroutine.
func (s *stage) tell(p storage.Progress) {
	s.tenths(p)
	if !s.options.open || p.Done >= p.Of && s.carrying == nil {
		return
	}
	if s.carrying == nil { // also while the window shows the page of a lock, or of who is there
		s.carrying = frontend.NewCarrying(s.log, s.listener, s.sessions)
		go func() {
			if err := s.carrying.Serve(lent{s.listener.(*net.TCPListener)}); err != nil {
				s.log.Error("serve how far the data are carried over", "error", err)
			}
		}()
		s.ask(shell.Options{URL: s.carrying.Address(), Title: "Consentry", Open: true, Begun: s.carrying.Begun(), Log: s.log, Waiting: s.count})
	}
	s.carrying.Tell(p)
}

// count is how many things wait for the person, once that is known.
func (s *stage) count() int {
	if s.locked.Load() {
		return 0
	}
	if waiting := s.waiting.Load(); waiting != nil {
		return (*waiting)()
	}
	return 0
}

// clear ends what was shown early, so that the listener is free.
func (s *stage) clear() error {
	if s.carrying == nil {
		return nil
	}
	grace, cancel := context.WithTimeout(context.Background(), lastRequests)
	defer cancel()
	err := s.carrying.Shutdown(grace)
	s.carrying = nil
	return errors.Join(err, s.listener.(*net.TCPListener).SetDeadline(time.Time{}))
}

// lent is a listener that somebody else goes on with: closing it ends waiting, and nothing else.
type lent struct{ *net.TCPListener }

func (l lent) Close() error { return l.SetDeadline(time.Unix(1, 0)) }
