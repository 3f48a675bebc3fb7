package storage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"consentry/xs2a"
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
	if err != nil {
		return sum, err
	}
	query, args := anyEntries, []any{low, high, MostAdded + 1}
	if match != "" {
		query, args = indexedEntries, []any{match, low, high, MostAdded + 1}
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
		list, err := idList(some)
		if err != nil {
			return sum, err
		}
		amounts, err := s.amountsFound(ctx, f, list)
		if err != nil {
			return sum, err
		}
		for _, one := range amounts {
			if sum.Count++; one.dropped {
				continue
			}
			if sums[one.Currency] == nil {
				sums[one.Currency] = &DaySum{Currency: one.Currency}
			}
			sums[one.Currency].add(one.Amount, false)
			sums[one.Currency].Count++
		}
	}
	for _, one := range slices.SortedFunc(maps.Values(sums), func(a, b *DaySum) int { return strings.Compare(a.Currency, b.Currency) }) {
		sum.Sums = append(sum.Sums, *one)
	}
	return sum, nil
}

// amountsFound are the amounts of those of a list that are looked for.
func (s *Store) amountsFound(ctx context.Context, f Find, list string) (all []amountFound, err error) {
	if f.named() { // which has to be looked at
		entries, err := collect(ctx, s.db, readTransaction, transactionsOf, list)
		for _, t := range entries {
			if f.fits(t) {
				all = append(all, amountFound{t.Amount, !t.DroppedAt.IsZero()})
			}
		}
		return all, err
	}
	all, err = collect(ctx, s.db, readAmountFound, amountsOf, list)
	return slices.DeleteFunc(all, func(one amountFound) bool { return !f.amountFits(one.Amount) }), err
}

type amountFound struct {
	xs2a.Amount
	dropped bool
}

func readAmountFound(row scanner) (one amountFound, err error) {
	err = row.Scan(&one.Number, &one.Currency, &one.dropped)
	return one, err
}

const (
	anyEntries = `SELECT e.id FROM entry e JOIN account a ON a.id = e.account_id WHERE e.id > ? AND e.id < ? LIMIT ?`
	amountsOf  = `SELECT amount, currency, dropped_at <> '' FROM entry WHERE id IN (SELECT value FROM json_each(?))`
)
