package holding

import (
	"context"
	"slices"

	"github.com/cockroachdb/apd/v3"

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

// AgainstUsual compares this month with those before it. It is nil where too much went between
// own accounts to be read.
func (h *Holdings) AgainstUsual(ctx context.Context, accounts []storage.Account, currency string) (*Usual, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	now := h.nowAt(accounts[0].EnvironmentID)
	scope := Scope{Accounts: accounts, Currency: currency, Period: LastMonths(now, comparedMonths+1)}
	months := scope.Months()
	sums := map[string]*flow{}
	for _, month := range months {
		sums[month] = &flow{}
	}
	usual := &Usual{Currency: currency, Day: now.Day()}
	within := func(date string) *flow {
		if date == "" || date[8:] > now.Format("02") {
			return nil
		}
		return sums[date[:len(monthForm)]]
	}
	for _, account := range accounts {
		days, err := h.store.DaySumsIn(ctx, account.ID, currency, scope.Days())
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			if f := within(d.Date); f != nil {
				if err := addBoth(&f.in, &d.In, &f.out, &d.Out); err != nil {
					return nil, err
				}
			}
		}
	}
	if known, err := h.takeTransfersOfDays(ctx, scope, within); err != nil || !known {
		return nil, err
	}
	return usual, h.compare(ctx, scope, usual, sums)
}

// takeTransfersOfDays takes transfers between own accounts out of what some days add up to. It
// reports whether all of them were read.
func (h *Holdings) takeTransfersOfDays(ctx context.Context, scope Scope, within func(date string) *flow) (bool, error) {
	own, err := h.ownKeys(ctx)
	if err != nil || len(own) == 0 {
		return err == nil, err
	}
	moves, more, err := h.store.Movements(ctx, storage.Find{Counterparties: own.keys(), Accounts: scope.turnovers().Accounts, Currency: scope.Currency, Days: scope.Days()}, mostMovements)
	if err != nil || more {
		return false, err
	}
	for _, m := range moves {
		f := within(m.Date)
		if f == nil || !own.transfer(m.AccountID, m.Key) {
			continue
		}
		side, n := &f.in, m.Amount.Decimal()
		if n.Negative {
			side, n.Negative = &f.out, false
		}
		if _, err := exact.Sub(side, side, n); err != nil {
			return false, err
		}
	}
	return true, nil
}

// compare fills in the months that were read wholly, and this one.
func (h *Holdings) compare(ctx context.Context, scope Scope, usual *Usual, sums map[string]*flow) error {
	months := scope.Months()
	flows := make([]Flow, 0, len(months))
	for _, month := range months {
		flows = append(flows, Flow{Month: month})
	}
	if err := h.markMissing(ctx, scope, flows); err != nil {
		return err
	}
	last := len(flows) - 1
	usual.Missing = flows[last].Missing
	var ins, outs []*apd.Decimal
	for _, f := range slices.Backward(flows[:last]) {
		if f.Missing {
			usual.Left = append(usual.Left, f.Month)
			continue
		}
		usual.Months = append(usual.Months, f.Month)
	}
	if len(usual.Months)%2 == 0 && len(usual.Months) > 0 { // so that one stands in the middle
		usual.Months = usual.Months[:len(usual.Months)-1]
	}
	for _, month := range usual.Months {
		ins, outs = append(ins, &sums[month].in), append(outs, &sums[month].out)
	}
	this := sums[months[last]]
	usual.In.Now, usual.Out.Now = amountOf(&this.in, usual.Currency), amountOf(&this.out, usual.Currency)
	for _, side := range []struct {
		of []*apd.Decimal
		to *Compared
	}{{ins, &usual.In}, {outs, &usual.Out}} {
		if len(side.of) > 0 {
			slices.SortFunc(side.of, func(a, b *apd.Decimal) int { return a.Cmp(b) })
			side.to.Usual = amountOf(side.of[len(side.of)/2], usual.Currency)
		}
	}
	return nil
}
