package app

import (
	"context"

	"consentry/storage"
)

// pageSize is the number of transactions a list shows at a time.
const pageSize = 50

// Entries is a page of an account's transactions.
type Entries struct {
	Pending []storage.Entry // on the first page only
	Booked  []storage.Entry
	Older   *storage.Cursor // where the next page begins; nil on the last
}

// Entries lists an account's transactions after a cursor, the newest first.
func (a *App) Entries(ctx context.Context, accountID int64, after storage.Cursor) (Entries, error) {
	var e Entries
	var err error
	if after == (storage.Cursor{}) {
		if e.Pending, err = a.store.PendingEntries(ctx, accountID); err != nil {
			return e, err
		}
	}
	// One more than is shown tells whether there is another page.
	e.Booked, err = a.store.BookedEntries(ctx, accountID, after, pageSize+1)
	if err == nil && len(e.Booked) > pageSize {
		e.Booked = e.Booked[:pageSize]
		last := e.Booked[pageSize-1]
		e.Older = &storage.Cursor{Date: last.Date, ID: last.ID}
	}
	return e, err
}

// CountEntries gives the number of an account's booked transactions.
func (a *App) CountEntries(ctx context.Context, accountID int64) (int, error) {
	return a.store.CountEntries(ctx, accountID)
}

// LatestEntries lists the newest transactions of all accounts.
func (a *App) LatestEntries(ctx context.Context, limit int) ([]storage.Entry, error) {
	return a.store.LatestEntries(ctx, limit)
}

// Entry gives one transaction.
func (a *App) Entry(ctx context.Context, id int64) (storage.Entry, error) {
	return a.store.Entry(ctx, id)
}
