package sca_test

import (
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
)

// With the last page closed, the pauses grow long; they are short again when
// one is open.
func TestPausesGrowWithoutAPage(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	a := app.New(app.Config{Now: now, Pause: time.Millisecond})
	defer a.Close()
	for _, step := range []struct {
		what    string
		passes  time.Duration
		seen    bool
		pauses  int
		longest time.Duration
	}{
		{"a page is open", 0, true, 20, 5 * time.Millisecond},
		{"it lies behind others, where browsers wake it once a minute", time.Minute + 30*time.Second, false, 20, 5 * time.Millisecond},
		{"it was closed", time.Minute, false, 12, 60 * time.Millisecond},
		{"it is open again", 0, true, 20, 5 * time.Millisecond},
	} {
		passed.Add(int64(step.passes))
		if step.seen {
			a.Seen()
		}
		pause := time.Millisecond
		for range step.pauses {
			pause = a.SCA().LeaveAlone(t.Context(), pause)
		}
		if pause != step.longest {
			t.Errorf("%s: the pause grows to %v, want %v", step.what, pause, step.longest)
		}
	}
}
