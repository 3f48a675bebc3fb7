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
