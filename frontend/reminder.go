package frontend

import (
	"context"
	"net/http"
	"slices"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// snooze puts a reminder off and goes back to where it was seen.
func (s *Server) snooze(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Snooze(r.Context(), r.PathValue("id"), app.Snooze(r.PostFormValue("for"))); err != nil {
		return err
	}
	back := consentPath(r.PathValue("id"))
	if r.Referer() != "" {
		back = cameFrom(r)
	}
	redirect(w, r, back)
	return nil
}

// snoozeActions are the ways to put a reminder off, each with the day on which
// it comes again, the nearest first; none where it cannot be.
func snoozeActions(ctx context.Context, c storage.Consent, now time.Time) []ui.Action {
	reminder, due := app.ReminderOf(c, now)
	if !due || c.SnoozedUntil > now.Format(time.DateOnly) {
		return nil
	}
	ways := reminder.Snoozes()
	slices.SortStableFunc(ways, func(a, b app.Snooze) int { return reminder.Until(a).Compare(reminder.Until(b)) })
	var actions []ui.Action
	var last time.Time
	for _, how := range ways {
		until := reminder.Until(how)
		if until.Equal(last) {
			continue
		}
		last = until
		actions = append(actions, ui.Action{
			Label: words.T(ctx, "%s (%s)", snoozeWords[how], ui.DateWords(ctx, until)), Name: "for", Value: string(how), Weight: ui.Subtle, Small: true,
		})
	}
	return actions
}

var snoozeWords = map[app.Snooze]words.Text{
	app.SnoozeDay: "Tomorrow", app.SnoozeWeek: "In a week", app.SnoozeNext: "At the next reminder",
}
