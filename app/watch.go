package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// watchPause is how often consents are looked after.
const watchPause = time.Minute

// Watch looks after consents in the background: it sees that time has ended
// some, finishes what a crash left half done, and fetches what is due.
func (a *App) Watch() {
	a.run(func(ctx context.Context) {
		for {
			if err := a.LookAfter(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("consents were not looked after", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(watchPause):
			}
		}
	})
}

// LookAfter does once what Watch does every minute. What fails of it does not
// keep the rest from being done.
func (a *App) LookAfter(ctx context.Context) error {
	var all error
	for _, do := range []func(context.Context) error{a.readClock, a.passTime, a.Settle, a.FetchDue} {
		all = errors.Join(all, do(ctx))
	}
	return all
}

// passTime ends the consents whose last day has passed, whatever their bank
// goes on saying, and stops the fetching under those that have to be renewed.
func (a *App) passTime(ctx context.Context) error {
	live, err := a.store.LiveConsents(ctx)
	if err != nil {
		return err
	}
	for _, c := range live {
		now, store := a.NowAt(c.EnvironmentID), a.storeAt(c.EnvironmentID)
		switch {
		case c.RunOut(now):
			note := "Its last day, " + dayInWords(c.ValidUntil) + ", has passed"
			if c.GrantedAt.IsZero() {
				note = "It was never approved, and its last day, " + dayInWords(c.ValidUntil) + ", has passed"
			}
			if _, err := store.EndConsent(ctx, c.ID, storage.EndExpired, storage.FromTime, note); err != nil {
				return err
			}
			if err := a.endOpen(ctx, c, storage.Expired); err != nil {
				return err
			}
		case c.Schedule > 0 && a.RenewalDue(c):
			note := fmt.Sprintf("%d days have passed since you approved it: Consentry fetches no more without you", defaultDays)
			if err := store.AddConsentEventOnce(ctx, c.ID, storage.FromTime, note); err != nil {
				return err
			}
		}
	}
	return nil
}

// asker is the person who asked for what is finished later: a withdrawal or a
// renewal. They did so on this machine.
var asker = Person{IPAddress: "127.0.0.1"}

// Settle finishes what a crash, or a bank that could not be reached, left half
// done: telling the bank of an end, erasing data, and ending a consent whose
// renewal became valid.
func (a *App) Settle(ctx context.Context) error {
	unsettled, err := a.store.UnsettledConsents(ctx)
	if err != nil {
		return err
	}
	for _, c := range unsettled {
		if c.Told == storage.TellingBank {
			if err := a.tellBank(ctx, c, &asker); err != nil {
				a.log.Info("a bank does not know yet that a consent has ended", "consent", c.ID, "error", err)
			}
		}
		if c.Erasing && c.ErasedAt.IsZero() {
			if err := a.EraseData(ctx, c.ID); err != nil { // it is tried again; the rest must not wait for it
				a.log.Error("data were not erased", "consent", c.ID, "error", err)
			}
		}
	}
	live, err := a.store.LiveConsents(ctx)
	if err != nil {
		return err
	}
	byID := map[string]storage.Consent{}
	for _, c := range live {
		byID[c.ID] = c
	}
	for _, c := range live {
		if former, open := byID[c.Renews]; open && c.Status == xs2a.ConsentValid {
			if err := a.replace(ctx, former, c, &asker); err != nil {
				return err
			}
		}
	}
	return nil
}

// statusAge is how old a bank's word on a consent may get before it is asked
// for again.
const statusAge = 24 * time.Hour

// FetchDue performs the fetches that the schedules of consents begin by now,
// without the person and within the quota.
func (a *App) FetchDue(ctx context.Context) error {
	live, err := a.store.LiveConsents(ctx)
	if err != nil {
		return err
	}
	for _, c := range live {
		now := a.NowAt(c.EnvironmentID)
		if c.Schedule < 1 || !c.Usable(now) || a.RenewalDue(c) || dueAt(c).After(now) {
			continue
		}
		if quota, err := a.Quota(ctx, c); err != nil || quota.NextAt.After(now) {
			continue // at the limit the bank is not asked
		}
		if err := a.refreshStale(ctx, c, now); err != nil {
			a.log.Info("a consent's status could not be read", "consent", c.ID, "error", err)
		}
		if done := a.beginFetch(c.ID, nil); done != nil {
			select {
			case <-done:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// refreshStale asks the bank without the person for a consent's status, where
// its last word is old and the bank takes such a question.
func (a *App) refreshStale(ctx context.Context, c storage.Consent, now time.Time) error {
	if now.Sub(c.StatusAt) <= statusAge {
		return nil
	}
	if _, client, err := a.consentAndClient(ctx, c.ID); err != nil || client.Dialect().Attended {
		return err
	}
	return a.refreshConsent(ctx, c.ID, nil)
}
