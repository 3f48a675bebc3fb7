package failure

import "fmt"

// EndlessError says that a bank sends more than one read takes.
type EndlessError struct {
	Pages, Transactions int
	Bytes               int64
	Bound               string // of what there was too much
}

func (e *EndlessError) Error() string {
	return fmt.Sprintf("the bank sends transactions without end: stopped for too many %s, after %d pages with %d transactions and %d bytes",
		e.Bound, e.Pages, e.Transactions, e.Bytes)
}
