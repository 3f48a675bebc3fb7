package frontend

import (
	"context"
	"net/http"
	"slices"
	"time"

	"consentry/app/remind"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// snooze puts a reminder off and goes back to where it was seen.
func (s *Server) snooze(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Reminders().Snooze(r.Context(), r.PathValue("id"), remind.Snooze(r.PostFormValue("for"))); err != nil {
		return err
	}
	back := consentPath(r.PathValue("id"))
	if r.Referer() != "" {
		back = cameFrom(r)
	}
	redirect(w, r, back)
	return nil
}

// snoozeActions are the ways to put the reminder of a consent off; none where it cannot be.
func snoozeActions(ctx context.Context, c storage.Consent, now time.Time) []ui.Action {
	reminder, due := remind.Of(c, now)
	if !due || c.SnoozedUntil > now.Format(time.DateOnly) {
		return nil
	}
	return snoozesOf(ctx, reminder)
}

// snoozesOf are the ways to put a reminder off, each with the day on which it comes again, the nearest
// first.
func snoozesOf(ctx context.Context, reminder remind.Reminder) []ui.Action {
	ways := reminder.Snoozes()
	slices.SortStableFunc(ways, func(a, b remind.Snooze) int { return reminder.Until(a).Compare(reminder.Until(b)) })
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

var snoozeWords = map[remind.Snooze]words.Text{
	remind.SnoozeDay: "Tomorrow", remind.SnoozeWeek: "In a week", remind.SnoozeNext: "At the next reminder",
}
