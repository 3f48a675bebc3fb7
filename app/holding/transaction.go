package holding

import (
	"context"
	"maps"
	"slices"

	"consentry/storage"
)

// pageSize is the number of transactions a list shows at a time.
const pageSize = 50

// Transactions is a page of an account's transactions.
type Transactions struct {
	Pending []storage.Transaction // on the first page only
	Booked  []storage.Transaction
	Older   storage.Cursor // where the next page begins; zero on the last
}

// Transactions lists an account's transactions after a cursor, the newest first.
func (h *Holdings) Transactions(ctx context.Context, accountID int64, after storage.Cursor) (Transactions, error) {
	var e Transactions
	var err error
	if after == 0 {
		if e.Pending, err = h.store.PendingTransactions(ctx, accountID); err != nil {
			return e, err
		}
	}
	// One more than is shown tells whether there is another page.
	e.Booked, err = h.store.BookedTransactions(ctx, accountID, after, pageSize+1)
	if err == nil && len(e.Booked) > pageSize {
		e.Booked = e.Booked[:pageSize]
		e.Older = storage.Cursor(e.Booked[pageSize-1].ID)
	}
	if err != nil {
		return e, err
	}
	return e, h.name(ctx, e.Pending, e.Booked)
}

// name has transactions bear the names that the person gave.
func (h *Holdings) name(ctx context.Context, lists ...[]storage.Transaction) error {
	names, err := h.store.OwnNames(ctx)
	for _, list := range lists {
		nameEach(names, list)
	}
	return err
}

func nameEach(names []storage.OwnName, list []storage.Transaction) {
	if len(names) == 0 {
		return
	}
	for i := range list {
		list[i].OwnName = storage.NameOf(names, list[i])
	}
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

// TransactionChanges lists what the bank said of a transaction before, the latest first.
func (h *Holdings) TransactionChanges(ctx context.Context, id int64) ([]storage.Change, error) {
	return h.store.TransactionChanges(ctx, id)
}
