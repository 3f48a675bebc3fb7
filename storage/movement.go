package storage

import (
	"context"
	"slices"

	"consentry/xs2a"
)

// Movement is what counts of a booked transaction: with whom, how much, and when.
type Movement struct {
	AccountID int64
	Date      string // the ISO date it is listed under
	Amount    xs2a.Amount
	Counterparty
}

// Movements lists the booked transactions that are looked for, the newest first, but those that a
// bank does not list any more: so many at most. It reports whether there may be more.
func (s *Store) Movements(ctx context.Context, f Find, limit int) ([]Movement, bool, error) {
	return s.movements(ctx, f, limit, down.indexed, ` ORDER BY id DESC`)
}

// FirstMovements is Movements, the oldest first.
func (s *Store) FirstMovements(ctx context.Context, f Find, limit int) ([]Movement, bool, error) {
	return s.movements(ctx, f, limit, up.indexed, ` ORDER BY id`)
}

func (s *Store) movements(ctx context.Context, f Find, limit int, indexed, order string) (all []Movement, more bool, err error) {
	f.State = StateBooked
	low, high := f.ids(0)
	if high <= low || f.noAmount() {
		return nil, false, nil
	}
	match, err := s.match(ctx, f)
	if err != nil {
		return nil, false, err
	}
	for _, look := range []int{firstLookedAt, mostLookedAt} { // few are most often enough
		ids, err := collect(ctx, s.db, readID, indexed, match, low, high, look)
		if err != nil {
			return nil, false, err
		}
		if all, more, err = s.movementsOf(ctx, f, ids, limit, order); err != nil || more || len(ids) < look {
			return all, more, err
		}
	}
	return all, true, nil
}

// movementsOf are those of some transactions that are looked for.
func (s *Store) movementsOf(ctx context.Context, f Find, ids []int64, limit int, order string) (all []Movement, more bool, err error) {
	for some := range slices.Chunk(ids, min(max(2*limit, 50), 10*MostAtOnce)) {
		list, err := idList(some)
		if err != nil {
			return nil, false, err
		}
		rows, err := collect(ctx, s.db, readParties, partiesOf+order, list)
		if err != nil {
			return nil, false, err
		}
		for _, row := range rows {
			if row.dropped || !f.fits(row.AccountID, row.Transaction) {
				continue
			}
			if len(all) == limit {
				return all, true, nil
			}
			all = append(all, Movement{row.AccountID, dayOfID(row.id).String(), row.Amount, CounterpartyOf(row.Transaction)})
		}
	}
	return all, false, nil
}

// FirstDay returns the ISO date of an account's first booked transaction; empty where there is none.
func (s *Store) FirstDay(ctx context.Context, accountID int64) (string, error) {
	var on day
	err := s.db.QueryRowContext(ctx, `SELECT coalesce(min(day), 0) FROM day_sum WHERE account_id = ? AND day > 0`, accountID).Scan(&on)
	return on.String(), err
}

// Regular lists with whom money went out of accounts not seldom and not often since a month: so
// many times at least and at most, in one currency.
func (s *Store) Regular(ctx context.Context, since string, least, most, limit int) ([]string, error) {
	return collect(ctx, s.db, readText, `SELECT counterparty FROM counterparty_month WHERE month >= ? AND counterparty <> ''
		GROUP BY counterparty, currency HAVING sum(outs) BETWEEN ? AND ? ORDER BY max(named) DESC LIMIT ?`, monthIn(since), least, most, limit)
}
