package clock_test

import (
	"context"
	"log/slog"
	"testing"
	"time"
	_ "time/tzdata" // the zone is known on every machine

	"consentry/app/clock"
	"consentry/xs2a/sandbox"
)

// TestJumpsAreDaysOfTheCalendar moves the practice banks' clock over the end of
// summer time, shortly after midnight: the day it gets to is the one the screen
// names. What follows from it is done, and a live environment's day is the same.
func TestJumpsAreDaysOfTheCalendar(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2040, 10, 27, 0, 30, 0, 0, berlin) }
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { banks.Close() })
	moved := 0
	c := clock.New(clock.Config{
		Log: slog.New(slog.DiscardHandler), Now: now, Control: banks.Info().Control,
		Practice: func(id string) bool { return id == "practice" }, PracticeIDs: func() []string { return []string{"practice"} },
		Moved: func(context.Context) error { moved++; return nil },
	})
	if err := c.Move(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"practice": "2040-10-29", "live": "2040-10-27"} {
		if got := c.NowAt(id).Format(time.DateOnly); got != want {
			t.Errorf("two days after 27 October it is %s in %s", got, id)
		}
	}
	if moved != 1 {
		t.Errorf("what follows was done %d times", moved)
	}
}
