package holding

import (
	"slices"
	"time"

	"consentry/app/pay/check"
)

// Cadence is how often a payment comes.
type Cadence string

// The cadences that are looked for.
const (
	Weekly       Cadence = "weekly"
	Fortnightly  Cadence = "fortnightly"
	FourWeekly   Cadence = "four-weekly"
	Monthly      Cadence = "monthly"
	TwoMonthly   Cadence = "two-monthly"
	Quarterly    Cadence = "quarterly"
	SemiAnnually Cadence = "semi-annual"
	Yearly       Cadence = "yearly"
)

// rhythm is what makes a cadence.
type rhythm struct {
	Cadence
	days, months int // from one payment to the next
	least, most  int // days there may be between them
	times        int // how many have to have come: more where habits come as often
	grace        int // days after which one that did not come is said not to
}

// rhythms are those that are looked for. Of two that fit alike the one that stands first is taken: months are
// commoner than four weeks.
var rhythms = []rhythm{
	{Weekly, 7, 0, 6, 8, 5, 4},
	{Fortnightly, 14, 0, 12, 16, 5, 5},
	{Monthly, 0, 1, 26, 36, 3, 8},
	{FourWeekly, 28, 0, 26, 30, 4, 6},
	{TwoMonthly, 0, 2, 56, 67, 3, 12},
	{Quarterly, 0, 3, 84, 98, 3, 15},
	{SemiAnnually, 0, 6, 175, 190, 3, 18},
	{Yearly, 0, 12, 355, 376, 3, 21},
}

// steps is how many times of the rhythm lie between two days: one, or two where one did not come; 0 for neither.
func (r rhythm) steps(gap int) int {
	switch {
	case gap >= r.least && gap <= r.most:
		return 1
	case gap >= 2*r.least && gap <= 2*r.most:
		return 2
	}
	return 0
}

// schedule is the days a rhythm falls on: so many days after one, or on a day of the month, moved where that is no
// bank day.
type schedule struct {
	rhythm
	from     time.Time // one of its days; of months the first of one
	on       int       // the day of the month; 31: its last
	move     move
	calendar check.Calendar
}

// move is where a day goes that is no bank day.
type move int

const (
	stays move = iota
	following
	preceding
)

// day returns the day after so many times, or before as it is negative, the first of which is that of from.
func (s schedule) day(n int) time.Time {
	if s.days > 0 {
		return s.from.AddDate(0, 0, n*s.days)
	}
	month := s.from.AddDate(0, n*s.months, 0)
	due := month.AddDate(0, 0, min(s.on, month.AddDate(0, 1, -1).Day())-1)
	switch s.move {
	case following:
		return s.calendar.Following(due)
	case preceding:
		return s.calendar.Preceding(due)
	}
	return due
}

// place returns which of its times a day is nearest to, and how many days lie between.
func (s schedule) place(on time.Time) (n, off int) {
	if s.days > 0 {
		n = floorDiv(daysAfter(s.from, on)+s.days/2, s.days)
		return n, apart(s.day(n), on)
	}
	months := (on.Year()-s.from.Year())*12 + int(on.Month()) - int(s.from.Month())
	n = floorDiv(months, s.months)
	off = apart(s.day(n), on)
	for _, at := range []int{n + 1, n - 1} {
		if off < shortestMonth/2 {
			break // no other is nearer
		}
		if d := apart(s.day(at), on); d < off {
			n, off = at, d
		}
	}
	return n, off
}

// shortestMonth is how many days lie between two days of a schedule of months at least.
const shortestMonth = 26

// lastYear is the last that an ISO date has room for. Banks may send one.
const lastYear = 9999

// after lists the days that follow one, up to another, ISO dates; an empty one is no bound: so many at most.
func (s schedule) after(last, to string, most int) (days []string) {
	n, _ := s.place(dayIn(last))
	for n++; len(days) < most; n++ {
		next := s.day(n)
		on := next.Format(time.DateOnly)
		if next.Year() > lastYear || to != "" && on > to {
			break
		}
		if on > last {
			days = append(days, on)
		}
	}
	return days
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

func apart(a, b time.Time) int { return max(daysAfter(a, b), daysAfter(b, a)) }

// off is by how many days others differ from the schedule, added up; of those of the last times alone, as what
// was moved for good is not moved back.
func (s schedule) off(days []time.Time) (sum int) {
	for _, on := range days[max(len(days)-scheduledBy, 0):] {
		_, off := s.place(on)
		sum += off
	}
	return sum
}

// scheduledBy are so many of the last payments that tell on which days they come.
const scheduledBy = 6

// scheduleOf returns the schedule of a rhythm that days, the oldest first, keep to best.
func scheduleOf(r rhythm, days []time.Time, currency string) schedule {
	calendar, _ := check.CalendarOf(currency)
	last := days[len(days)-1]
	if r.days > 0 {
		return weeksOf(r, days, calendar)
	}
	// Counted from a month in which the last came, so that what comes each third month is in its months.
	best, least := schedule{}, 1<<30
	for _, on := range monthDays(days) {
		for _, to := range []move{stays, following, preceding} {
			one := schedule{r, firstOf(last.Format(monthForm)), on, to, calendar}
			if r.months > 1 { // what comes on the first of a month may have come on the last of the one before
				switch {
				case last.Day()-on > shortestMonth/2:
					one.from = one.from.AddDate(0, 1, 0)
				case on-last.Day() > shortestMonth/2:
					one.from = one.from.AddDate(0, -1, 0)
				}
			}
			if off := one.off(days); off < least {
				best, least = one, off
			}
			if least == 0 {
				return best
			}
		}
	}
	return best
}

// weeksOf returns the schedule of weeks: from the day that is in the middle of those on which they would have begun.
func weeksOf(r rhythm, days []time.Time, calendar check.Calendar) schedule {
	some := days[max(len(days)-scheduledBy, 0):]
	base := schedule{rhythm: r, from: some[len(some)-1], calendar: calendar}
	var shifts []int
	for _, on := range some {
		n, _ := base.place(on)
		shifts = append(shifts, daysAfter(base.day(n), on))
	}
	slices.Sort(shifts)
	base.from = base.from.AddDate(0, 0, shifts[len(shifts)/2])
	return base
}

// monthDays are the days of the month that payments may be due on, those first on which most came: where some were moved,
// their own day lies a few days from the one they came on.
func monthDays(days []time.Time) []int {
	counts := map[int]int{}
	var all []int
	see := func(day, n int) {
		if day >= 1 && day <= 31 {
			if counts[day] == 0 {
				all = append(all, day)
			}
			counts[day] += n
		}
	}
	for _, on := range days[max(len(days)-scheduledBy, 0):] {
		see(on.Day(), 100)
		if on.AddDate(0, 0, 1).Day() == 1 {
			see(31, 50)
		}
		for near := 1; near <= 4; near++ {
			see(on.Day()+near, 1)
			see(on.Day()-near, 1)
		}
		see(1, 1)
		see(31, 1)
	}
	slices.SortStableFunc(all, func(a, b int) int { return counts[b] - counts[a] })
	return all
}
