package fetch

import (
	"bytes"
	"slices"
	"strings"

	"consentry/xs2a"
)

// overlap takes away what comes twice in one report. A bank that tells pages apart by how many
// transactions went before moves all of them on when it books one meanwhile: the next page
// begins with what the pages before ended with.
type overlap struct {
	booked, pending []xs2a.Transaction // the last that came of either
}

// mostRecent is how many transactions are remembered of the pages that came, and at least a page.
const mostRecent = 500

// without returns a page without what came already.
func (o *overlap) without(page xs2a.TransactionPage) xs2a.TransactionPage {
	page.Booked, o.booked = fresh(o.booked, page.Booked)
	page.Pending, o.pending = fresh(o.pending, page.Pending)
	return page
}

// fresh returns what is new on a page after those that came before it, and the last of all that came.
func fresh(recent, page []xs2a.Transaction) (rest, last []xs2a.Transaction) {
	rest = page[repeated(recent, page):]
	if len(rest) >= mostRecent { // which are as they were however they are put in order
		return rest, rest[:len(rest):len(rest)]
	}
	if last = append(recent, rest...); len(last) > 2*max(mostRecent, len(page)) {
		last = slices.Clone(last[len(last)-max(mostRecent, len(page)):])
	}
	return rest, last
}

// repeated counts the transactions with which a page begins and those before it ended: the same,
// to the letter. Two equal purchases are that, too, so that they are told apart by their ids,
// where these are shown to be their own.
func repeated(recent, page []xs2a.Transaction) int {
	for n := min(len(recent), len(page)); n > 0; n-- {
		if same(recent[len(recent)-n:], page[:n]) && ownIDs(recent, page[n:]) {
			return n
		}
	}
	return 0
}

// same reports whether two lists hold the same, as it came.
func same(a, b []xs2a.Transaction) bool {
	return slices.EqualFunc(a, b, func(x, y xs2a.Transaction) bool { return x.ID == y.ID && bytes.Equal(x.Raw, y.Raw) })
}

// ownIDs reports whether each of several transactions has an id that no other has. One alone
// shows nothing.
func ownIDs(recent, page []xs2a.Transaction) bool {
	seen := make(map[string]bool, len(recent)+len(page))
	for _, t := range slices.Concat(recent, page) {
		if t.ID == "" || strings.EqualFold(t.ID, "NOTPROVIDED") || seen[t.ID] {
			return false
		}
		seen[t.ID] = true
	}
	return len(seen) > 1
}
