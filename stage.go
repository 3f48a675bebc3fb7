package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"consentry/app/instance"
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
	carrying *frontend.Carrying // what answers early; nil: nothing
	waiting  atomic.Pointer[func() int]
	tenths   func(storage.Progress)

	door     *instance.Door // where other starts of the program ask for this one
	entrance atomic.Pointer[entrance]
	raise    chan string // the window, with what the desktop gave the other start
	login    loginStart
	blind    atomic.Bool // there was no display for a window

	keeping sync.Mutex
	kept    keptWindow
}

func newStage(o options, speech frontend.Speech, log *slog.Logger, listener net.Listener, end context.CancelCauseFunc) *stage {
	s := &stage{options: o, speech: speech, log: log, listener: listener, end: end, asked: make(chan shell.Options, 1), closed: make(chan error, 1), tenths: tenths(log),
		door: instance.NewDoor(listener.Addr().String(), storage.Version()), raise: make(chan string, 1), login: newLoginStart(o.data, o.named)}
	s.kept = s.readWindow()
	return s
}

// run runs the program beside what is shown of it, and returns when it has ended.
func (s *stage) run(ctx context.Context, program func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- program() }()
	select {
	case err := <-ended:
		return err
	case window := <-s.asked:
		s.closed <- s.present(ctx, window)
		return <-ended
	}
}

// show presents the program until the person or the system ends it. What is shown early
// goes on to what has come in its place.
func (s *stage) show(window shell.Options) error {
	if !s.early() {
		s.asked <- window
	} else if window.Waiting != nil {
		s.waiting.Store(&window.Waiting)
	}
	return <-s.closed
}

// early reports whether somebody looks already at what answers early.
func (s *stage) early() bool { return s.carrying != nil && s.options.open }

// tell tells of work with data of before: on the terminal, and to whoever looks at a window or browser. It is called from
// one goroutine, with the data folder locked.
func (s *stage) tell(p storage.Progress) {
	s.tenths(p)
	if p.Done >= p.Of && s.carrying == nil {
		return
	}
	if s.carrying == nil {
		s.carrying = frontend.NewCarrying(s.speech, folder.LanguageOf(s.options.data), s.log, s.listener, s.door)
		go func() {
			if err := s.carrying.Serve(lent{s.listener.(*net.TCPListener)}); err != nil {
				s.log.Error("serve how far the data are carried over", "error", err)
			}
		}()
		s.admit(s.carrying)
		if s.early() {
			s.asked <- s.window(s.begin(s.carrying), s.carrying.Begun(), s.count)
		}
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
