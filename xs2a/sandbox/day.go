package sandbox

import "time"

// day is a calendar date, counted from 1 January 1970. It has no zone: which day
// it is now is for the sandbox's clock to say.
type day int

const dateForm = time.DateOnly

func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return date(y, m, d)
}

func date(y int, m time.Month, d int) day {
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func parseDay(s string) (day, error) {
	t, err := time.Parse(dateForm, s)
	if err != nil {
		return 0, err
	}
	return dayOf(t), nil
}

func (d day) time() time.Time          { return time.Unix(int64(d)*86400, 0).UTC() }
func (d day) String() string           { return d.time().Format(dateForm) }
func (d day) weekday() time.Weekday    { return d.time().Weekday() }
func (d day) weekend() bool            { w := d.weekday(); return w == time.Saturday || w == time.Sunday }
func (d day) monthsAgo(n int) day      { t := d.time(); return dayOf(t.AddDate(0, -n, 0)) }
func (d day) ofMonth() int             { return d.time().Day() }
func (d day) month() (int, time.Month) { t := d.time(); return t.Year(), t.Month() }

// workdayFrom is d, or the Monday after it.
func workdayFrom(d day) day {
	for d.weekend() {
		d++
	}
	return d
}

// workdayUntil is d, or the Friday before it.
func workdayUntil(d day) day {
	for d.weekend() {
		d--
	}
	return d
}
