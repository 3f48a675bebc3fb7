package storage

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"
)

// A bank that books a transaction under another day than before lists it there, and no more
// where it did. Where its ids tell, both are one: what is stored of it moves to that day, and
// is not counted twice until the bank is seen to have dropped the other.

const (
	// movedDays are so many days before those that were asked for from which a transaction
	// may have moved into them.
	movedDays = 14
	// mostUnlisted bounds the transactions that are looked for under another day. A bank that
	// leaves out more tells nothing by it.
	mostUnlisted = 20_000
)

// move is a transaction that is stored under two ids: the bank lists it under the second alone.
type move struct{ from, to int64 }

// idsTell reports whether a bank's ids were those of before, of all that it told again.
func (r *Reading) idsTell() bool { return r.sameID > 0 && len(r.otherIDs) == 0 }

// idsTellSince returns since when a bank's ids tell: what was first seen later than that came
// again under the id it is stored with, as far as it came. ok is false where they tell nothing.
func (s *Store) idsTellSince(ctx context.Context, r *Reading) (since time.Time, ok bool, err error) {
	if r.sameID == 0 || len(r.otherIDs) > mostUnlisted {
		return since, false, nil
	}
	for some := range slices.Chunk(r.otherIDs, MostAtOnce) {
		list, err := idList(some)
		if err != nil {
			return since, false, err
		}
		var seen time.Time
		if err := s.db.QueryRowContext(ctx, `SELECT coalesce(max(first_seen_at), '') FROM entry WHERE id IN (SELECT value FROM json_each(?))`, list).Scan(stamp{&seen}); err != nil {
			return since, false, err
		}
		if seen.After(since) {
			since = seen
		}
	}
	return since, true, nil
}

// moved lists the booked transactions that were moved to another day, or were stored twice, as
// a reading shows.
func (s *Store) moved(ctx context.Context, r *Reading) ([]move, error) {
	since, tell, err := s.idsTellSince(ctx, r)
	if err != nil || !tell {
		return nil, err
	}
	came := r.days()
	if len(came) == 0 {
		return nil, nil
	}
	unlisted, err := s.unlisted(ctx, r, came)
	if err != nil || len(unlisted) == 0 || len(unlisted) > mostUnlisted {
		return nil, err
	}
	byKey, ids := make(map[uint64]*seenTwice, len(unlisted)), make(map[int64]bool, len(unlisted))
	for _, row := range unlisted {
		ids[row.id] = true
		if row.key != 0 {
			byKey[row.key] = &seenTwice{from: row.id, again: byKey[row.key] != nil}
		}
	}
	listed, err := collect(ctx, s.db, readStoredRow, storedRows, r.AccountID, false, came[0].before(), came[len(came)-1].after())
	if err != nil {
		return nil, err
	}
	return s.sureMoves(ctx, r, since, byKey, slices.DeleteFunc(listed, func(row storedRow) bool { return ids[row.id] }))
}

// seenTwice is what bears an id and an amount: what is not listed any more, and what is.
type seenTwice struct {
	from, to int64
	again    bool // there are several of either
}

// sureMoves lists those of which the bank lists one and does not list one, and whose ids tell: see
// idsTellSince.
func (s *Store) sureMoves(ctx context.Context, r *Reading, since time.Time, byKey map[uint64]*seenTwice, listed []storedRow) (moves []move, err error) {
	for _, row := range listed {
		if one := byKey[row.key]; one != nil {
			one.again = one.again || one.to != 0
			one.to = row.id
		}
	}
	sure := dayOf(r.From) + marginDays
	for _, one := range byKey {
		if one.to == 0 || one.again {
			continue
		}
		from, err := s.Transaction(ctx, one.from)
		if err != nil {
			return nil, err
		}
		if !from.FirstSeenAt.After(since) {
			continue
		}
		if dayOfID(one.from) < sure || dayOfID(one.from) == dayOfID(one.to) {
			// What recurs with one id and amount bears another value date each time.
			to, err := s.Transaction(ctx, one.to)
			if err != nil {
				return nil, err
			}
			if from.ValueDate == "" || from.ValueDate != to.ValueDate {
				continue
			}
		}
		moves = append(moves, move{one.from, one.to})
	}
	return moves, nil
}

