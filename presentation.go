package main

import (
	"context"
	"io"
	"sync"
	"time"

	"consentry/app"
	"consentry/app/lock"
	"consentry/app/secret"
	"consentry/app/shell"
	"consentry/frontend"
)

// shown is a profile that is open, with its screens.
type shown struct {
	of       *opened
	banks    *app.App
	screens  *frontend.Server
	locks    *lock.Lock
	profiles *frontend.Profiles
	key      *secret.Box
}

// lockedUp is that a profile was locked, and is to be closed.
type lockedUp struct {
	letters   *lock.Letterbox // for what comes meanwhile
	forgotten bool            // the passphrase is, and the secrets are to be given up
}

func (lockedUp) Error() string { return "the program is locked" }

// present answers requests and shows the program until the person, the system or
// the server ends it ([over]), it is left for another profile ([away]) or locked
// ([lockedUp]). Where reads are to go on, a lock comes before the screens, and goes.
func present(ctx context.Context, s *stage, p shown, stdout io.Writer) error {
	ctx, end := context.WithCancel(ctx)
	s.count(waiting(ctx, p.banks))
	defer s.count(nil)
	var running sync.WaitGroup
	defer running.Wait()
	defer end()
	running.Go(func() { p.locks.Keep(ctx) })
	running.Go(func() { deliver(ctx, p.banks, p.of.Folder, p.key, s.log) })
	for {
		p.screens.AnswerReturns()
		how, err := hold(ctx, s, stdout, p.screens, p.left(ctx))
		p.screens.Rest()
		switch {
		case err != nil:
			return err
		case how != "":
			return away{how}
		}
		choice, err := p.locks.Choice(ctx)
		if err != nil {
			return err
		}
		if !choice.ReadsGoOn {
			letters, err := p.locks.Letterbox(ctx, p.of.Folder)
			if err != nil {
				return err
			}
			return lockedUp{letters: letters}
		}
		forgotten, err := lockPage{s: s, of: *p.of, stdout: stdout}.cover(ctx, p.locks, p.screens)
		if err != nil {
			return err
		}
		if forgotten {
			return lockedUp{forgotten: true}
		}
		s.locked.Store(false)
		p.locks.Opened()
	}
}

// left gets how the screens are left: for another profile, or empty where they are to be locked.
func (p shown) left(ctx context.Context) <-chan frontend.Left {
	left := make(chan frontend.Left, 1)
	go func() {
		select {
		case <-p.locks.Asked():
			left <- ""
		case how := <-p.profiles.Left():
			left <- how
		case <-ctx.Done():
		}
	}()
	return left
}

// requestsEnd is how long requests of the person's may go on when the program
// ends. Work in the background has its own time, see app.Config; the practice
// banks have two seconds.
const requestsEnd = 3 * time.Second

// present presents what is to be shown until the person or the system ends it.
func (s *stage) present(ctx context.Context, window shell.Options) error {
	switch {
	case s.options.open:
		return shell.Run(ctx, window)
	case s.options.background && shell.Window:
		return s.inBackground(ctx, window)
	}
	<-ctx.Done()
	return nil
}

// waiting returns what counts the consents that wait for the person.
func waiting(ctx context.Context, banks *app.App) func() int {
	return func() int {
		summary, err := banks.Summary(ctx)
		if err != nil {
			return 0
		}
		return summary.NeedYou
	}
}
