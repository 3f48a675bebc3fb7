package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"consentry/app/instance"
	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage"
)

// entrance is where persons are let in, now: to the page of a program that carries data over, or to its screens.
type entrance interface {
	Address() string
	WindowAddress() string
	FreshAddress() string
	FreshWindowAddress() string
	Used(address string) <-chan struct{}
}

// admit has persons be let in there from now on, and other starts of the program find it. The data folder is this program's.
func (s *stage) admit(to entrance) {
	s.entrance.Store(&to)
	if err := s.door.Open(s.options.data, s); err != nil {
		s.log.Warn("another start of Consentry cannot bring this one forward", "error", err)
	}
}

// begin is the address at which what is shown begins.
func (s *stage) begin(at entrance) string {
	if s.options.open && shell.Window {
		return at.WindowAddress()
	}
	return at.Address()
}

// Show brings the window forward, where there is one: also the first of a program in the background.
func (s *stage) Show(activation string) bool {
	if !shell.Shows() || s.blind.Load() || !s.options.open && !s.options.background {
		return false
	}
	select {
	case s.raise <- activation:
	default: // it is on its way already
	}
	return true
}

// Address is where another browser is let in.
func (s *stage) Address() string { return (*s.entrance.Load()).FreshAddress() }

// windowAddress is where the window is let in that was closed, and is shown again.
func (s *stage) windowAddress() string { return (*s.entrance.Load()).FreshWindowAddress() }

// Used is closed when an address was used or is worth nothing any more.
func (s *stage) Used(address string) <-chan struct{} { return (*s.entrance.Load()).Used(address) }

const (
	// startWait is how long a program that has the data folder may need until it answers another start.
	startWait = 15 * time.Second
	askEvery  = 200 * time.Millisecond
)

// reach asks the program that runs on a data folder, and again while it starts.
func reach(ctx context.Context, dir string, want instance.Want, patience time.Duration) (*instance.Running, error) {
	over := time.Now().Add(patience)
	for {
		running, err := instance.Ask(ctx, dir, want, shell.Activation())
		if !errors.Is(err, instance.ErrNone) || time.Now().After(over) {
			return running, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(askEvery):
		}
	}
}

// comeForward has the program that runs on the data folder be seen by who wants to see one, and reports whether one does. The
// error says that it could not be shown, or why none was reached.
func comeForward(ctx context.Context, o options, log *slog.Logger, patience time.Duration, stdout io.Writer) (runs bool, err error) {
	want := instance.WantShown
	switch {
	case o.background:
		want = instance.WantHere
	case !o.open:
		return false, nil // who starts it by "serve" wants one of their own
	}
	running, err := reach(ctx, o.data, want, patience)
	if err != nil {
		return false, err
	}
	log.Info("Consentry runs already with this data folder")
	if v := running.Answer.Version; v != storage.Version() {
		log.Warn("what runs is another version; end it and start again to use this one", "running", v, "this", storage.Version())
	}
	if len(o.given) > 0 {
		log.Warn("these options hold from the next start of what runs", "options", strings.Join(o.given, " "))
	}
	return true, handOver(ctx, running, stdout)
}

// inUse reports whether another process has the data folder.
func inUse(err error) bool {
	var refusal frontend.Refusal
	return errors.As(err, &refusal) && refusal.Kind == frontend.FolderInUse
}

// unreached is a refusal of a folder in use that also says why who has it was not reached.
func unreached(err, why error) error {
	var refusal frontend.Refusal
	if why == nil || !errors.As(err, &refusal) {
		return err
	}
	refusal.Detail += "; " + why.Error()
	return refusal
}

// handOver shows the address that was given in the browser, unless a window came forward. Where no browser opens, the person
// is told the address.
func handOver(ctx context.Context, running *instance.Running, stdout io.Writer) error {
	address := running.Answer.Address
	if address == "" {
		return nil
	}
	err := shell.HandOver(address, func() {
		_ = running.Used(ctx) // it has ended meanwhile, or was interrupted here: the browser has had its time
	})
	if failed := (*shell.BrowserError)(nil); errors.As(err, &failed) {
		fmt.Fprintln(stdout, address)
		return ended{fmt.Errorf("the browser could not be opened (%w); open the printed address yourself, in the next minutes", failed.Err), exitFailed}
	}
	return err
}
