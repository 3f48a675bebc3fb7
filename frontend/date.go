package frontend

import (
	"context"
	"time"

	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// Dates as banks and the store write them (ISO 8601), and how they are said.

// day reads an ISO date; what is none gives the zero time.
func day(date string) time.Time {
	if len(date) > len(time.DateOnly) {
		date = date[:len(time.DateOnly)]
	}
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return t
}

// dateWords writes an ISO date; what is none is shown as it came.
func dateWords(ctx context.Context, date string) string {
	if day(date).IsZero() {
		return date
	}
	return ui.DateWords(ctx, day(date))
}

// dayInWords writes an ISO date: 2 January 2006.
func dayInWords(ctx context.Context, iso string) string {
	on, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return words.Date(ctx, on, "2 January 2006")
}

// daysLeft counts the days from today to a date; 0 is today.
func daysLeft(last, now time.Time) int {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return int(last.Sub(today).Hours() / 24)
}

// inDays puts the days until a date into words.
func inDays(ctx context.Context, last, now time.Time) string {
	switch days := daysLeft(last, now); {
	case days < 0:
		return words.T(ctx, "that day has passed")
	case days == 0:
		return words.T(ctx, "today is the last day")
	default:
		return words.N(ctx, days, "%d day left", "%d days left")
	}
}
