package people

import (
	"slices"
	"sort"
	"time"
)

// Listing is the list of an account's booked entries in a bank's order. It is read a page at
// a time, and what a page costs does not grow with the list.
type Listing struct {
	order ListOrder
	parts []part
}

// part is a stretch of a listing: two lists, each newest first, that are read as one.
type part [2][]*Entry

// Place is where a page of a listing ended: at this entry, which may be gone.
type Place struct {
	Booking Day
	Number  int
}

// Listing returns the list of what is booked at a time.
func (acc *Account) Listing(now time.Time, order ListOrder) Listing {
	own := acc.drawnAndPaid(now, true)
	if order != InRuns {
		return Listing{order, []part{{own, acc.bulk}}}
	}
	l := Listing{order: NewestFirst}
	for run := range runs {
		l.parts = append(l.parts, part{ofRun(own, run), acc.bulkRuns[run]})
	}
	return l
}

// ofRun are the entries of a list that one run over the period lists.
func ofRun(list []*Entry, run int) (some []*Entry) {
	for _, e := range list {
		if e.Number%runs == run {
			some = append(some, e)
		}
	}
	return some
}

// Page returns so many entries at most that were booked on some days and come after a place,
// nil for the beginning, and are told of, and whether there are more. Of those, skip are passed over.
func (l Listing) Page(from, to Day, tells func(*Entry) bool, after *Place, skip, size int) (page []*Entry, more bool) {
	parts := l.parts
	if after != nil && len(parts) > 1 {
		parts = parts[after.Number%runs:]
	}
	for i, p := range parts {
		begin := after
		if i > 0 {
			begin = nil
		}
		for e := range p.each(l.order, from, to, begin) {
			if !tells(e) {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			if len(page) == size {
				return page, true
			}
			page = append(page, e)
		}
	}
	return page, false
}

// each goes through what was booked on some days and comes after a place.
func (p part) each(order ListOrder, from, to Day, after *Place) func(yield func(*Entry) bool) {
	if order == OldestFirst {
		return p.backwards(from, to, after)
	}
	return func(yield func(*Entry) bool) {
		var rest [2][]*Entry
		for i, list := range p {
			begin := sort.Search(len(list), func(j int) bool { return list[j].Booking <= to && (after == nil || after.isBefore(list[j])) })
			rest[i] = list[begin:]
		}
		for {
			e, list := firstOf(rest)
			if e == nil || e.Booking < from || !yield(e) {
				return
			}
			rest[list] = rest[list][1:]
		}
	}
}

// backwards goes through a part from its end, which is the oldest.
func (p part) backwards(from, to Day, after *Place) func(yield func(*Entry) bool) {
	return func(yield func(*Entry) bool) {
		var turned [2][]*Entry
		for i, list := range p {
			end := sort.Search(len(list), func(j int) bool { return list[j].Booking < from || after != nil && !after.isAfter(list[j]) })
			turned[i] = list[:end]
		}
		for {
			e, list := lastOf(turned)
			if e == nil || e.Booking > to || !yield(e) {
				return
			}
			turned[list] = turned[list][:len(turned[list])-1]
		}
	}
}

// firstOf returns the entry that two lists, each newest first, begin with, and which of them does.
func firstOf(lists [2][]*Entry) (first *Entry, list int) {
	for i, each := range lists {
		if len(each) > 0 && (first == nil || laterFirst(each[0], first) < 0) {
			first, list = each[0], i
		}
	}
	return first, list
}

// lastOf returns the entry that two lists, each newest first, end with, and which of them does.
func lastOf(lists [2][]*Entry) (last *Entry, list int) {
	for i, each := range lists {
		if len(each) > 0 && (last == nil || laterFirst(each[len(each)-1], last) > 0) {
			last, list = each[len(each)-1], i
		}
	}
	return last, list
}

// isBefore reports whether an entry comes after the place in a list that runs backwards in time.
func (p *Place) isBefore(e *Entry) bool {
	return laterFirst(&Entry{Booking: p.Booking, Number: p.Number}, e) < 0
}

// isAfter reports whether an entry comes before the place in such a list.
func (p *Place) isAfter(e *Entry) bool {
	return laterFirst(&Entry{Booking: p.Booking, Number: p.Number}, e) > 0
}

// drawnAndPaid returns the entries that a bank lists of an account at a time without those of its
// bulk, booked or pending, newest first.
func (acc *Account) drawnAndPaid(now time.Time, booked bool) []*Entry {
	today, hour := DayOf(now), now.Hour()
	var list []*Entry
	for _, e := range slices.Concat(acc.Entries, acc.paid, acc.Books().Entries) {
		if !e.Dropped && e.Day <= today && e.bookedBy(today, hour) == booked {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, laterFirst)
	return list
}
