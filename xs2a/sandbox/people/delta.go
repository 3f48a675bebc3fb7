package people

import "time"

// DeltaHabit is how a bank tells what is new alone (BG 1.3.12, parameters entryReferenceFrom and
// deltaList).
type DeltaHabit string

const (
	UsualDeltas  DeltaHabit = ""          // as in the bank's table
	NoDeltas     DeltaHabit = "none"      // it refuses
	ByReference  DeltaHabit = "reference" // what came on the books after an entry
	ByBookingDay DeltaHabit = "dated"     // what was booked under a later day than an entry: not what is booked late
	ByReport     DeltaHabit = "list"      // what came on the books after the last report
)

// Mark is how far a report went.
type Mark struct {
	At     time.Time
	Posted int // see Entry.Posted
}

// Posting returns how far a report goes that is made now.
func (acc *Account) Posting(now time.Time) Mark { return Mark{now, acc.Books().posted()} }

// posted is the place of what the control has put on the books last.
func (b Books) posted() (last int) {
	for _, e := range b.Entries {
		last = max(last, e.Posted)
	}
	return last
}

// Post notes that an entry comes on the books now, or that it is booked now.
func (b *Books) Post(e *Entry, today Day) { e.Posted, e.PostedOn = b.posted()+1, today }

// PostedAfter reports whether an entry that is listed came on the books after a report.
func (e *Entry) PostedAfter(m Mark) bool {
	switch day := DayOf(m.At); {
	case e.Number >= bookNumbers:
		return e.Posted > m.Posted
	case e.Number >= paidNumbers: // what was paid since then on the same day is not told apart
		return e.Booking >= day
	default:
		return !e.bookedBy(day, m.At.Hour())
	}
}

// Follows reports whether an entry came on the books after another one.
func (e *Entry) Follows(other *Entry, habit DeltaHabit) bool {
	switch {
	case e == other:
		return false
	case habit == ByBookingDay || e.Number < paidNumbers && other.Number < paidNumbers:
		return laterFirst(e, other) < 0
	case e.Number >= bookNumbers && other.Number >= bookNumbers:
		return e.Posted > other.Posted
	}
	return e.postedOn() >= other.postedOn()
}

// postedOn is the day on which an entry came on the books, whatever it is booked under.
func (e *Entry) postedOn() Day {
	if e.PostedOn != 0 {
		return e.PostedOn
	}
	return e.Booking
}
