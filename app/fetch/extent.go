package fetch

import (
	"time"

	"consentry/app/failure"
	"consentry/xs2a"
)

// extent is how much of a report has come so far.
type extent struct {
	bounds       xs2a.ReadBounds
	begun        time.Time // by the clock that cannot be set
	pages        int
	transactions int
	bytes        int64
}

func newExtent(bounds xs2a.ReadBounds) *extent { return &extent{bounds: bounds, begun: time.Now()} }

func (e *extent) add(page xs2a.TransactionPage) {
	e.pages++
	e.transactions += len(page.Booked) + len(page.Pending) + len(page.LeftOut)
	e.bytes += int64(page.Size)
}

// full returns the error for a report that goes on beyond a bound; nil where there is
// room for another page.
func (e *extent) full() error {
	bound := ""
	switch {
	case e.pages >= e.bounds.Pages:
		bound = "pages"
	case e.transactions >= e.bounds.Transactions:
		bound = "transactions"
	case e.bytes >= e.bounds.Bytes:
		bound = "bytes"
	case time.Since(e.begun) >= e.bounds.Time:
		bound = "minutes"
	default:
		return nil
	}
	return &failure.EndlessError{Pages: e.pages, Transactions: e.transactions, Bytes: e.bytes, Bound: bound}
}
