package storage

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// MostAdded is how many transactions that may be what is looked for are added up unless all of
// them are asked for.
const MostAdded = 200_000

// FoundSum is what transactions that were found add up to.
type FoundSum struct {
	Count int
	Sums  []DaySum // by currency, without a date
	More  bool     // there are more than are added up, so that neither is the whole
}

// SumFound adds up all transactions that are looked for, unless they are very many.
func (s *Store) SumFound(ctx context.Context, f Find) (FoundSum, error) {
	return s.sumFound(ctx, f, MostAdded)
}

// SumAllFound adds up all transactions that are looked for, however many they are: a million takes
// some seconds.
func (s *Store) SumAllFound(ctx context.Context, f Find) (FoundSum, error) {
	return s.sumFound(ctx, f, 0)
}

func (s *Store) sumFound(ctx context.Context, f Find, most int) (FoundSum, error) {
	low, high := f.ids(0)
	if high <= low || f.noAmount() {
		return FoundSum{}, nil
	}
	if f.plain() {
		return s.sumDays(ctx, f, low, high)
	}
	match, err := s.match(ctx, f)
	if err != nil || match == nothing {
		return FoundSum{}, err
	}
	if most > 0 {
		var n int
		if err := s.db.QueryRowContext(ctx, countIndexed, match, low, high, most+1).Scan(&n); err != nil || n > most {
			return FoundSum{More: n > most}, err
		}
	}
	found := foundSums{}
	for {
		ids, err := collect(ctx, s.db, readID, down.indexed, match, low, high, mostLookedAt)
		if err != nil {
			return FoundSum{}, err
		}
		for some := range slices.Chunk(ids, 10*MostAtOnce) {
			told, err := s.toldOf(ctx, f, some)
			if err != nil {
				return FoundSum{}, err
			}
			for _, one := range told {
				if f.fits(one.AccountID, one.Transaction) {
					found.add(one)
				}
			}
		}
		if len(ids) < mostLookedAt {
			return found.sum(), nil
		}
		high = ids[len(ids)-1]
	}
}

var countIndexed = `SELECT count(*) FROM (` + down.indexed + `)`

// plain reports whether days, accounts and a currency alone are looked for, which are added up
// already.
func (f Find) plain() bool {
	return len(f.Terms) == 0 && f.Least == nil && f.Most == nil && f.Way == "" && f.State == "" && f.BankCode == "" && f.Counterparties == nil && len(f.Apart) == 0
}

// sumDays adds up what is booked by its days, and what is pending one by one.
func (s *Store) sumDays(ctx context.Context, f Find, low, high int64) (FoundSum, error) {
	accounts := f.Accounts
	if accounts == nil {
		var err error
		if accounts, err = collect(ctx, s.db, readID, `SELECT id FROM account`); err != nil {
			return FoundSum{}, err
		}
	}
	list, err := idList(accounts)
	if err != nil {
		return FoundSum{}, err
	}
	days, err := collect(ctx, s.db, readDaySum, `SELECT `+daySumColumns+` WHERE account_id IN (SELECT value FROM json_each(?)) AND day >= ? AND day < ?`, list, dayOfID(low), dayOfID(high))
	if err != nil {
		return FoundSum{}, err
	}
	pending, err := collect(ctx, s.db, readAmount, amountColumns+` WHERE account_id IN (SELECT id FROM account WHERE id IN (SELECT value FROM json_each(?))) AND pending = 1 AND id > ? AND id < ?`, list, low, high)
	if err != nil {
		return FoundSum{}, err
	}
	found := foundSums{}
	for _, one := range days {
		if f.Currency == "" || strings.EqualFold(one.Currency, f.Currency) {
			found.of(one.Currency).addSum(one)
		}
	}
	for _, one := range pending {
		if f.Currency == "" || strings.EqualFold(one.Amount.Currency, f.Currency) {
			found.add(one)
		}
	}
	return found.sum(), nil
}

// foundSums are the sums of what was found, by currency.
type foundSums map[string]*DaySum

func (all foundSums) of(currency string) *DaySum {
	if all[currency] == nil {
		all[currency] = &DaySum{Currency: currency}
	}
	return all[currency]
}

// add adds a transaction; of one that the bank does not list any more its number alone.
func (all foundSums) add(one parties) {
	sum := all.of(one.Amount.Currency)
	if sum.Count++; !one.dropped {
		sum.add(one.Amount, false)
	}
}

func (all foundSums) sum() (found FoundSum) {
	for _, one := range slices.SortedFunc(maps.Values(all), func(a, b *DaySum) int { return strings.Compare(a.Currency, b.Currency) }) {
		found.Count += one.Count
		found.Sums = append(found.Sums, *one)
	}
	return found
}

// addSum adds what another day adds up to.
func (d *DaySum) addSum(other DaySum) {
	d.Count += other.Count
	_, _ = exact.Add(&d.In, &d.In, &other.In) // errs only where the context traps, and this one has nothing to trap
	_, _ = exact.Add(&d.Out, &d.Out, &other.Out)
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
		entries, err = s.listed(ctx, down.some, list)
		for _, t := range entries {
			if f.namesFit(t) && (f.BankCode == "" || t.BankCode == f.BankCode) {
				all = append(all, parties{id: t.ID, AccountID: t.AccountID, dropped: !t.DroppedAt.IsZero(), Transaction: t.Transaction})
			}
		}
	case f.Counterparties != nil || len(f.Apart) > 0:
		all, err = collect(ctx, s.db, readParties, partiesOf, list, f.BankCode)
	default:
		all, err = collect(ctx, s.db, readAmount, amountsOf, list, f.BankCode)
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
	partiesOf     = `SELECT ` + partyColumns + ` FROM entry` + those
	amountsOf     = amountColumns + those
	those         = ` WHERE id IN (SELECT value FROM json_each(?1)) AND (?2 = '' OR bank_code = ?2)`
	amountColumns = `SELECT id, account_id, dropped_at <> '', amount, currency FROM entry`
)
