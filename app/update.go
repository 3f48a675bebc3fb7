package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/storage"
)

// Update is what came of reading everything under a consent while nobody was there.
type Update struct {
	storage.Consent // as it was afterwards
	Outcome         UpdateOutcome
	Job             fetch.Job      // what was read; zero where the bank was not asked
	Failure         *failure.Error // why something was not read; nil where nothing failed
	NextAt          time.Time      // of UpdateAtLimit: when it may be read without the person again
}

// UpdateOutcome is how an update ended.
type UpdateOutcome string

// The outcomes.
const (
	UpdateDone     UpdateOutcome = "done"     // all of it was read: Job says what was new
	UpdateFailed   UpdateOutcome = "failed"   // some of it was not, or nothing; see Failure
	UpdateAtLimit  UpdateOutcome = "limit"    // what may be read in 24 hours without the person was
	UpdateEnded    UpdateOutcome = "ended"    // the consent has ended, and none took its place
	UpdateToRenew  UpdateOutcome = "renew"    // it has to be authorised anew before the bank gives more
	UpdateWaiting  UpdateOutcome = "waiting"  // it was not approved yet
	UpdateOnceOnly UpdateOutcome = "onceOnly" // it was for one look, which was taken
)

// NeedsPerson reports whether only the person can see to it that the bank is read again.
func (u Update) NeedsPerson() bool {
	return u.Outcome == UpdateEnded || u.Outcome == UpdateToRenew || u.Outcome == UpdateWaiting
}

// Update reads all accounts under the consents in force that are chosen, as often as that is allowed without the person,
// whom no request names. What became of each consent is told as soon as it is known, of one at a time; of those that
// ended by themselves, too, as long as no other is in force at the bank. An error says that it was broken off.
func (a *App) Update(ctx context.Context, chosen func(storage.Consent) bool, told func(Update)) error {
	for _, do := range []func(context.Context) error{a.clock.Keep, a.clock.Read, a.passTime} {
		if err := do(ctx); err != nil {
			a.log.Warn("consents were not looked after", "error", err)
		}
	}
	all, err := a.store.Consents(ctx)
	if err != nil {
		return err
	}
	var failed failures
	var telling sync.Mutex
	var banks sync.WaitGroup
	slots := make(chan struct{}, banksAtOnce)
	for _, consents := range toUpdate(all, chosen) {
		banks.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, c := range consents {
				update, err := a.update(ctx, c)
				if err != nil {
					failed.add(err)
					return
				}
				telling.Lock()
				told(update)
				telling.Unlock()
			}
		})
	}
	banks.Wait()
	return errors.Join(failed.joined(), ctx.Err())
}

// toUpdate are the consents that an update is about, by their bank.
func toUpdate(all []storage.Consent, chosen func(storage.Consent) bool) map[bankID][]storage.Consent {
	at := map[bankID][]storage.Consent{}
	ended := map[bankID]storage.Consent{} // the last of each bank
	for _, c := range all {
		bank := bankID{c.EnvironmentID, c.BIC}
		switch {
		case !chosen(c):
		case !c.Ended():
			at[bank] = append(at[bank], c)
		case endedByItself(c):
			if c.EndedAt.After(ended[bank].EndedAt) {
				ended[bank] = c
			}
		}
	}
	for bank, last := range ended {
		if at[bank] == nil {
			at[bank] = []storage.Consent{last}
		}
	}
	return at
}

// endedByItself reports whether a consent was of use until it ended without the person's saying so here.
func endedByItself(c storage.Consent) bool {
	switch c.End {
	case storage.EndExpired, storage.EndRevoked, storage.EndRefused, storage.EndUnknown:
		return c.ReplacedBy == "" && !c.GrantedAt.IsZero()
	}
	return false
}

// update reads everything under a consent, unless it may not be.
func (a *App) update(ctx context.Context, c storage.Consent) (Update, error) {
	now := a.clock.NowAt(c.EnvironmentID)
	switch u := (Update{Consent: c}); {
	case c.Ended() || c.RunOut(now):
		u.Outcome = UpdateEnded
		return u, nil
	case !c.Usable(now):
		u.Outcome = UpdateWaiting
		return u, nil
	case !c.Recurring && !c.ReadAt.IsZero():
		u.Outcome = UpdateOnceOnly
		return u, nil
	case a.RenewalDue(c):
		u.Outcome = UpdateToRenew
		return u, nil
	}
	quota, err := a.reader.Quota(ctx, c)
	if err != nil {
		return Update{}, err
	}
	if quota.NextAt.After(now) {
		return Update{Consent: c, Outcome: UpdateAtLimit, NextAt: quota.NextAt}, nil
	}
	if err := a.refreshStale(ctx, c, now); err != nil {
		a.log.Info("a consent's status could not be read", "consent", c.ID, "error", err)
	}
	a.reader.Begin(c.ID, nil)
	if err := a.reader.Wait(ctx, c.ID); err != nil {
		return Update{}, err
	}
	return a.updateOf(ctx, c.ID)
}

// updateOf says what came of the fetch under a consent that has just ended.
func (a *App) updateOf(ctx context.Context, id string) (u Update, err error) {
	if u.Consent, err = a.store.Consent(ctx, id); err != nil {
		return u, err
	}
	if job := a.reader.Job(id); job != nil {
		u.Job, u.Failure = *job, job.Err
	}
	switch {
	case ctx.Err() != nil:
		return u, ctx.Err()
	case u.Ended():
		u.Outcome = UpdateEnded
	case u.Failure != nil && u.Failure.Code == failure.QuotaUsed:
		u.Outcome, u.NextAt, u.Failure = UpdateAtLimit, u.Failure.At, nil
	case u.Failure != nil:
		u.Outcome = UpdateFailed
	default:
		u.Outcome = UpdateDone
	}
	return u, nil
}
