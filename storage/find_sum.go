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
	if err != nil {
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
		list, err := idList(some)
		if err != nil {
			return sum, err
		}
		amounts, err := s.partiesFound(ctx, f, list)
		if err != nil {
			return sum, err
		}
		for _, one := range amounts {
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

// partiesFound are the amounts of those of a list that are looked for, and the others of it that can
// be told apart by them.
func (s *Store) partiesFound(ctx context.Context, f Find, list string) (all []parties, err error) {
	if !f.named() {
		return collect(ctx, s.db, readParties, partiesOf, list)
	}
	entries, err := s.listed(ctx, down.some, list) // all that is said of them has to be looked at
	for _, t := range entries {
		if f.namesFit(t) {
			all = append(all, parties{id: t.ID, AccountID: t.AccountID, dropped: !t.DroppedAt.IsZero(), Transaction: t.Transaction})
		}
	}
	return all, err
}

const (
	anyEntries = `SELECT e.id FROM entry e JOIN account a ON a.id = e.account_id WHERE e.id > ? AND e.id < ? LIMIT ?`
	partiesOf  = `SELECT ` + partyColumns + ` FROM entry WHERE id IN (SELECT value FROM json_each(?))`
)
