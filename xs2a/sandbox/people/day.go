package people

import "time"

// Day is a calendar date, counted from 1 January 1970. It has no zone: which day
// it is now is for the sandbox's clock to say.
type Day int

const dateForm = time.DateOnly

// DayOf returns the date of a moment in the zone of its own.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return date(y, m, d)
}

func date(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a date as String writes it.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(dateForm, s)
	if err != nil {
		return 0, err
	}
	return DayOf(t), nil
}

// Time returns the beginning of the day by UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String returns the date as 2026-01-31.
func (d Day) String() string { return d.Time().Format(dateForm) }

// Words returns the date as people read it.
func (d Day) Words() string { return d.Time().Format("2 January 2006") }

// MonthsAgo returns the day so many months before.
func (d Day) MonthsAgo(n int) Day { t := d.Time(); return DayOf(t.AddDate(0, -n, 0)) }

func (d Day) weekday() time.Weekday    { return d.Time().Weekday() }
func (d Day) weekend() bool            { w := d.weekday(); return w == time.Saturday || w == time.Sunday }
func (d Day) ofMonth() int             { return d.Time().Day() }
func (d Day) month() (int, time.Month) { t := d.Time(); return t.Year(), t.Month() }

// workdayFrom is d, or the Monday after it.
func workdayFrom(d Day) Day {
	for d.weekend() {
		d++
	}
	return d
}

// workdayUntil is d, or the Friday before it.
func workdayUntil(d Day) Day {
	for d.weekend() {
		d--
	}
	return d
}
