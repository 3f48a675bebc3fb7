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
	return e, err
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
	return h.store.LatestTransactions(ctx, slices.Collect(maps.Keys(updated)), limit)
}

// Transaction returns one transaction.
func (h *Holdings) Transaction(ctx context.Context, id int64) (storage.Transaction, error) {
	return h.store.Transaction(ctx, id)
}

// TransactionChanges lists what the bank said of a transaction before, the latest first.
func (h *Holdings) TransactionChanges(ctx context.Context, id int64) ([]storage.Change, error) {
	return h.store.TransactionChanges(ctx, id)
}
