package storage

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// MostAdded is how many transactions that were found are added up at most.
const MostAdded = 200_000

// FoundSum is what transactions that were found add up to.
type FoundSum struct {
	Count int
	Sums  []DaySum // by currency, without a date. What the bank does not list any more counts in none
	More  bool     // there are more than are added up, so that neither is the whole
}

// SumFound adds up all transactions that are looked for.
func (s *Store) SumFound(ctx context.Context, f Find) (FoundSum, error) {
	low, high := f.ids(0)
	var sum FoundSum
	if high <= low || f.noAmount() {
		return sum, nil
	}
	match, err := s.match(ctx, f)
	if err != nil || match == nothing {
		return sum, err
	}
	query, args := anyEntries, []any{low, high, MostAdded + 1}
	if match != "" {
		query, args = down.indexed, []any{match, low, high, MostAdded + 1}
	}
	ids, err := collect(ctx, s.db, readID, query, args...)
	if err != nil {
		return sum, err
	}
	if sum.More = len(ids) > MostAdded; sum.More {
		return sum, nil
	}
	sums := map[string]*DaySum{}
	for some := range slices.Chunk(ids, 10*MostAtOnce) {
		told, err := s.toldOf(ctx, f, some)
		if err != nil {
			return sum, err
		}
		for _, one := range told {
			if !f.fits(one.AccountID, one.Transaction) {
				continue
			}
			if sum.Count++; one.dropped {
				continue
			}
			if sums[one.Amount.Currency] == nil {
				sums[one.Amount.Currency] = &DaySum{Currency: one.Amount.Currency}
			}
			sums[one.Amount.Currency].add(one.Amount, false)
			sums[one.Amount.Currency].Count++
		}
	}
	for _, one := range slices.SortedFunc(maps.Values(sums), func(a, b *DaySum) int { return strings.Compare(a.Currency, b.Currency) }) {
		sum.Sums = append(sum.Sums, *one)
	}
	return sum, nil
}

// toldOf returns, by their ids, what of some transactions tells whether they are looked for, where the
// index does not, and what they add up to.
func (s *Store) toldOf(ctx context.Context, f Find, ids []int64) (map[int64]parties, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	var all []parties
	switch {
	case f.named(): // all that is said of them has to be looked at
		var entries []Transaction
		entries, err = collect(ctx, s.db, readTransaction, down.some, list)
		for _, t := range entries {
			if f.namesFit(t) {
				all = append(all, parties{id: t.ID, AccountID: t.AccountID, dropped: !t.DroppedAt.IsZero(), Transaction: t.Transaction})
			}
		}
	case f.Counterparties != nil || len(f.Apart) > 0:
		all, err = collect(ctx, s.db, readParties, partiesOf, list)
	default:
		all, err = collect(ctx, s.db, readAmount, amountsOf, list)
	}
	told := make(map[int64]parties, len(all))
	for _, one := range all {
		told[one.id] = one
	}
	return told, err
}

func readAmount(row scanner) (p parties, err error) {
	err = row.Scan(&p.id, &p.AccountID, &p.dropped, &p.Amount.Number, &p.Amount.Currency)
	return p, err
}

const (
	anyEntries = `SELECT e.id FROM entry e JOIN account a ON a.id = e.account_id WHERE e.id > ? AND e.id < ? LIMIT ?`
	partiesOf  = `SELECT ` + partyColumns + ` FROM entry WHERE id IN (SELECT value FROM json_each(?))`
	amountsOf  = `SELECT id, account_id, dropped_at <> '', amount, currency FROM entry WHERE id IN (SELECT value FROM json_each(?))`
)
