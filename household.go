package main

import (
	"context"
	"errors"
	"io"

	"consentry/app/profile"
	"consentry/frontend"
)

// opened is the profile that is open, or about to be.
type opened struct {
	profile.Profile
	household profile.Household
	name      string // whose it is, where there are several; else empty

	practice *practiceBanks // which go on while it is locked; nil before they were started
}

// endPractice ends the practice banks, where there are any.
func (of *opened) endPractice() error {
	if of.practice == nil {
		return nil
	}
	practice := *of.practice
	of.practice = nil
	return practice.Close()
}

// household opens one profile after the other, as the person chooses them, until the program ends.
func household(ctx context.Context, s *stage, stdout io.Writer) (err error) {
	if elsewhere, err := s.settle(ctx, stdout); elsewhere || err != nil {
		return err
	}
	defer closing(&err, s.leave)
	home := profile.At(s.options.data)
	chosen := s.options.profile
	for {
		of, err := whoIsThere(ctx, s, home, chosen, stdout)
		if err == nil {
			err = stay(ctx, s, of, stdout)
		}
		chosen = ""
		var ended over
		var left away
		switch {
		case errors.As(err, &ended):
			return ended.err
		case !errors.As(err, &left):
			return err
		case left.how == frontend.LeftRemove:
			if err := home.Remove(of.ID); err != nil {
				return err
			}
		}
	}
}

// whoIsThere returns the profile that was named, the only one, or the one that the person chooses. None is open meanwhile.
func whoIsThere(ctx context.Context, s *stage, home profile.Household, named string, stdout io.Writer) (*opened, error) {
	all, err := home.All()
	if err = errors.Join(err, home.Tidy()); err != nil {
		return nil, refuse(ctx, s, stdout, refusalOf(s.options.data, err))
	}
	one := all[0]
	switch {
	case named != "":
		one, err = home.Named(named)
	case len(all) > 1:
		s.profile.Store(nil)
		page := frontend.NewWho(home, s.speech, s.log, s.listener, s.sessions)
		var id string
		if id, err = hold(ctx, s, stdout, page, page.Chosen()); err == nil {
			one, err = home.Profile(id)
		}
	}
	if err != nil {
		return nil, err
	}
	s.profile.Store(&one.Folder)
	of := &opened{Profile: one, household: home}
	if len(all) > 1 {
		of.name = one.Name
	}
	return of, nil
}

// stay opens a profile, and again each time it was locked and unlocked or its data were replaced, until it is left: the error
// is why.
func stay(ctx context.Context, s *stage, of *opened, stdout io.Writer) (err error) {
	defer closing(&err, of.endPractice)
	p := lockPage{s: s, of: *of, stdout: stdout}
	for {
		var locked lockedUp
		var left away
		err := bringUp(ctx, s, of, p.unlock, stdout)
		if errors.As(err, &left) && left.how == frontend.LeftRestore { // whoever opens the folder finishes it
			if failed := of.endPractice(); failed != nil {
				return failed
			}
			p.letters, p.failure = nil, nil
			continue
		}
		if !errors.As(err, &locked) {
			return err
		}
		p.letters, p.failure = locked.letters, nil
		if locked.forgotten {
			if failed := startOver(ctx, of.Folder, s.log); failed != nil {
				errors.As(failed, &p.failure)
			}
		}
	}
}