// days lists the days of which something booked came, the oldest first.
func (r *Reading) days() []day {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.stored)), func(on day) bool { return on == noDay || on == pendingDay })
}

// unlisted lists the booked transactions that did not come in a reading though they are of its
// days, and those of the days before, of which the bank was not asked.
func (s *Store) unlisted(ctx context.Context, r *Reading, came []day) (rows []storedRow, err error) {
	after := (dayOf(r.From) - movedDays).before()
	for _, on := range append(came, dayOf(r.To)+1) {
		if on.before() > after {
			between, err := collect(ctx, s.db, readStoredRow, storedRows+` LIMIT ?`, r.AccountID, false, after, on.before(), mostUnlisted+1)
			if err != nil {
				return nil, err
			}
			rows = append(rows, between...)
		}
		if came := r.stored[on]; came != nil {
			rows = append(rows, came.unclaimed()...)
		}
		after = on.after()
		if len(rows) > mostUnlisted {
			break
		}
	}
	return rows, nil
}

// setMoved has what is stored of moved transactions be that of the days they are listed under.
func (s *Store) setMoved(ctx context.Context, r *Reading, moves []move) error {
	for some := range slices.Chunk(moves, MostAtOnce) {
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error {
			if err := r.current(ctx, tx); err != nil {
				return err
			}
			w, err := newEntryWriter(ctx, tx, s.now(), &known{})
			if err != nil {
				return err
			}
			defer w.close()
			for _, one := range some {
				if err := w.move(ctx, one); err != nil {
					return err
				}
			}
			return w.end(ctx)
		}); err != nil {
			return err
		}
	}
	return nil
}

// move makes one of a transaction that is stored under two ids: what was known of the first is
// known of the second, and the first is gone.
func (w *entryWriter) move(ctx context.Context, one move) error {
	before, err := transactionIn(ctx, w.tx, one.from)
	if err != nil {
		return err
	}
	now, err := transactionIn(ctx, w.tx, one.to)
	if err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, `UPDATE OR REPLACE entry_change SET entry_id = ? WHERE entry_id = ?`, one.to, one.from); err != nil {
		return err
	}
	changed := before.ChangedAt
	if contentOf(before.Transaction) != contentOf(now.Transaction) {
		changed = w.now
		as := before
		as.ID = one.to
		if err := w.keepChange(ctx, as); err != nil {
			return err
		}
	}
	if _, err := w.tx.ExecContext(ctx, `UPDATE entry SET first_seen_at = min(first_seen_at, ?), changed_at = max(changed_at, ?) WHERE id = ?`,
		formatTime(before.FirstSeenAt), formatTime(changed), one.to); err != nil {
		return err
	}
	if err := w.ownMoves(ctx, before, one.to); err != nil {
		return err
	}
	on := dayOfID(before.ID)
	if w.sums.of(before.AccountID, on, before.Amount.Currency).Count--; before.DroppedAt.IsZero() {
		w.count(before.AccountID, on, before.Transaction, true)
	}
	return removeEntries(ctx, w.tx, []Transaction{before}, leaving{at: w.now})
}

// ownMoves has what a person added to a transaction be that of the one it became: their note, and
// that they have seen it.
func (w *entryWriter) ownMoves(ctx context.Context, before Transaction, to int64) error {
	if !before.Note.Empty() {
		at, err := noteWritten(ctx, w.tx, before.ID)
		if err != nil {
			return err
		}
		if err := w.inherit(ctx, gone{Transaction: before, writtenAt: at}, to); err != nil {
			return err
		}
	}
	if before.New {
		return nil
	}
	_, err := w.tx.ExecContext(ctx, `DELETE FROM arrival WHERE entry_id = ?`, to)
	return err
}
