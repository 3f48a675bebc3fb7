package frontend

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/clock"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// clockView is the practice banks' clock and how to move it.
type clockView struct {
	Ahead   time.Duration
	There   time.Time // what time it is at the practice banks
	Days    string    // what the person typed
	Failure *app.Error
}

// clockJumps are how many days most people want to see pass: one; a snooze's
// week; to the reminders and the end of a consent; past it.
var clockJumps = []int{1, 7, 30, 90, 181}

// practiceClock is the clock of the practice banks inside the program, or nil
// without them.
func (s *Server) practiceClock() *clockView {
	if len(s.about.SandboxLogins) == 0 {
		return nil
	}
	return &clockView{Ahead: s.app.Clock().Ahead(), There: s.app.Clock().NowAt(bank.SandboxID)}
}

// moveClock lets days pass at the practice banks.
func (s *Server) moveClock(w http.ResponseWriter, r *http.Request) error {
	typed := strings.TrimSpace(r.PostFormValue("days"))
	days, _ := strconv.Atoi(typed) // what is no number is 0, which is refused at the field
	err := s.app.Clock().Move(r.Context(), days)
	var failure *app.Error
	if errors.As(err, &failure) {
		return s.showSettings(w, r, http.StatusUnprocessableEntity, func(view *settingsView) {
			if view.Clock != nil {
				view.Clock.Days, view.Clock.Failure = typed, failure
			}
		})
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/settings#clock")
	return nil
}

// mistake is the message at the field of the days.
func (view clockView) mistake(ctx context.Context) string {
	return fieldWords(ctx, view.Failure, "days")
}

// now says what time it is there.
func (view clockView) now(ctx context.Context) string {
	there := words.Date(ctx, view.There, "Monday 2 January 2006, 15:04")
	if view.Ahead <= 0 {
		return words.T(ctx, "There it is %s, the same as here.", there)
	}
	return words.T(ctx, "There it is %s, %s ahead.", there, aheadWords(ctx, view.Ahead))
}

// aheadWords says how far a clock is ahead.
func aheadWords(ctx context.Context, ahead time.Duration) string {
	switch day := 24 * time.Hour; {
	case ahead >= day:
		return words.N(ctx, int(ahead/day), "%d day", "%d days")
	case ahead >= time.Hour:
		return words.N(ctx, int(ahead/time.Hour), "%d hour", "%d hours")
	}
	return words.N(ctx, max(int(ahead/time.Minute), 1), "%d minute", "%d minutes")
}

// aheadBanner says on every page that some of it stands in the future.
func (page Page) aheadBanner(ctx context.Context) string {
	return words.T(ctx, "The practice banks’ clock is %s ahead: there it is %s.", aheadWords(ctx, page.Ahead), words.Date(ctx, page.There, "2 January 2006"))
}

// jump is the button of a quick choice. It says where it leads: there is no way
// back.
func (view clockView) jump(ctx context.Context, days int) ui.Action {
	label := words.N(ctx, days, "%d day", "%d days") + " · " + ui.DateWords(ctx, view.There.AddDate(0, 0, days))
	return ui.Action{Label: label, Name: "days", Value: strconv.Itoa(days), Small: true}
}

// doubtMeans is what follows from a clock that may be wrong.
const doubtMeans words.Text = "Please check date and time of this machine. A consent whose last day seems to have passed is not used, and goes on if the clock was wrong; nothing is ended until a bank’s clock agrees."

// doubtWords say what speaks against this machine's clock.
func doubtWords(ctx context.Context, doubt *clock.Doubt) string {
	was, is := ui.ExactText(ctx, doubt.Was), ui.ExactText(ctx, doubt.Is)
	switch {
	case doubt.Bank != "":
		return words.T(ctx, "This machine’s clock says %s, but at %s it is %s.", is, doubt.Bank, was)
	case doubt.Running:
		return words.T(ctx, "This machine’s clock jumped from %s to %s.", was, is)
	}
	return words.T(ctx, "This machine’s clock says %s, but it was %s when Consentry ran the last time.", is, was)
}
