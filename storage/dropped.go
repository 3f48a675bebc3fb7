package storage

import (
	"context"
	"database/sql"
	"maps"
	"slices"
)

// A bank that does not list a booked transaction any more has taken it back, or does not tell as
// much as was asked for. It is noted only where the bank lists what was before and what was
// after it, in two readings in a row:
const (
	// marginDays are so many of the first days that were asked for: banks go by another of a
	// transaction's dates there than by the one it is listed under.
	marginDays = 7
	// silentDays are so many days in which a bank lists nothing: it may leave out such a stretch
	// altogether.
	silentDays = 31
)

// missed lists the booked transactions that a bank does not list in a reading, and that are not
// known to be dropped.
func (s *Store) missed(ctx context.Context, r *Reading) (ids []int64, err error) {
	first := dayOf(r.From) + marginDays
	came := slices.DeleteFunc(slices.Sorted(maps.Keys(r.stored)), func(on day) bool { return on == noDay || on == pendingDay })
	if len(came) < 3 {
		return nil, nil
	}
	for i, on := range came[:len(came)-1] { // of the last day there may be more
		if i == 0 || came[i-1] < dayOf(r.From) { // of the first, too; and one may be left standing before it
			continue
		}
		if on >= first {
			for _, row := range r.stored[on].unclaimed() {
				if !row.imported { // of what the bank never listed it has taken nothing back
					ids = append(ids, row.id)
				}
			}
		}
		if next := came[i+1]; next > on+1 && next <= on+silentDays {
			between, err := collect(ctx, s.db, readID, `SELECT id FROM entry WHERE account_id = ? AND pending = 0 AND id > ? AND id < ? AND dropped_at = ''
				AND NOT EXISTS (SELECT 1 FROM import_entry WHERE entry_id = entry.id)`,
				r.AccountID, max(on.after(), first.before()), next.before())
			if err != nil {
				return nil, err
			}
			ids = append(ids, between...)
		}
	}
	return ids, nil
}

// setMissed notes that a bank does not list transactions in a reading, so many in one go. Notes on
// those that it lists under another day now go with them.
func (s *Store) setMissed(ctx context.Context, r *Reading, ids []int64) error {
	moved, err := s.movedTo(ctx, ids)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, MostAtOnce) {
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error {
			if err := r.current(ctx, tx); err != nil {
				return err
			}
			w, err := newEntryWriter(ctx, tx, s.now(), &known{})
			if err != nil {
				return err
			}
			defer w.close()
			for _, id := range some {
				if err := w.setMissed(ctx, id); err != nil {
					return err
				}
				if to := moved[id]; to != 0 {
					if err := w.move(ctx, id, to); err != nil {
						return err
					}
				}
			}
			return w.end(ctx)
		}); err != nil {
			return err
		}
	}
	return nil
}
