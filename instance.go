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
	"consentry/storage"
	"consentry/storage/folder"
)

// settle makes this the one program that runs on its folder, and on the profiles below it. Where another does already, that
// is shown to who wants to see one: elsewhere is true then.
func (s *stage) settle(ctx context.Context, stdout io.Writer) (elsewhere bool, err error) {
	dir := s.options.data
	if err = folder.Prepare(dir); err == nil {
		s.release, err = folder.Hold(dir)
	}
	if err == nil {
		return false, nil
	}
	refusal := refusalOf(dir, err)
	if errors.Is(err, folder.ErrInUse) { // by one that may have only just started
		shown, why := comeForward(ctx, s.options, s.log, startWait, stdout)
		if shown {
			return true, why
		}
		if why != nil {
			refusal.Detail += "; " + why.Error()
		}
	}
	return false, refuse(ctx, s, stdout, refusal)
}

// leave lets the next program have the folder, and answers other starts no more. It may be called twice.
func (s *stage) leave() error {
	err := s.door.Close() // while the folder is this program's
	if s.release != nil {
		err = errors.Join(err, s.release())
		s.release = nil
	}
	return err
}

// admit has persons be let in from now on, to whatever answers, and other starts of the program find it.
func (s *stage) admit() {
	s.admitted.Store(true)
	if err := s.door.Open(s.options.data, s); err != nil {
		s.log.Warn("another start of Consentry cannot bring this one forward", "error", err)
	}
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
func (s *stage) Address() string { return s.sessions.FreshAddress() }

// Used is closed when an address was used or is worth nothing any more.
func (s *stage) Used(address string) <-chan struct{} { return s.sessions.Used(address) }

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
