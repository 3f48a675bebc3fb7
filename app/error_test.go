package app_test

import (
	"testing"
	"time"

	"consentry/app"
)

// TestComeBackAtATime tells the person a time, never before the bank's own.
func TestComeBackAtATime(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 30, 10, 0, time.Local)
	a := app.New(app.Config{Now: func() time.Time { return now }})
	defer a.Close()
	for wait, want := range map[time.Duration]string{
		0: "Try again in a while", 20 * time.Second: "Try again at 09:31", 50 * time.Second: "Try again at 09:31",
		51 * time.Second: "Try again at 09:32", 85092 * time.Second: "Try again on 21 November at 09:09",
	} {
		if got := a.Again(wait); got != want {
			t.Errorf("%v: %q, want %q", wait, got, want)
		}
	}
}
