package ui

import (
	"context"
	"time"

	"consentry/frontend/words"
)

// Dates are written with the month's name, so that nobody has to know whether
// day or month comes first: 19 Nov 2026.

// DayText names a day for a heading: Today, Yesterday, Thursday 19 November.
func DayText(ctx context.Context, day time.Time) string {
	reader := readerOf(ctx)
	switch daysApart(reader.Now.In(reader.Zone), day) {
	case 0:
		return words.T(ctx, "Today")
	case 1:
		return words.T(ctx, "Yesterday")
	}
	if day.Year() == reader.Now.In(reader.Zone).Year() {
		return words.Date(ctx, day, "Monday 2 January")
	}
	return words.Date(ctx, day, "Monday 2 January 2006")
}

// DateWords writes a calendar day, which has no zone: 19 Nov 2026.
func DateWords(ctx context.Context, day time.Time) string {
	if day.IsZero() {
		return words.T(ctx, "no date")
	}
	return words.Date(ctx, day, "2 Jan 2006")
}

// MomentText writes a moment in the reader's zone: today 09:41,
// yesterday 18:02, tomorrow 06:00, 19 Nov 20:05, 19 Nov 2024 20:05.
func MomentText(ctx context.Context, moment time.Time) string {
	if moment.IsZero() {
		return words.T(ctx, "never")
	}
	reader := readerOf(ctx)
	local, now := moment.In(reader.Zone), reader.Now.In(reader.Zone)
	clock := local.Format("15:04")
	switch daysApart(now, local) {
	case 0:
		return words.T(ctx, "today %s", clock)
	case 1:
		return words.T(ctx, "yesterday %s", clock)
	case -1:
		return words.T(ctx, "tomorrow %s", clock)
	}
	if local.Year() == now.Year() {
		return words.Date(ctx, local, "2 Jan 15:04")
	}
	return words.Date(ctx, local, "2 Jan 2006 15:04")
}

// IsToday reports whether a moment lies on the reader's present day.
func IsToday(ctx context.Context, moment time.Time) bool {
	reader := readerOf(ctx)
	return daysApart(reader.Now.In(reader.Zone), moment.In(reader.Zone)) == 0
}

// DaysSince counts the days from a calendar day, which has no zone, to the reader's present one.
func DaysSince(ctx context.Context, day time.Time) int {
	reader := readerOf(ctx)
	return daysApart(reader.Now.In(reader.Zone), day)
}

// TimeText writes a moment of a day in the reader's zone: 09:41.
func TimeText(ctx context.Context, moment time.Time) string {
	return moment.In(readerOf(ctx).Zone).Format("15:04")
}

// ClockText writes a moment of a day to the millisecond, in the reader's zone:
// 09:41:07.250.
func ClockText(ctx context.Context, moment time.Time) string {
	return moment.In(readerOf(ctx).Zone).Format("15:04:05.000")
}

// daysApart counts midnights from then to now, each by its own calendar.
func daysApart(now, then time.Time) int {
	date := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(date(now).Sub(date(then)).Hours() / 24)
}
