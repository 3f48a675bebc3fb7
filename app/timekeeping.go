package app

import (
	"context"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// What follows from the time alone and cannot be undone is done when something else
// bears this machine's clock out, see package clock.

// confirmedOver reports whether more than this machine's clock says that a consent's
// last day has passed.
func (a *App) confirmedOver(ctx context.Context, c storage.Consent) (bool, error) {
	if a.banks.IsPractice(c.EnvironmentID) { // whose banks have this clock
		return true, nil
	}
	e, err := a.store.Environment(ctx, c.EnvironmentID)
	if err != nil {
		return false, err
	}
	if over, known := a.overAtBank(e, c); known {
		return over, nil
	}
	return c.Provisional() && a.clock.Believed(c.RanOutAt), nil
}

// borneOver reports whether the last day of a consent that ended here before it has passed,
// and more than this machine's clock says so.
func (a *App) borneOver(e storage.Environment, c storage.Consent) bool {
	if over, known := a.overAtBank(e, c); known {
		return over
	}
	return c.RunOut(a.now()) && a.clock.Steady()
}

// overAtBank reports whether a consent's last day has passed by its bank's clock, where
// that is known.
func (a *App) overAtBank(e storage.Environment, c storage.Consent) (over, known bool) {
	at, known, _ := a.clock.AtBank(e.Reach(c.BIC))
	return known && dayOver(c, at.In(a.now().Location())), known
}

// dayOver reports whether a consent's last day has passed by another clock.
func dayOver(c storage.Consent, at time.Time) bool { return c.ValidUntil < at.Format(time.DateOnly) }

// lookAtEnd ends a consent whose last day has passed by this machine's clock where
// that is confirmed; else it is not used, and can still go on.
func (a *App) lookAtEnd(ctx context.Context, c storage.Consent) error {
	over, err := a.confirmedOver(ctx, c)
	switch {
	case err != nil:
		return err
	case over:
		return a.runOut(ctx, c)
	case c.Provisional() && !a.now().Before(c.RanOutAt):
		return nil
	}
	return a.store.SetRunOut(ctx, c.ID, true)
}

// lookAtEndAsked is lookAtEnd after the bank was asked and called the consent valid:
// where by the bank's own clock it is, that counts.
func (a *App) lookAtEndAsked(ctx context.Context, c storage.Consent) error {
	e, err := a.store.Environment(ctx, c.EnvironmentID)
	if err != nil {
		return err
	}
	at, known, same := a.clock.AtBank(e.Reach(c.BIC))
	if c.Status == xs2a.ConsentValid && known && !same && !dayOver(c, at.In(a.now().Location())) && !a.banks.IsPractice(c.EnvironmentID) {
		return a.store.Overrule(ctx, c.ID)
	}
	return a.lookAtEnd(ctx, c)
}
