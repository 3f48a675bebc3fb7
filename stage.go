package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"consentry/app/instance"
	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
)

// stage shows the program once, on the main goroutine, as systems want windows there, and lets persons in: to whatever answers
// at its address, be it how far old data are carried over, who is there, the page of a lock or the screens. What answers
// changes; the address, the sessions and the door stay, and so does the window.
type stage struct {
	options  options
	speech   frontend.Speech
	log      *slog.Logger
	listener net.Listener
	end      context.CancelCauseFunc // of the program, and so of what is shown

	front     *frontend.Front
	sessions  *frontend.Sessions
	callbacks *frontend.Callbacks
	profile   atomic.Pointer[string] // the folder of the profile that is open or locked; nil while nobody is there

	asked    chan shell.Options
	shown    bool // something was asked to be shown
	printed  bool // the address was
	closed   chan error
	carrying *frontend.Carrying // what answers while data are carried over; nil: nothing
	locked   atomic.Bool        // nothing may be named anywhere
	waiting  atomic.Pointer[func() int]
	tenths   func(storage.Progress)

	release  func() error   // of the folder; nil until this is the program that runs on it
	door     *instance.Door // where other starts of the program ask for this one
	admitted atomic.Bool    // somebody can come in
	raise    chan string    // the window, with what the desktop gave the other start
	login    loginStart
	blind    atomic.Bool // there was no display for a window

	keeping sync.Mutex
	kept    keptWindow
}

func newStage(o options, speech frontend.Speech, log *slog.Logger, listener net.Listener, end context.CancelCauseFunc) *stage {
	s := &stage{options: o, speech: speech, log: log, listener: listener, end: end, asked: make(chan shell.Options, 1), closed: make(chan error, 1), tenths: tenths(log),
		sessions: frontend.NewSessions(listener), callbacks: frontend.NewCallbacks(listener, log),
		door: instance.NewDoor(listener.Addr().String(), storage.Version()), raise: make(chan string, 1), login: newLoginStart(o.data, o.named)}
	s.front = frontend.NewFront(listener, log, s.door)
	s.profile.Store(&o.data)
	s.kept = s.readWindow()
	return s
}

// run runs the program beside what is shown of it, and returns when it has ended.
func (s *stage) run(ctx context.Context, program func() error) error {
	go func() {
		if err := s.front.Serve(); err != nil {
			s.end(err)
		}
	}()
	defer s.lastRequests(s.callbacks.Stop)
	defer s.lastRequests(s.front.Shutdown)
	ended := make(chan error, 1)
	go func() {
		err := program()
		s.end(nil) // and with it what is shown
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case window := <-s.asked:
		s.closed <- s.present(ctx, window)
		return <-ended
	}
}

// show has something be shown from now on, once: what answers later does so at the same address. The address printed is that
// of whoever comes first; those who come later have a session, or ask at the door.
func (s *stage) show(stdout io.Writer) {
	if s.shown && s.printed {
		return
	}
	address := s.begin()
	s.print(stdout, address)
	s.ask(address)
}

func (s *stage) ask(address string) {
	if !s.shown {
		s.shown = true
		s.asked <- s.window(address)
	}
}

// print prints the first address. Nobody waits for that of a program in the background, and what a desktop starts writes
// into its log.
func (s *stage) print(stdout io.Writer, address string) {
	if !s.printed && !s.options.background {
		fmt.Fprintln(stdout, address)
	}
	s.printed = true
}

// begin is the address at which what is shown begins.
func (s *stage) begin() string {
	if s.options.open && shell.Window {
		return s.sessions.WindowAddress()
	}
	return s.sessions.Address()
}

// looked reports whether somebody looks at the program, or did.
func (s *stage) looked() bool {
	select {
	case <-s.sessions.Begun():
		return true
	default:
		return s.options.open
	}
}

// lastRequests ends something that answers, and gives requests that have begun a little time.
func (s *stage) lastRequests(end func(context.Context) error) {
	grace, cancel := context.WithTimeout(context.Background(), requestsEnd)
	defer cancel()
	if err := end(grace); err != nil {
		s.log.Debug("requests were cut off", "error", err)
	}
}

// language is the one that was chosen in the profile; empty where none was, or nobody is there.
func (s *stage) language() string {
	if dir := s.profile.Load(); dir != nil {
		return folder.LanguageOf(*dir)
	}
	return ""
}

// spoken returns a context in which something is said that no page asked for, in the language that was chosen last.
func (s *stage) spoken() context.Context {
	return s.speech.Unasked(context.Background(), s.language())
}

// tell tells of work with data of before: on the terminal, and to whoever looks at a window or browser. It is called from
// one goroutine.
func (s *stage) tell(p storage.Progress) {
	s.tenths(p)
	if p.Done >= p.Of && s.carrying == nil {
		return
	}
	if s.carrying == nil { // also where the page of a lock answered before, or of who is there
		s.carrying = frontend.NewCarrying(s.speech, s.language(), s.log, s.listener, s.sessions)
		s.front.Answer(s.carrying)
		s.admit()
		if s.options.open && !s.shown {
			s.ask(s.begin())
		}
	}
	s.carrying.Tell(p)
}

// count says what counts the things that wait for the person; nil: that is not known.
func (s *stage) count(waiting func() int) {
	if waiting == nil {
		s.waiting.Store(nil)
		return
	}
	s.waiting.Store(&waiting)
}

// counted is how many things wait for the person, once that is known. A program that is locked does not tell.
func (s *stage) counted() int {
	if waiting := s.waiting.Load(); waiting != nil && !s.locked.Load() {
		return (*waiting)()
	}
	return 0
}
