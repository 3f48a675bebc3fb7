package storage

import "time"

// A transaction's id is in the order of lists: its upper bits are the day it is listed
// under, the lower its place among those of the day. What is next in a list is next in the
// file, a list goes on from an id alone, and the days of a period are a range of ids.

// day is a day as a number: 1 is the first of January of the year 1.
type day int64

const (
	noDay       day = 0       // of what bears no date and was booked: it is listed last
	pendingDay  day = lastDay // of what bears no date yet: it is listed first
	lastDay     day = 1<<22 - 1
	placeBits       = 32
	unixDays        = 719_163 // the number of 1 January 1970
	secondsADay     = 24 * 60 * 60
)

// dayOf returns the day of an ISO date; noDay for what is none.
func dayOf(date string) day {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return noDay
	}
	return min(max(day(on.Unix()/secondsADay+unixDays), noDay), lastDay-1)
}

// dayOfID returns the day a transaction is listed under.
func dayOfID(id int64) day { return day(id >> placeBits) }

// before is an id that all ids of the day are higher than.
func (d day) before() int64 { return int64(d) << placeBits }

// after is an id that all ids of the day are lower than.
func (d day) after() int64 { return int64(d+1) << placeBits }

// String returns the ISO date of a day; empty for one that is none.
func (d day) String() string {
	if d <= noDay || d >= lastDay {
		return ""
	}
	return time.Unix((int64(d)-unixDays)*secondsADay, 0).UTC().Format(time.DateOnly)
}

// ids is the range of the ids of a span of days: those higher than the first and lower
// than the second.
func (s Span) ids() (before, after int64) { return dayOf(s.From).before(), dayOf(s.To).after() }
