package own

import (
	"context"

	"consentry/storage"
)

// Arrivals counts the transactions of each account that came and were not shown yet.
func (o *Things) Arrivals(ctx context.Context) (map[int64]int, error) { return o.store.Arrivals(ctx) }

// Shown notes that transactions were shown: those of them that were new are so no more.
func (o *Things) Shown(ctx context.Context, shown []storage.Transaction) error {
	var ids []int64
	for _, t := range shown {
		if t.New {
			ids = append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return o.store.SetSeen(ctx, ids)
}

// AllShown notes that all transactions of an account were shown; zero: of all accounts.
func (o *Things) AllShown(ctx context.Context, accountID int64) error {
	return o.store.SetAllSeen(ctx, accountID)
}
