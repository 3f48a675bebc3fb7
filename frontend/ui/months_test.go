package ui

import (
	"strings"
	"testing"
	"time"
)

// TestMonthsNotDrawn holds that a month of which nothing is known does not make the bars of the others small.
func TestMonthsNotDrawn(t *testing.T) {
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	known := Month{First: first, In: Money{"10", "SEK"}, Out: Money{"5", "SEK"}}
	unread := Month{First: first.AddDate(0, 1, 0), In: Money{"1000", "SEK"}, Out: Money{"1000", "SEK"}, Unread: true}
	months := Months{known, unread}
	if in, out := months.bars(0, months.scale()); in.height != "64" || out.height != "32" {
		t.Errorf("%s and %s high", in.height, out.height)
	}
	drawn := Months{unread, unread}.drawn(t.Context())
	if strings.Count(drawn, "chart-unread") != 2 || strings.Contains(drawn, "chart-in") || strings.Contains(drawn, "NaN") {
		t.Error(drawn)
	}
}

// TestMonthLabelsStayInside holds the words below the first and the last month inside the picture, however
// many months there are.
func TestMonthLabelsStayInside(t *testing.T) {
	for _, n := range []int{8, 13, 36, 120} {
		var months Months
		for i := range n {
			months = append(months, Month{First: time.Date(2016, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC)})
		}
		for i, text := range strings.Split(months.drawn(t.Context()), "<text ")[1:] {
			if begins := strings.Contains(text, `text-anchor="start"`); begins != (i == 0) {
				t.Errorf("label %d of %d months: %s", i, n, text)
			}
		}
	}
}
