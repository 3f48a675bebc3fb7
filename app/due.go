package app

import (
	"context"
	"time"

	"consentry/app/fetch"
	"consentry/storage"
)

// statusAge is how old a bank's word on a consent may get before it is asked
// for again.
const statusAge = 24 * time.Hour

// fetchDue performs the due fetches at one bank, one after the other.
func (a *App) fetchDue(ctx context.Context, at bankWork) error {
	for _, c := range at.live {
		if !a.due(c) {
			continue
		}
		c, err := a.store.Consent(ctx, c.ID) // as it is by now
		if err != nil {
			return err
		}
		if !a.due(c) {
			continue
		}
		if quota, err := a.reader.Quota(ctx, c); err != nil || quota.NextAt.After(a.clock.NowAt(c.EnvironmentID)) {
			continue // at the limit the bank is not asked
		}
		if err := a.refreshStale(ctx, c, a.clock.NowAt(c.EnvironmentID)); err != nil {
			a.log.Info("a consent's status could not be read", "consent", c.ID, "error", err)
		}
		if done := a.reader.Begin(c.ID, nil); done != nil {
			select {
			case <-done:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// due reports whether the schedule of a consent begins a fetch by now.
func (a *App) due(c storage.Consent) bool {
	now := a.clock.NowAt(c.EnvironmentID)
	return c.Schedule > 0 && c.Usable(now) && !a.RenewalDue(c) && !fetch.DueAt(c).After(now)
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
