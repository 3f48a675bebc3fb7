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
func (s *Store) Movements(ctx context.Context, f Find, limit int) (all []Movement, more bool, err error) {
	f.State = StateBooked
	low, high := f.ids(0)
	if high <= low || f.noAmount() {
		return nil, false, nil
	}
	match, err := s.match(ctx, f)
	if err != nil {
		return nil, false, err
	}
	ids, err := collect(ctx, s.db, readID, down.indexed, match, low, high, mostLookedAt)
	if err != nil {
		return nil, false, err
	}
	for some := range slices.Chunk(ids, 10*MostAtOnce) {
		list, err := idList(some)
		if err != nil {
			return nil, false, err
		}
		rows, err := collect(ctx, s.db, readParties, partiesOf+` ORDER BY id DESC`, list)
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
	return all, len(ids) == mostLookedAt, nil
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
