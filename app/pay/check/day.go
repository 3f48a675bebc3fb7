package check

import (
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ecb"
	"github.com/rickar/cal/v2/se"
)

// Day returns a day from first to last, both included. The zero last is no bound.
func Day(text string, first, last time.Time) (time.Time, *Fault) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, fault(Missing)
	}
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		return time.Time{}, fault(NotADay)
	case text < first.Format(time.DateOnly):
		return time.Time{}, &Fault{Code: DayPast, Text: first.Format(time.DateOnly)}
	case !last.IsZero() && text > last.Format(time.DateOnly):
		return time.Time{}, &Fault{Code: DayBeyond, Text: last.Format(time.DateOnly)}
	}
	return day, nil
}

// Calendar knows the days on which payments of a currency are settled.
type Calendar struct{ days *cal.BusinessCalendar }

// CalendarOf returns the calendar of a currency: T2's closing days for the euro
// (ECB, T2 calendar), Sweden's bank holidays for the krona. Of other currencies
// weekends alone are known: known is false.
func CalendarOf(code string) (c Calendar, known bool) {
	days := cal.NewBusinessCalendar()
	switch code {
	case "EUR":
		days.AddHoliday(ecb.Holidays...)
	case "SEK":
		days.AddHoliday(se.Holidays...)
	default:
		return Calendar{days}, false
	}
	return Calendar{days}, true
}

// IsBankDay reports whether payments are settled on a day.
func (c Calendar) IsBankDay(day time.Time) bool { return c.days.IsWorkday(noon(day)) }

// Following returns the day itself where it is a bank day, and else the next one.
func (c Calendar) Following(day time.Time) time.Time {
	for !c.IsBankDay(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// Preceding returns the day itself where it is a bank day, and else the last one
// before it.
func (c Calendar) Preceding(day time.Time) time.Time {
	for !c.IsBankDay(day) {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// noon is a moment of the day that is the same day in every zone the library may
// compare it in.
func noon(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, cal.DefaultLoc)
}
