package fetch

import (
	"slices"

	"consentry/storage"
	"consentry/xs2a"
)

// days puts the booked transactions of a reading together by day, as its pages come:
// a day is given away when a page leaves it, so that what is stored of a day is
// whole and in order. Most banks begin with the newest.
type days struct {
	missing storage.Span // what was never read when the reading began

	held     []xs2a.Transaction // of the day at the end of the last page, in the bank's order
	bytes    int                // what came of them
	last     string             // that day
	before   string             // the day before it in the report
	order    int                // 1: days rise, -1: they fall, 0: it is not known yet
	confused bool               // they do both: nothing is known to be whole before the end
}

// add takes the transactions of a page and returns those of days it leaves, in the order
// they happened.
func (d *days) add(page []xs2a.Transaction) []xs2a.Transaction {
	before := d.last
	for _, t := range page {
		d.follow(t.Date())
	}
	ends := len(page) // where on it the last day begins
	for ends > 0 && (page[ends-1].Date() == d.last || page[ends-1].Date() == "") {
		ends--
	}
	rest := len(d.held) + ends
	switch {
	case ends > 0:
	case before == d.last || before == "": // it goes on with the day that is held, which need not be looked through
		rest = 0
	default:
		for rest > 0 && d.held[rest-1].Date() == "" {
			rest--
		}
	}
	all := append(d.held, page...)
	if rest == 0 {
		d.bytes += sizeOf(page)
	} else {
		d.bytes = sizeOf(all[rest:])
	}
	if len(all)-rest > xs2a.MostHeld || d.bytes > xs2a.MostHeldBytes {
		rest, d.bytes = len(all), 0
	}
	if rest == 0 {
		d.held = all
		return nil
	}
	d.held = slices.Clone(all[rest:])
	return d.asTheyHappened(all[:rest])
}

// sizeOf is how many bytes came of transactions.
func sizeOf(transactions []xs2a.Transaction) (size int) {
	for _, t := range transactions {
		size += len(t.Raw)
	}
	return size
}

// rest returns what is still held, after the last page.
func (d *days) rest() []xs2a.Transaction {
	rest := d.asTheyHappened(d.held)
	d.held = nil
	return rest
}

// follow notes which way the days go. Transactions without one tell nothing.
func (d *days) follow(day string) {
	if day == "" || day == d.last {
		return
	}
	order := 1
	if day < d.last {
		order = -1
	}
	if d.last != "" {
		d.confused = d.confused || d.order == -order
		d.order = order
	}
	d.before, d.last = d.last, day
}

// stillMissing are the days that are not known to be whole yet. The last day may
// be out of order, which only the next one would show: it proves nothing of those
// before it.
func (d *days) stillMissing() storage.Span {
	span := d.missing
	switch {
	case d.confused:
	case d.order < 0:
		span.To = min(span.To, d.before)
	case d.order > 0:
		span.From = max(span.From, d.before)
	}
	return span
}

// asTheyHappened turns round what came newest first, so that the later of one
// day gets the higher id and stands first in lists.
func (d *days) asTheyHappened(transactions []xs2a.Transaction) []xs2a.Transaction {
	if d.order <= 0 {
		slices.Reverse(transactions)
	}
	return transactions
}

// oldestFirst returns the transactions of a list in the order they happened.
func oldestFirst(transactions []xs2a.Transaction) []xs2a.Transaction {
	if n := len(transactions); n > 0 && transactions[0].Date() < transactions[n-1].Date() {
		return transactions
	}
	turned := slices.Clone(transactions)
	slices.Reverse(turned)
	return turned
}
