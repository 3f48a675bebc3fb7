package pay

import (
	"strconv"
	"time"

	"consentry/app/pay/check"
	"consentry/xs2a"
)

// Occasion is one of the days on which a standing order is made.
type Occasion struct {
	Due time.Time // as its rhythm has it
	On  time.Time // the bank day it is made on; the zero time where that is the bank's to say
}

// Day is the day it is made on, as far as that is known, and else the day it is due.
func (o Occasion) Day() time.Time {
	if o.On.IsZero() {
		return o.Due
	}
	return o.On
}

// Occasions lists the days on which a standing order in a currency is made from a day on,
// that day included, up to so many. known is false where weekends alone are known of the
// currency's calendar, see [check.CalendarOf].
//
// The first is the first day of its rhythm from its start on, and none is due after its end
// (BG 1.3.12, startDate, endDate). Where a day is no bank day, and its rule does not say
// where it goes, or would lead out of these bounds, the bank decides.
func Occasions(s xs2a.Standing, currency string, from time.Time, atMost int) (list []Occasion, known bool) {
	calendar, known := check.CalendarOf(currency)
	start, err := time.Parse(time.DateOnly, s.Start)
	if err != nil {
		return nil, known
	}
	from = midnight(from)
	for n := 0; len(list) < atMost; n++ {
		due, goesOn := dueDay(s, start, n)
		if !goesOn || s.End != "" && due.Format(time.DateOnly) > s.End {
			break
		}
		if due.Before(from.AddDate(0, 0, -longestMove)) {
			continue // wherever it goes, that is before
		}
		one := Occasion{Due: due, On: moved(s, calendar, start, due)}
		if !one.Day().Before(from) {
			list = append(list, one)
		}
	}
	return list, known
}

// longestMove is more days than a payment is ever moved by.
const longestMove = 14

// moved returns the bank day to which a day that a standing order is due on is moved.
func moved(s xs2a.Standing, calendar check.Calendar, start, due time.Time) time.Time {
	on := due
	switch {
	case calendar.IsBankDay(due):
		return due
	case s.Rule == "following":
		on = calendar.Following(due)
	case s.Rule == "preceding":
		on = calendar.Preceding(due)
	default:
		return time.Time{}
	}
	if on.Before(start) || s.End != "" && on.Format(time.DateOnly) > s.End {
		return time.Time{}
	}
	return on
}

// rhythm is the time between two days of a frequency.
var rhythm = map[xs2a.Frequency]struct{ days, months int }{
	xs2a.Daily: {days: 1}, xs2a.Weekly: {days: 7}, xs2a.EveryTwoWeeks: {days: 14}, xs2a.Monthly: {months: 1},
	xs2a.EveryTwoMonths: {months: 2}, xs2a.Quarterly: {months: 3}, xs2a.SemiAnnual: {months: 6}, xs2a.Annual: {months: 12},
}

// dueDay returns the day on which a standing order is due after n others. A month that is
// too short has it on its last day (BG 1.3.12, dayOfExecution: 31 is ultimo).
func dueDay(s xs2a.Standing, start time.Time, n int) (day time.Time, goesOn bool) {
	step, known := rhythm[s.Frequency]
	if !known {
		return time.Time{}, false
	}
	if step.months == 0 {
		return start.AddDate(0, 0, n*step.days), true
	}
	ofMonth, months := start.Day(), n*step.months
	if named, err := strconv.Atoi(s.Day); err == nil {
		if ofMonth = named; inMonth(start, 0, ofMonth).Before(start) {
			months++ // its day has passed in the month it starts in
		}
	}
	return inMonth(start, months, ofMonth), true
}

// inMonth returns a day of the month that is so many months after that of another, or the
// last of that month where it has no such day.
func inMonth(of time.Time, months, day int) time.Time {
	first := time.Date(of.Year(), of.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(day, first.AddDate(0, 1, -1).Day())-1)
}

// midnight is the calendar day of a moment, where its clock stands.
func midnight(moment time.Time) time.Time {
	y, m, d := moment.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
