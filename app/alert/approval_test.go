package alert_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"consentry/app/alert"
	"consentry/app/fresh"
	"consentry/storage"
)

// TestApprovalAlert tells of what waits when it has for a quarter of an hour, once; anew when it waits anew; of a renewal at
// once, and not on the desktop.
func TestApprovalAlert(t *testing.T) {
	now := time.Date(2026, 3, 28, 23, 50, 0, 0, time.UTC)
	var waiting []alert.Waiting
	store := fresh.Store(t, func() time.Time { return now })
	defer store.Close()
	alerts := alert.New(alert.Config{Store: store, Log: slog.New(slog.DiscardHandler), NowAt: func(string) time.Time { return now },
		Waiting: func(context.Context) ([]alert.Waiting, error) { return waiting, nil }, Reading: func() bool { return false }})
	if err := alerts.Add(t.Context(), alert.Form{Kind: storage.AlertApproval}); err != nil {
		t.Fatal(err)
	}
	approval, renewal := alert.Waiting{About: "approval of consent 1"}, alert.Waiting{About: "renewal of consent 2", Renewal: true}
	for i, step := range []struct {
		after   time.Duration
		waiting []alert.Waiting
		want    int // told in all
		untold  int // of these, still to be shown on the desktop
	}{
		{0, nil, 0, 0},
		{0, []alert.Waiting{approval}, 0, 0},
		{14 * time.Minute, []alert.Waiting{approval}, 0, 0},
		{time.Minute, []alert.Waiting{approval}, 1, 1},
		{time.Hour, []alert.Waiting{approval}, 1, 1},
		{time.Hour, []alert.Waiting{approval, renewal}, 2, 1},
		{time.Hour, []alert.Waiting{renewal}, 2, 1},
		{time.Hour, []alert.Waiting{approval, renewal}, 2, 1},
		{15 * time.Minute, []alert.Waiting{approval, renewal}, 3, 2},
	} {
		now, waiting = now.Add(step.after), step.waiting
		if err := alerts.Judge(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := alerts.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		untold := 0
		for _, one := range all {
			if one.ToldAt.IsZero() {
				untold++
			}
		}
		if len(all) != step.want || untold != step.untold {
			t.Errorf("step %d: told %d, %d of them to be shown; want %d and %d", i+1, len(all), untold, step.want, step.untold)
		}
	}
}
