package storage

import (
	"context"
	"database/sql"
	"maps"
	"slices"
)

// missed lists the booked transactions of the days of a reading that the bank does not list,
// though it lists some of days before them. What is older than all it lists it may just not
// tell any more, and of the first day a part. One that is listed long before all others is no
// such beginning: it may have been left standing.
func (s *Store) missed(ctx context.Context, r *Reading) (ids []int64, err error) {
	came := slices.DeleteFunc(slices.Sorted(maps.Keys(r.stored)), func(on day) bool { return on == noDay || on == pendingDay })
	for i, on := range came {
		if i == 0 {
			continue
		}
		if i > 1 {
			for _, row := range r.stored[on].unclaimed() {
				if !row.dropped {
					ids = append(ids, row.id)
				}
			}
		}
		next := dayOf(r.To) + 1
		if i+1 < len(came) {
			next = came[i+1]
		}
		if next <= on+1 {
			continue
		}
		between, err := collect(ctx, s.db, readID, `SELECT id FROM entry WHERE account_id = ? AND pending = 0 AND id > ? AND id < ? AND dropped_at = ''`,
			r.AccountID, on.after(), next.before())
		if err != nil {
			return nil, err
		}
		ids = append(ids, between...)
	}
	return ids, nil
}

// drop notes that a bank does not list transactions any more.
func (s *Store) drop(ctx context.Context, tx *sql.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	w, err := newEntryWriter(ctx, tx, s.now(), &known{})
	if err != nil {
		return err
	}
	defer w.close()
	for _, id := range ids {
		if err := w.setDropped(ctx, id, true); err != nil {
			return err
		}
	}
	return w.end(ctx)
}
