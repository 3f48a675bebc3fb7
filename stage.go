package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
)

// stage shows the program once, on the main goroutine, as systems want windows there: either when it has
// started, or already while data of an earlier version are brought up to date.
type stage struct {
	options  options
	speech   frontend.Speech
	log      *slog.Logger
	listener net.Listener
	end      context.CancelCauseFunc // of the program, and so of what is shown

	asked    chan shell.Options
	closed   chan error
	carrying *frontend.Carrying // what is shown early; nil: nothing
	waiting  atomic.Pointer[func() int]
	tenths   func(storage.Progress)
}

func newStage(o options, speech frontend.Speech, log *slog.Logger, listener net.Listener, end context.CancelCauseFunc) *stage {
	return &stage{options: o, speech: speech, log: log, listener: listener, end: end, asked: make(chan shell.Options, 1), closed: make(chan error, 1), tenths: tenths(log)}
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
	if s.carrying == nil {
		s.asked <- window
	} else if window.Waiting != nil {
		s.waiting.Store(&window.Waiting)
	}
	return <-s.closed
}

// tell tells of work with data of before: on the terminal, and where somebody looks at a window or browser
// there, too. It is called from one goroutine.
func (s *stage) tell(p storage.Progress) {
	s.tenths(p)
	if !s.options.open || p.Done >= p.Of && s.carrying == nil {
		return
	}
	if s.carrying == nil {
		s.carrying = frontend.NewCarrying(s.speech, folder.LanguageOf(s.options.data), s.log, s.listener)
		go func() {
			if err := s.carrying.Serve(lent{s.listener.(*net.TCPListener)}); err != nil {
				s.log.Error("serve how far the data are carried over", "error", err)
			}
		}()
		s.asked <- shell.Options{URL: s.carrying.Address(), Title: "Consentry", Open: true, Begun: s.carrying.Begun(), Log: s.log, Waiting: s.count}
	}
	s.carrying.Tell(p)
}

// count is how many things wait for the person, once that is known.
func (s *stage) count() int {
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
	return errors.Join(s.carrying.Shutdown(grace), s.listener.(*net.TCPListener).SetDeadline(time.Time{}))
}

// lent is a listener that somebody else goes on with: closing it ends waiting, and nothing else.
type lent struct{ *net.TCPListener }

func (l lent) Close() error { return l.SetDeadline(time.Unix(1, 0)) }
