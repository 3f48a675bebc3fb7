package app

import (
	"context"
	"maps"
	"slices"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// pageSize is the number of transactions a list shows at a time.
const pageSize = 50

// Transactions is a page of an account's transactions.
type Transactions struct {
	Pending []storage.Transaction // on the first page only
	Booked  []storage.Transaction
	Older   *storage.Cursor // where the next page begins; nil on the last
}

// Transactions lists an account's transactions after a cursor, the newest first.
func (a *App) Transactions(ctx context.Context, accountID int64, after storage.Cursor) (Transactions, error) {
	var e Transactions
	var err error
	if after == (storage.Cursor{}) {
		if e.Pending, err = a.store.PendingTransactions(ctx, accountID); err != nil {
			return e, err
		}
	}
	// One more than is shown tells whether there is another page.
	e.Booked, err = a.store.BookedTransactions(ctx, accountID, after, pageSize+1)
	if err == nil && len(e.Booked) > pageSize {
		e.Booked = e.Booked[:pageSize]
		last := e.Booked[pageSize-1]
		e.Older = &storage.Cursor{Date: last.Date, ID: last.ID}
	}
	return e, err
}

// CountTransactions returns the number of an account's booked transactions.
func (a *App) CountTransactions(ctx context.Context, accountID int64) (int, error) {
	return a.store.CountTransactions(ctx, accountID)
}

// LatestTransactions lists the newest transactions of all accounts. What was pending
// at an account that is not read any more is left out: nobody knows what became
// of it.
func (a *App) LatestTransactions(ctx context.Context, limit int) ([]storage.Transaction, error) {
	updated, err := a.Updated(ctx)
	if err != nil {
		return nil, err
	}
	return a.store.LatestTransactions(ctx, slices.Collect(maps.Keys(updated)), limit)
}

// Transaction returns one transaction.
func (a *App) Transaction(ctx context.Context, id int64) (storage.Transaction, error) {
	return a.store.Transaction(ctx, id)
}

// TransactionDetails asks the bank what it says of one transaction now. Nothing is
// stored. Card transactions have no details (BG 1.3.12 section 6.5).
func (a *App) TransactionDetails(ctx context.Context, id int64, person Person) (xs2a.Transaction, error) {
	transaction, err := a.store.Transaction(ctx, id)
	if err != nil {
		return xs2a.Transaction{}, err
	}
	if transaction.Transaction.ID == "" {
		return xs2a.Transaction{}, &Error{Reason: storage.Reason{Code: failure.NoTransactionID, Bank: transaction.BankName}}
	}
	r, err := a.accountRead(ctx, transaction.AccountID, person)
	if err != nil {
		return xs2a.Transaction{}, err
	}
	details, err := ledgeredAccountRead(ctx, r, storage.ReadTransaction, func(call xs2a.Call) (xs2a.Transaction, error) {
		return r.client.Transaction(ctx, call, r.resourceID, transaction.Transaction.ID)
	})
	if err != nil {
		return details, a.explain(transaction.BankName, err)
	}
	return details, nil
}
