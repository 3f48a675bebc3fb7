package alert

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// patience is for how long something waits for an approval until that is told: who is about to approve it knows.
const patience = 15 * time.Minute

// judgeApprovals tells of what waits for the person's approval, once; and again when it waits anew.
func (a *Alerts) judgeApprovals(ctx context.Context, rule storage.AlertRule) error {
	waiting, err := a.Waiting(ctx)
	if err != nil {
		return err
	}
	states, err := a.Store.AlertStates(ctx, rule.ID)
	if err != nil {
		return err
	}
	now := a.NowAt("")
	for _, one := range waiting {
		state, known := states[one.About]
		if !known {
			state = storage.AlertState{RuleID: rule.ID, About: one.About, Since: now}
		}
		due := !state.Fired && (one.Renewal || now.Sub(state.Since) >= patience)
		if known && !due {
			continue
		}
		var told []storage.Alert
		if due {
			state.Fired = true
			alert := storage.Alert{Rule: rule, ConsentID: one.ConsentID, PaymentID: one.PaymentID, At: now}
			if one.Renewal {
				alert.ToldAt = now // by its reminder
			}
			told = append(told, alert)
		}
		if err := a.Store.SetAlertState(ctx, state, told...); err != nil {
			return err
		}
	}
	for about := range states {
		if !slices.ContainsFunc(waiting, func(w Waiting) bool { return w.About == about }) {
			if err := a.Store.EndAlertState(ctx, rule.ID, about); err != nil {
				return err
			}
		}
	}
	return nil
}
