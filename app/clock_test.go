package app_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zone is known on every machine

	"consentry/app/bank"
)

// TestJumpsAreDaysOfTheCalendar moves the practice banks' clock over the end of
// summer time, shortly after midnight: the day it gets to is the one the screen
// names.
func TestJumpsAreDaysOfTheCalendar(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	berlin, err := time.LoadLocation("Europe/Berlin")
	w.must(err)
	w.clock.zone.Store(berlin)
	w.clock.forward(time.Date(2040, 10, 27, 0, 30, 0, 0, berlin).Sub(w.clock.Now()))
	w.must(w.MoveClock(t.Context(), 2))
	if got := w.NowAt(bank.SandboxID).Format(time.DateOnly); got != "2040-10-29" {
		t.Errorf("two days after 27 October it is %s", got)
	}
}
