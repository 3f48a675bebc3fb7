package holding

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"consentry/storage"
)

// pageSize is the number of transactions a list shows at a time: two screens of them, and no more
// than are made as fast as a person turns pages.
const pageSize = 36

// Place is where a page of a list begins, which is in the order of the newest first. The zero
// value is its beginning.
type Place struct {
	After  storage.Cursor // behind this transaction
	Before storage.Cursor // else with those next before this one
}

// Transactions is a page of an account's transactions.
type Transactions struct {
	Pending []storage.Transaction // on the first page only
	Booked  []storage.Transaction
	Older   storage.Cursor // where the next page begins; zero on the last
	Newer   storage.Cursor // what the page before this one is before; zero on the first
	Above   string         // the ISO date of what is listed above the page; empty on the first
}

// Transactions lists an account's transactions from a place on, the newest first.
func (h *Holdings) Transactions(ctx context.Context, accountID int64, at Place) (Transactions, error) {
	if at.Before != 0 {
		newer, err := h.store.NewerTransactions(ctx, accountID, at.Before, pageSize+1)
		if err != nil {
			return Transactions{}, err
		}
		if len(newer) > pageSize {
			above := newer[pageSize].Date()
			newer = newer[:pageSize]
			slices.Reverse(newer)
			return Transactions{Booked: newer, Older: storage.Cursor(newer[pageSize-1].ID), Newer: storage.Cursor(newer[0].ID), Above: above}, h.name(ctx, newer)
		}
		at = Place{} // what fills no page is the first one
	}
	var t Transactions
	var err error
	if at.After == 0 {
		if t.Pending, err = h.store.PendingTransactions(ctx, accountID); err != nil {
			return t, err
		}
	}
	// One more than is shown tells whether there is another page.
	if t.Booked, err = h.store.BookedTransactions(ctx, accountID, at.After, pageSize+1); err != nil {
		return t, err
	}
	if len(t.Booked) > pageSize {
		t.Booked = t.Booked[:pageSize]
		t.Older = storage.Cursor(t.Booked[pageSize-1].ID)
	}
	if at.After != 0 {
		t.Newer, t.Above = at.After-1, at.After.Date() // what the cursor names is newer
		if len(t.Booked) > 0 {
			t.Newer = storage.Cursor(t.Booked[0].ID)
		}
	}
	return t, h.name(ctx, t.Pending, t.Booked)
}

// name has transactions bear the names that the person gave.
func (h *Holdings) name(ctx context.Context, lists ...[]storage.Transaction) error {
	names, err := h.store.OwnNames(ctx)
	if len(names) == 0 {
		return err
	}
	for _, list := range lists {
		for i := range list {
			list[i].OwnName = storage.NameOf(names, list[i])
		}
	}
	return err
}

// CountTransactions returns the number of an account's booked transactions.
func (h *Holdings) CountTransactions(ctx context.Context, accountID int64) (int, error) {
	return h.store.CountTransactions(ctx, accountID)
}

// LatestTransactions lists the newest transactions of all accounts. What was pending
// at an account that is not read any more is left out: nobody knows what became
// of it.
func (h *Holdings) LatestTransactions(ctx context.Context, limit int) ([]storage.Transaction, error) {
	updated, err := h.updated(ctx)
	if err != nil {
		return nil, err
	}
	latest, err := h.store.LatestTransactions(ctx, slices.Collect(maps.Keys(updated)), limit)
	if err != nil {
		return nil, err
	}
	return latest, h.name(ctx, latest)
}

// Transaction returns one transaction.
func (h *Holdings) Transaction(ctx context.Context, id int64) (storage.Transaction, error) {
	t, err := h.store.Transaction(ctx, id)
	if err != nil {
		return t, err
	}
	one := []storage.Transaction{t}
	err = h.name(ctx, one)
	return one[0], err
}

// Delivery is the exchange with which a transaction came.
type Delivery struct {
	Exchange int64 // its id in the record; 0: it is not there any more, or never was
	// Candidates are the exchanges of which it was one, where what was kept of them does
	// not tell which.
	Candidates []int64
}

// Delivery returns with which exchange a transaction came.
func (h *Holdings) Delivery(ctx context.Context, of storage.Transaction) (Delivery, error) {
	exchanges, err := h.store.Deliveries(ctx, of)
	if err != nil || len(exchanges) == 0 {
		return Delivery{}, err
	}
	if len(exchanges) == 1 {
		return Delivery{Exchange: exchanges[0].ID}, nil
	}
	var found Delivery
	for _, one := range exchanges {
		if holds(one.Answer.Body, of) {
			return Delivery{Exchange: one.ID}, nil
		}
		found.Candidates = append(found.Candidates, one.ID)
	}
	return found, nil
}

// holds reports whether a body has a transaction in it, as it came or by the bank's ids.
func holds(body string, of storage.Transaction) bool {
	for _, part := range []string{string(of.Raw), strconv.Quote(of.Transaction.ID), strconv.Quote(of.EntryReference)} {
		if len(part) > len(`""`) && strings.Contains(body, part) {
			return true
		}
	}
	return false
}

// TransactionChanges lists what the bank said of a transaction before, the latest first.
func (h *Holdings) TransactionChanges(ctx context.Context, id int64) ([]storage.Change, error) {
	return h.store.TransactionChanges(ctx, id)
}
