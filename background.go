package main

import (
	"context"
	"errors"

	"consentry/app/shell"
	"consentry/frontend"
)

// goesOn reports whether the program goes on without its window: it was started so, or is when the person logs in.
func (s *stage) goesOn() bool {
	return s.options.background || s.login.State().Kind == frontend.LoginOn
}

// inBackground waits until somebody wants to see the program, and shows it then. Where there is no window, or no display for
// one, those who ask are given an address instead.
func (s *stage) inBackground(ctx context.Context, window shell.Options) error {
	select {
	case <-ctx.Done():
		return nil
	case <-s.raise:
	}
	window.URL = s.sessions.FreshWindowAddress()
	err := shell.Run(ctx, window)
	if errors.Is(err, shell.ErrNoDisplay) {
		s.blind.Store(true)
		s.log.Warn("the window cannot be shown; the program goes on in the background", "error", err)
		<-ctx.Done()
		return nil
	}
	return err
}

// notStarted tells the desktop why a program does not start that nobody looks at.
func (s *stage) notStarted(err error) error {
	told := frontend.NotStartedNotice(s.spoken(), err)
	if failed := shell.Notify(told.Title, told.Text); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}

// loginStart starts the program when the person logs in.
type loginStart struct{ shell.Login }

func newLoginStart(data string, given bool) loginStart {
	login := shell.Login{}
	if given {
		login.Data = data
	}
	return loginStart{login}
}

// State looks at what is on the disk now.
func (l loginStart) State() frontend.LoginState {
	now := l.Login.State()
	return frontend.LoginState{Kind: frontend.LoginKind(now.Kind), Entry: now.Entry, Program: now.Program, Detail: now.Detail}
}
