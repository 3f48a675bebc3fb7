package holding

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"

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

// Top lists those with whom most money went out of the scope, and those with whom most came in; the
// person's own accounts are not among them. All that went either way, as Flows have it, tells what is left.
func (f *Figures) Top(ctx context.Context, flows []Flow) (to, from Counterparties, err error) {
	dealings, err := f.dealt(ctx)
	if err != nil {
		return to, from, err
	}
	var in, out storage.Tally
	for _, flow := range flows {
		in, out = in.Plus(storage.TallyOf(flow.In)), out.Plus(storage.TallyOf(flow.Out))
	}
	most := [2][]dealt{
		top(dealings, func(d dealt) (storage.Tally, int) { return d.out, d.outs }),
		top(dealings, func(d dealt) (storage.Tally, int) { return d.in, d.ins }),
	}
	names, err := f.names(ctx, slices.Concat(most[:]...))
	if err != nil {
		return to, from, err
	}
	for i, of := range most {
		for _, d := range of {
			sum := storage.CounterpartySum{Counterparty: names[d.key], Turnover: storage.Turnover{In: d.in, Out: d.out, Ins: d.ins, Outs: d.outs, Currency: f.scope.Currency}}
			if i == 0 {
				to.Top, out = append(to.Top, sum), out.Minus(d.out)
			} else {
				from.Top, in = append(from.Top, sum), in.Minus(d.in)
			}
		}
	}
	to.Others, from.Others = out.Amount(f.scope.Currency), in.Amount(f.scope.Currency)
	return to, from, nil
}

// dealt is what went between the person and a counterparty.
type dealt struct {
	key       string
	in, out   storage.Tally
	ins, outs int
	last      int // the last month in which anything did, counted from the first of the scope
}

// dealt adds up what went in the scope with each counterparty that has a name and is no account of the person's.
func (f *Figures) dealt(ctx context.Context) (all []dealt, err error) {
	at := map[string]int{}
	for _, part := range f.parts {
		tallies, err := f.h.store.CounterpartyTallies(ctx, part.ID, f.scope.Currency, f.scope.From, f.scope.To)
		if err != nil {
			return nil, err
		}
		for _, t := range tallies {
			if t.Key == "" || len(f.own[t.Key]) > 0 {
				continue
			}
			i, known := at[t.Key]
			if !known {
				i = len(all)
				at[t.Key] = i
				all = append(all, dealt{key: t.Key})
			}
			one := &all[i]
			one.in, one.out = one.in.Plus(t.In), one.out.Plus(t.Out)
			one.ins, one.outs, one.last = one.ins+t.Ins, one.outs+t.Outs, max(one.last, t.After)
		}
	}
	return all, nil
}

// top are those with whom most went one way.
func top(all []dealt, side func(dealt) (storage.Tally, int)) (with []dealt) {
	for _, d := range all {
		if _, times := side(d); times > 0 {
			with = append(with, d)
		}
	}
	slices.SortFunc(with, func(a, b dealt) int {
		x, _ := side(a)
		y, _ := side(b)
		return cmp.Or(y.Cmp(x), strings.Compare(a.key, b.key))
	})
	return with[:min(len(with), mostTop)]
}

// names are what counterparties were called last.
func (f *Figures) names(ctx context.Context, all []dealt) (map[string]storage.Counterparty, error) {
	in := map[int][]string{}
	for _, d := range all {
		in[d.last] = append(in[d.last], d.key)
	}
	var accounts []int64
	for _, part := range f.parts {
		accounts = append(accounts, part.ID)
	}
	named := map[string]storage.Counterparty{}
	for month, keys := range in {
		names, err := f.h.store.CounterpartyNames(ctx, accounts, f.scope.Currency, firstOf(f.scope.From).AddDate(0, month, 0).Format(monthForm), keys)
		if err != nil {
			return nil, err
		}
		for _, one := range names {
			named[one.Key] = one
		}
	}
	return named, nil
}

// Dealings is all that went between the person and a counterparty, in one currency. Where Hidden is all there is, they are
// empty but for the currency.
type Dealings struct {
	Currency    string
	In, Out     xs2a.Amount
	Ins, Outs   int
	Months      []Flow       // since the first, to this month; Missing and Unread are of the accounts they were on
	Accounts    []int64      // on which they were
	Hidden      int          // further accounts with some that the person has hidden; they count in no figure
	Ages        Ages         // how old what is known of the accounts is
	First, Last string       // days; First is a month where that had very many
	UsualOut    *xs2a.Amount // the middle one of the latest amounts that went out; nil: there were fewer than three
	UsualIn     *xs2a.Amount
}

// MostOfUsual is of how many latest amounts the usual one is the middle.
const MostOfUsual = 25

