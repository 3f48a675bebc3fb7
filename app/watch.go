package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"consentry/storage"
)

// watchPause is how often consents are looked after.
const watchPause = time.Minute

// Watch looks after consents in the background: it sees that time has ended
// some, finishes what a crash left half done, and fetches what is due. It waits
// for no bank: a slow one delays nothing but what is to be done there.
func (a *App) Watch() {
	a.run(func(ctx context.Context) {
		ticker := time.NewTicker(watchPause)
		defer ticker.Stop()
		a.watch(ctx, ticker.C)
	})
}

// watch looks after consents at once and with each tick, and puts things in order while nothing else
// is to be done.
func (a *App) watch(ctx context.Context, ticks <-chan time.Time) {
	for {
		a.look(ctx, func(err error) {
			if ctx.Err() == nil {
				a.log.Warn("consents were not looked after", "error", err)
			}
		})
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		if !a.reader.Idle() {
			continue
		}
		if err := a.store.MergeWords(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("the index of words was not put in order", "error", err)
		}
	}
}

// LookAfter does once what Watch does every minute, and waits until it is done
// at all banks. What fails of it does not keep the rest from being done.
func (a *App) LookAfter(ctx context.Context) error {
	var all failures
	a.look(ctx, all.add).Wait()
	return all.joined()
}

// look lets time pass at once and begins what is to be done at banks, each apart
// from the others: what withdrawals and renewals left, then what is due to be
// read. The group it returns is done when all of that is.
func (a *App) look(ctx context.Context, failed func(error)) *sync.WaitGroup {
	for _, do := range []func(context.Context) error{a.clock.Keep, a.clock.Read, a.passTime, a.store.Scrub, a.imports.Resume, a.alerts.Judge} {
		if err := do(ctx); err != nil {
			failed(err)
		}
	}
	return a.atBanks(ctx, failed, settling, fetching)
}

// passTime ends the consents whose last day has passed, whatever their bank
// goes on saying, and stops the fetching under those that have to be renewed.
// No bank is asked; where nothing but this machine's clock says so, the end is
// provisional.
func (a *App) passTime(ctx context.Context) error {
	live, err := a.store.LiveConsents(ctx)
	for _, c := range live {
		switch {
		case c.RunOut(a.clock.NowAt(c.EnvironmentID)):
			err = errors.Join(err, a.lookAtEnd(ctx, c))
		case c.Provisional():
			err = errors.Join(err, a.store.SetRunOut(ctx, c.ID, false))
		case c.Schedule > 0 && a.RenewalDue(c):
			err = errors.Join(err, a.clock.StoreAt(c.EnvironmentID).AddConsentEventOnce(ctx, c.ID, storage.FromTime,
				storage.Event{Kind: storage.EventRenewalDue, Number: defaultDays}))
		}
	}
	return err
}

// runOut ends a consent whose last day has passed.
func (a *App) runOut(ctx context.Context, c storage.Consent) error {
	event := storage.Event{Kind: storage.EventRanOut, Day: c.ValidUntil}
	if c.GrantedAt.IsZero() {
		event.Kind = storage.EventNeverApproved
	}
	if _, err := a.clock.StoreAt(c.EnvironmentID).EndConsent(ctx, c.ID, storage.EndExpired, storage.FromTime, event); err != nil {
		return err
	}
	return a.sca.EndOpen(ctx, consentSubject{a, c}.Facts(), storage.Expired)
}
