package holding

import (
	"context"
	"slices"

	"consentry/storage"
	"consentry/xs2a"
)

// Usual is this month so far beside the same days of the months before.
type Usual struct {
	Currency string
	Day      int // of the month: so many days are compared
	In, Out  Compared
	Months   []string // that are compared
	Left     []string // that are not, since they were not read wholly
	Missing  bool     // days of this month were not read
}

// Compared is what went one way, without transfers between own accounts.
type Compared struct {
	Now   xs2a.Amount
	Usual xs2a.Amount // the middle one of the months before; counts only where there are some
}

// comparedMonths is with how many months this one is compared at most.
const comparedMonths = 5

// compared are this month and those it is compared with.
func (f *Figures) compared() Period { return LastMonths(f.today, comparedMonths+1) }

// AgainstUsual compares this month with those before it. It is nil where the scope does not end with this
// month, or too much went between own accounts to be read.
func (f *Figures) AgainstUsual(ctx context.Context) (*Usual, error) {
	if !f.thisMonth() {
		return nil, nil
	}
	months := f.compared().Months()
	sums := make([]flow, len(months))
	for i, month := range months {
		first := firstOf(month)
		last := first.AddDate(0, 0, f.today.Day()-1)
		if end := first.AddDate(0, 1, -1); last.After(end) {
			last = end
		}
		for _, part := range f.parts {
			for _, d := range part.moves.between(first, last) {
				sums[i].in, sums[i].out = sums[i].in.Plus(d.In), sums[i].out.Plus(d.Out)
			}
		}
	}
	transfers, known, err := f.transfersOf(ctx, f.compared())
	if err != nil || !known {
		return nil, err
	}
	for _, m := range transfers {
		if dayIn(m.Date).Day() > f.today.Day() {
			continue
		}
		sum := &sums[monthsBetween(months[0], m.Date[:len(monthForm)])]
		if n := storage.TallyOf(m.Amount); n.Sign() < 0 {
			sum.out = sum.out.Plus(n)
		} else {
			sum.in = sum.in.Minus(n)
		}
	}
	return f.compare(months, sums), nil
}

// transfersOf lists what went between own accounts in a period that was read. It reports whether that is
// all of it.
func (f *Figures) transfersOf(ctx context.Context, period Period) ([]storage.Movement, bool, error) {
	var keys []string // of the few accounts that there were any with
	for _, t := range f.transfers {
		if t.Month >= period.From && t.Month <= period.To && !slices.Contains(keys, t.Key) {
			keys = append(keys, t.Key)
		}
	}
	if len(keys) == 0 {
		return nil, true, nil
	}
	moves, more, err := f.h.store.Movements(ctx, storage.Find{Counterparties: keys, Currency: f.scope.Currency, Days: period.Days()}, mostMovements)
	moves = slices.DeleteFunc(moves, func(m storage.Movement) bool { return !f.has(m.AccountID) || !f.own.transfer(m.AccountID, m.Key) })
	return moves, !more, err
}

// compare tells the months that were read wholly, and this one.
func (f *Figures) compare(months []string, sums []flow) *Usual {
	flows := make([]Flow, len(months))
	for i, month := range months {
		flows[i].Month = month
	}
	f.markMissing(flows)
	last := len(months) - 1
	usual := &Usual{Currency: f.scope.Currency, Day: f.today.Day(), Missing: flows[last].Missing}
	var ins, outs []storage.Tally
	for i, flow := range slices.Backward(flows[:last]) {
		if flow.Missing {
			usual.Left = append(usual.Left, flow.Month)
			continue
		}
		usual.Months = append(usual.Months, flow.Month)
		ins, outs = append(ins, sums[i].in), append(outs, sums[i].out)
	}
	if n := len(usual.Months); n%2 == 0 && n > 0 { // so that one stands in the middle
		usual.Months, ins, outs = usual.Months[:n-1], ins[:n-1], outs[:n-1]
	}
	usual.In = comparedWith(sums[last].in, ins, f.scope.Currency)
	usual.Out = comparedWith(sums[last].out, outs, f.scope.Currency)
	return usual
}

// comparedWith is a sum beside the middle one of others.
func comparedWith(now storage.Tally, others []storage.Tally, currency string) Compared {
	compared := Compared{Now: now.Amount(currency)}
	if len(others) > 0 {
		slices.SortFunc(others, storage.Tally.Cmp)
		compared.Usual = others[len(others)/2].Amount(currency)
	}
	return compared
}
