package holding

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage"
	"consentry/xs2a"
)

// Counterparty returns how banks call a counterparty, or storage.ErrNotFound where none of the
// transactions that count is with them.
func (h *Holdings) Counterparty(ctx context.Context, key string) (storage.Counterparty, error) {
	return h.store.Counterparty(ctx, key)
}

// Counterparties are those with whom most money went one way in a scope.
type Counterparties struct {
	Top    []storage.CounterpartySum
	Others xs2a.Amount // what went that way to or from all others
}

// mostTop is how many counterparties stand in such a list.
const mostTop = 8

// TopCounterparties lists those with whom most money went one way in a scope; the person's own
// accounts are not among them. All that went that way, as Flows have it, tells what is left.
func (h *Holdings) TopCounterparties(ctx context.Context, scope Scope, way storage.Way, flows []Flow) (Counterparties, error) {
	own, err := h.ownKeys(ctx)
	if err != nil {
		return Counterparties{}, err
	}
	of := scope.turnovers()
	of.Without = append(own.keys(), "")
	top, err := h.store.TopCounterparties(ctx, of, way, mostTop)
	if err != nil {
		return Counterparties{}, err
	}
	side := func(c storage.CounterpartySum) *apd.Decimal {
		if way == storage.MoneyIn {
			return &c.In
		}
		return &c.Out
	}
	slices.SortStableFunc(top, func(a, b storage.CounterpartySum) int { return side(b).Cmp(side(a)) })
	others := new(apd.Decimal)
	for _, f := range flows {
		all := f.Out
		if way == storage.MoneyIn {
			all = f.In
		}
		if _, err := exact.Add(others, others, all.Decimal()); err != nil {
			return Counterparties{}, err
		}
	}
	for _, c := range top {
		if _, err := exact.Sub(others, others, side(c)); err != nil {
			return Counterparties{}, err
		}
	}
	return Counterparties{top, amountOf(others, scope.Currency)}, nil
}

// Dealings is all that went between the person and a counterparty, in one currency.
type Dealings struct {
	Currency    string
	In, Out     xs2a.Amount
	Ins, Outs   int
	Months      []Flow       // since the first, to this month; Missing and Unread are of the accounts they were on
	Accounts    []int64      // on which they were
	First, Last string       // days; First is a month where that had very many
	UsualOut    *xs2a.Amount // the middle one of the latest amounts that went out; nil: there were fewer than three
	UsualIn     *xs2a.Amount
}

// MostOfUsual is of how many latest amounts the usual one is the middle.
const MostOfUsual = 25

// Dealings returns what went between the person and a counterparty, the currency with most
// transactions first. What is pending and what a bank does not list any more counts in none of it.
func (h *Holdings) Dealings(ctx context.Context, key string) ([]Dealings, error) {
	months, err := h.store.CounterpartyMonths(ctx, []string{key}, "", "")
	if err != nil {
		return nil, err
	}
	accounts, err := h.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string][]storage.CounterpartyMonth{}
	for _, m := range months {
		by[m.Currency] = append(by[m.Currency], m)
	}
	var all []Dealings
	for currency, of := range by {
		d, err := h.dealingsIn(ctx, key, currency, of, accounts)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		return cmp.Or(b.Ins+b.Outs-a.Ins-a.Outs, cmp.Compare(a.Currency, b.Currency)) < 0
	})
	return all, nil
}

func (h *Holdings) dealingsIn(ctx context.Context, key, currency string, of []storage.CounterpartyMonth, accounts []storage.Account) (Dealings, error) {
	d := Dealings{Currency: currency}
	var in, out apd.Decimal
	months := map[string]*flow{}
	for _, m := range of {
		if months[m.Month] == nil {
			months[m.Month] = &flow{}
		}
		if err := addBoth(&months[m.Month].in, &m.In, &months[m.Month].out, &m.Out); err != nil {
			return d, err
		}
		if err := addBoth(&in, &m.In, &out, &m.Out); err != nil {
			return d, err
		}
		if d.Ins, d.Outs = d.Ins+m.Ins, d.Outs+m.Outs; !slices.Contains(d.Accounts, m.AccountID) {
			d.Accounts = append(d.Accounts, m.AccountID)
		}
	}
	d.In, d.Out = amountOf(&in, currency), amountOf(&out, currency)
	scope := Scope{Currency: currency, Period: Period{of[0].Month, h.nowAt("").Format(monthForm)}}
	for _, account := range accounts {
		if slices.Contains(d.Accounts, account.ID) {
			scope.Accounts = append(scope.Accounts, account)
			scope.To = max(scope.To, h.nowAt(account.EnvironmentID).Format(monthForm))
		}
	}
	scope.To = max(scope.To, of[len(of)-1].Month)
	for _, month := range scope.Months() {
		f := months[month]
		if f == nil {
			f = &flow{}
		}
		d.Months = append(d.Months, Flow{Month: month, In: amountOf(&f.in, currency), Out: amountOf(&f.out, currency)})
	}
	if err := h.markMissing(ctx, scope, d.Months); err != nil {
		return d, err
	}
	return d, h.addUsual(ctx, key, &d, of)
}

// addUsual adds what is read from the transactions themselves: the first and last day, and the
// usual amounts.
func (h *Holdings) addUsual(ctx context.Context, key string, d *Dealings, of []storage.CounterpartyMonth) error {
	first, last := of[0].Month, of[len(of)-1].Month
	f := storage.Find{Counterparties: []string{key}, Currency: d.Currency, Days: Period{first, first}.Days()}
	early, _, err := h.store.FirstMovements(ctx, f, 1)
	if err != nil {
		return err
	}
	if d.First = first; len(early) > 0 {
		d.First = early[0].Date
	}
	f.Days = Period{last, last}.Days()
	late, _, err := h.store.Movements(ctx, f, 1)
	if err != nil {
		return err
	}
	if d.Last = last; len(late) > 0 {
		d.Last = late[0].Date
	}
	for way, to := range map[storage.Way]**xs2a.Amount{storage.MoneyIn: &d.UsualIn, storage.MoneyOut: &d.UsualOut} {
		latest, _, err := h.store.Movements(ctx, storage.Find{Counterparties: f.Counterparties, Currency: d.Currency, Way: way}, MostOfUsual)
		if err != nil {
			return err
		}
		*to = middle(latest)
	}
	return nil
}

// mostMovements bounds what is read of a month of a counterparty.
const mostMovements = 2000

// middle returns the middle one of amounts, without its sign: one that was, and none that is made
// up. Of an even number the oldest is left out; of fewer than three there is none.
func middle(latest []storage.Movement) *xs2a.Amount {
	if len(latest) < 3 {
		return nil
	}
	var all []*apd.Decimal
	for _, m := range latest[:len(latest)-1+len(latest)%2] {
		n := m.Amount.Decimal()
		n.Negative = false
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *apd.Decimal) int { return a.Cmp(b) })
	usual := amountOf(all[len(all)/2], latest[0].Amount.Currency)
	return &usual
}

// Currencies lists the currencies of accounts, that of most of them first.
func Currencies(accounts []storage.Account) (all []string) {
	count := map[string]int{}
	for _, account := range accounts {
		currency := account.Currency
		if main, has := MainBalance(account); has {
			currency = main.Amount.Currency
		}
		if count[currency]++; count[currency] == 1 {
			all = append(all, currency)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	return all
}
