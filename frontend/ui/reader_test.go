package ui

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestOnlyThePageSaysWhatTodayIs writes a moment of this very day: it is today
// where the page says so, and the machine's clock is not asked.
func TestOnlyThePageSaysWhatTodayIs(t *testing.T) {
	t.Parallel()
	moment := time.Now().UTC()
	page := WithReader(t.Context(), Reader{Now: moment})
	for name, test := range map[string]struct {
		ctx   context.Context
		at    time.Time
		today bool
	}{
		"a page":                    {page, moment, true},
		"no page":                   {t.Context(), time.Time{}, false},
		"no other moment":           {page, time.Time{}, true},
		"an environment years away": {page, moment.AddDate(3, 0, 0), false},
	} {
		html := string(render(t, test.ctx, At(test.at, Moment(moment))))
		if strings.Contains(html, "today") != test.today {
			t.Errorf("%s: %s", name, html)
		}
	}
}

// TestZonedText says how far a clock is from UTC, in summer and winter, east and west.
func TestZonedText(t *testing.T) {
	for zone, want := range map[string][2]string{
		"UTC":              {"3 Mar 2027 11:00:07 UTC", "3 Jul 2027 11:00:07 UTC"},
		"Europe/Berlin":    {"3 Mar 2027 12:00:07 UTC+1", "3 Jul 2027 13:00:07 UTC+2"},
		"Asia/Kathmandu":   {"3 Mar 2027 16:45:07 UTC+5:45", "3 Jul 2027 16:45:07 UTC+5:45"},
		"America/St_Johns": {"3 Mar 2027 07:30:07 UTC−3:30", "3 Jul 2027 08:30:07 UTC−2:30"},
	} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		ctx := WithReader(t.Context(), Reader{Zone: place})
		for i, month := range []time.Month{time.March, time.July} {
			if got := ZonedText(ctx, time.Date(2027, month, 3, 11, 0, 7, 0, time.UTC)); got != want[i] {
				t.Errorf("%s: %q, want %q", zone, got, want[i])
			}
		}
	}
}
