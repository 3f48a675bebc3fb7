package alert

import (
	"context"
	"time"

	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/storage"
)

// aDay is for how long reads fail until a rule tells of it that counts no reads.
const aDay = 24 * time.Hour

// judgeBank counts the reads under a consent that failed one after the other, and tells when there are so many, or when
// they have failed for a day. It is told again after one that came about. What the person stopped, and what may not be read
// yet, counts neither way.
func (a *Alerts) judgeBank(ctx context.Context, rule storage.AlertRule, job fetch.Job) error {
	if job.Stopped || job.Err != nil && !isBanks(job.Err.Code) {
		return nil
	}
	states, err := a.Store.AlertStates(ctx, rule.ID)
	if err != nil {
		return err
	}
	state, failing := states[job.ConsentID]
	if job.Err == nil {
		if failing {
			return a.Store.EndAlertState(ctx, rule.ID, job.ConsentID)
		}
		return nil
	}
	c, err := a.Store.Consent(ctx, job.ConsentID)
	if err != nil {
		return err
	}
	now := a.NowAt(c.EnvironmentID)
	if !failing {
		state = storage.AlertState{RuleID: rule.ID, About: c.ID, Since: now}
	}
	state.Times++
	var told []storage.Alert
	if !state.Fired && isFailing(rule, state, now) {
		state.Fired = true
		told = append(told, storage.Alert{Rule: rule, ConsentID: c.ID, At: now})
	}
	return a.Store.SetAlertState(ctx, state, told...)
}

// isFailing reports whether reads have failed as often, or as long, as a rule says.
func isFailing(rule storage.AlertRule, state storage.AlertState, now time.Time) bool {
	if rule.Failures > 0 {
		return state.Times >= rule.Failures
	}
	return now.Sub(state.Since) >= aDay
}

// isBanks reports whether a read that failed says anything of its bank, or of the way to it.
func isBanks(code string) bool {
	switch code {
	case failure.QuotaUsed, failure.TooOften, failure.Pause, failure.NotInForce, failure.FetchLeft, failure.ProgramEnded, failure.Inside:
		return false
	}
	return true
}
