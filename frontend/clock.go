package frontend

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
)

// clockView is the practice banks' clock and how to move it.
type clockView struct {
	Ahead   time.Duration
	There   time.Time // what time it is at the practice banks
	Days    string    // what the person typed
	Failure *app.Error
}

// clockJumps are how many days most people want to see pass: one; a snooze's
// week; to the reminders and the end of a permission; past it.
var clockJumps = []int{1, 7, 30, 90, 181}

// practiceClock is the clock of the practice banks inside the program, or nil
// without them.
func (s *Server) practiceClock() *clockView {
	if len(s.about.SandboxLogins) == 0 {
		return nil
	}
	return &clockView{Ahead: s.app.Ahead(), There: s.app.NowAt(app.SandboxID)}
}

// moveClock lets days pass at the practice banks.
func (s *Server) moveClock(w http.ResponseWriter, r *http.Request) error {
	typed := strings.TrimSpace(r.PostFormValue("days"))
	days, _ := strconv.Atoi(typed) // what is no number is 0, which is refused at the field
	err := s.app.MoveClock(r.Context(), days)
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
func (view clockView) mistake() string {
	if view.Failure == nil {
		return ""
	}
	return view.Failure.Fields["days"]
}

// now says what time it is there.
func (view clockView) now() string {
	there := view.There.Format("Monday 2 January 2006, 15:04")
	if view.Ahead <= 0 {
		return "There it is " + there + ", the same as here."
	}
	return "There it is " + there + ", " + aheadWords(view.Ahead) + " ahead."
}

// aheadWords says how far a clock is ahead.
func aheadWords(ahead time.Duration) string {
	switch day := 24 * time.Hour; {
	case ahead >= day:
		return plural(int(ahead/day), "day", "days")
	case ahead >= time.Hour:
		return plural(int(ahead/time.Hour), "hour", "hours")
	}
	return plural(max(int(ahead/time.Minute), 1), "minute", "minutes")
}

// aheadBanner says on every page that some of it stands in the future.
func (page Page) aheadBanner() string {
	return "The practice banks’ clock is " + aheadWords(page.Ahead) + " ahead: there it is " + page.There.Format("2 January 2006") + "."
}

// jump is the button of a quick choice. It says where it leads: there is no way
// back.
func (view clockView) jump(days int) ui.Action {
	return ui.Action{Label: plural(days, "day", "days") + " · " + ui.DateText(view.There.AddDate(0, 0, days)), Name: "days", Value: strconv.Itoa(days), Small: true}
}

// doubtMeans is what follows from a clock that may be wrong.
const doubtMeans = "Please check date and time of this machine. A permission whose last day seems to have passed is not used, and goes on if the clock was wrong; nothing is ended until a bank’s clock agrees."

// doubtWords say what speaks against this machine's clock.
func doubtWords(ctx context.Context, doubt *app.ClockDoubt) string {
	was, is := ui.ExactText(ctx, doubt.Was), ui.ExactText(ctx, doubt.Is)
	switch {
	case doubt.Bank != "":
		return "This machine’s clock says " + is + ", but at " + doubt.Bank + " it is " + was + "."
	case doubt.Running:
		return "This machine’s clock jumped from " + was + " to " + is + "."
	}
	return "This machine’s clock says " + is + ", but it was " + was + " when Consentry ran the last time."
}