// Dealings returns what went between the person and a counterparty, the currency with most
// transactions first, given all accounts. What is pending, what a bank does not list any more and what is of a hidden account counts
// in none of it.
func (h *Holdings) Dealings(ctx context.Context, key string, accounts []storage.Account) ([]Dealings, error) {
	months, err := h.store.CounterpartyMonths(ctx, []string{key}, "", "")
	if err != nil {
		return nil, err
	}
	shown := Shown(accounts)
	by := map[string][]storage.CounterpartyMonth{}
	hidden := map[string][]int64{}
	for _, m := range months {
		switch isShown := slices.ContainsFunc(shown, func(a storage.Account) bool { return a.ID == m.AccountID }); {
		case isShown:
			by[m.Currency] = append(by[m.Currency], m)
		case !slices.Contains(hidden[m.Currency], m.AccountID):
			hidden[m.Currency] = append(hidden[m.Currency], m.AccountID)
		}
	}
	var all []Dealings
	for currency, of := range by {
		d, err := h.dealingsIn(ctx, key, currency, of, shown)
		if err != nil {
			return nil, err
		}
		d.Hidden = len(hidden[currency])
		all = append(all, d)
	}
	for currency, accounts := range hidden {
		if len(by[currency]) == 0 {
			all = append(all, Dealings{Currency: currency, Hidden: len(accounts)})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		return cmp.Or(b.Ins+b.Outs-a.Ins-a.Outs, cmp.Compare(a.Currency, b.Currency)) < 0
	})
	return all, nil
}

func (h *Holdings) dealingsIn(ctx context.Context, key, currency string, of []storage.CounterpartyMonth, accounts []storage.Account) (Dealings, error) {
	d := Dealings{Currency: currency}
	var all flow
	months := map[string]flow{}
	for _, m := range of {
		month := months[m.Month]
		months[m.Month] = flow{in: month.in.Plus(m.In), out: month.out.Plus(m.Out)}
		all.in, all.out = all.in.Plus(m.In), all.out.Plus(m.Out)
		if d.Ins, d.Outs = d.Ins+m.Ins, d.Outs+m.Outs; !slices.Contains(d.Accounts, m.AccountID) {
			d.Accounts = append(d.Accounts, m.AccountID)
		}
	}
	d.In, d.Out = all.in.Amount(currency), all.out.Amount(currency)
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
		d.Months = append(d.Months, Flow{Month: month, In: f.in.Amount(currency), Out: f.out.Amount(currency)})
	}
	var known []known
	for _, account := range scope.Accounts {
		k, err := h.knownOf(ctx, account)
		if err != nil {
			return d, err
		}
		known = append(known, k)
	}
	markMissing(d.Months, known)
	var err error
	if d.Ages, err = h.AgesOf(ctx, scope.Accounts...); err != nil {
		return d, err
	}
	if err := h.markMoved(ctx, d.Months, scope); err != nil {
		return d, err
	}
	return d, h.addUsual(ctx, key, &d, of)
}

// markMoved takes back that nothing is known of a month in which something went in or out of the accounts,
// though not with the counterparty.
func (h *Holdings) markMoved(ctx context.Context, flows []Flow, scope Scope) error {
	if !slices.ContainsFunc(flows, func(f Flow) bool { return f.Unread }) {
		return nil
	}
	span := scope.Days()
	for _, account := range scope.Accounts {
		moved, err := h.moves(ctx, account, scope.Currency, dayIn(span.From), dayIn(span.To))
		if err != nil {
			return err
		}
		for i := range flows {
			first := firstOf(flows[i].Month)
			flows[i].Unread = flows[i].Unread && len(moved.between(first, first.AddDate(0, 1, -1))) == 0
		}
	}
	return nil
}

// addUsual adds what is read from the transactions themselves: the first and last day, and the
// usual amounts.
func (h *Holdings) addUsual(ctx context.Context, key string, d *Dealings, of []storage.CounterpartyMonth) error {
	first, last := of[0].Month, of[len(of)-1].Month
	f := storage.Find{Counterparties: []string{key}, Currency: d.Currency, Accounts: d.Accounts}
	latest, more, err := h.store.Movements(ctx, f, 3*MostOfUsual)
	if err != nil {
		return err
	}
	if d.Last = last; len(latest) > 0 {
		d.Last = latest[0].Date
	}
	d.First = first
	if !more && len(latest) > 0 {
		d.First = latest[len(latest)-1].Date
	} else {
		f.Days = Period{first, first}.Days()
		early, _, err := h.store.FirstMovements(ctx, f, 1)
		if err != nil {
			return err
		}
		if len(early) > 0 {
			d.First = early[0].Date
		}
	}
	for _, side := range []struct {
		way storage.Way
		n   int
		to  **xs2a.Amount
	}{{storage.MoneyIn, d.Ins, &d.UsualIn}, {storage.MoneyOut, d.Outs, &d.UsualOut}} {
		of := oneWay(latest, side.way)
		if len(of) < min(side.n, MostOfUsual) { // they lie further back
			if of, _, err = h.store.Movements(ctx, storage.Find{Counterparties: f.Counterparties, Currency: d.Currency, Accounts: d.Accounts, Way: side.way}, MostOfUsual); err != nil {
				return err
			}
		}
		*side.to = middle(of[:min(len(of), MostOfUsual)])
	}
	return nil
}

// oneWay are the movements of one way.
func oneWay(all []storage.Movement, way storage.Way) []storage.Movement {
	return slices.DeleteFunc(slices.Clone(all), func(m storage.Movement) bool { return m.Amount.Negative() != (way == storage.MoneyOut) })
}

// mostLatest is how many of the newest transactions stand on the page of a counterparty.
const mostLatest = 10

// LatestWith lists the newest transactions with a counterparty, what is pending among them.
func (h *Holdings) LatestWith(ctx context.Context, key string) ([]storage.Transaction, error) {
	latest, err := h.store.LatestWith(ctx, key, mostLatest)
	if err != nil {
		return nil, err
	}
	return latest, h.name(ctx, latest)
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
		for _, currency := range currenciesOf(account) {
			if count[currency]++; count[currency] == 1 {
				all = append(all, currency)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	return all
}
