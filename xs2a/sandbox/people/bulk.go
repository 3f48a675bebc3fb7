package people

import (
	"slices"
	"strconv"
)

// A practice account may be given a great many entries, as the account of a shop
// has them: drawn from the seed like everything else, and laid over what its
// household lives through.

// Bulk is what may be added to one account.
type Bulk struct {
	Entries int
	Days    int // over which they are spread, the last of them Until
	Busiest int // how many of them fall on one day, in the middle
	Until   Day
	Order   ListOrder
	Page    int // entries on a page of the list
}

// bulkNumbers is where the numbers of these entries begin, beyond all paid ones.
const bulkNumbers = 2 * paidNumbers

// ListOrder is the order in which a bank lists entries.
type ListOrder string

const (
	NewestFirst ListOrder = "newest"
	OldestFirst ListOrder = "oldest"
	// InRuns goes over the whole period several times, newest first, with other
	// entries each time: whoever has left a day comes back to it.
	InRuns ListOrder = "runs"
)

// runs is how often InRuns goes over the period.
const runs = 3

// AddBulk lays a bulk over an account, in the place of what lay there; nil takes it
// away. It is drawn once: whatever is booked stays.
func (h *Household) AddBulk(acc *Account, b *Bulk) {
	if b != acc.Added {
		acc.Added, acc.bulk = b, h.drawBulk(acc, b)
		for run := range runs {
			acc.bulkRuns[run] = ofRun(acc.bulk, run)
		}
	}
}

// drawBulk returns the entries, newest first; none for nil.
func (h *Household) drawBulk(acc *Account, b *Bulk) []*Entry {
	if b == nil {
		return nil
	}
	d := NewDice("bulk", h.seed, h.at.BIC, h.Person.Login, strconv.Itoa(acc.Number))
	customers := slices.Concat(h.words.friends, h.shops["grocery"], h.shops["online"])
	list := make([]*Entry, b.Entries)
	for i := range list {
		on := b.dayOf(i)
		e := &Entry{Number: bulkNumbers + i, Day: on, Booking: on, Minor: d.Between(100, 250_000), Use: TransferIn, Name: Pick(d, customers)}
		if d.chance(40) {
			e.Minor, e.Use = -e.Minor, TransferOut
		}
		e.Text = h.words.invoice + " " + strconv.Itoa(100_000+i)
		list[b.Entries-1-i] = e
	}
	return list
}

// dayOf returns the day of the i-th entry, counted from the oldest: as many on each,
// but for the busiest.
func (b *Bulk) dayOf(i int) Day {
	first, middle, others := b.Until-Day(b.Days)+1, b.Days/2, b.Entries-b.Busiest
	before := others / 2 // entries ahead of the busiest day's
	switch {
	case i >= before+b.Busiest:
		i -= b.Busiest
	case i >= before:
		return first + Day(middle)
	}
	return first + Day(i*b.Days/max(others, 1))
}

// merged is two lists, each newest first, as one.
func merged(a, b []*Entry) []*Entry {
	list := make([]*Entry, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if laterFirst(a[0], b[0]) < 0 {
			list, a = append(list, a[0]), a[1:]
		} else {
			list, b = append(list, b[0]), b[1:]
		}
	}
	return append(append(list, a...), b...)
}
