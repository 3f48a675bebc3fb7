package holding

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// Figures are what the pictures and lists of a scope are made of: its days, what went between own accounts
// and what is known of both, each read once for all that is told of them.
type Figures struct {
	h         *Holdings
	scope     Scope
	today     time.Time
	from      string // the month in which what is read begins
	parts     []part
	own       ownKeys
	transfers []storage.CounterpartyMonth // between own accounts, on those of the scope and in its currency
}

// part is what is read of one account.
type part struct {
	storage.Account
	known known
	moves moves
}

// standing is what stands for the account in a currency.
func (of part) standing(currency string) (Standing, bool) {
	for _, one := range StandingsOf(of.Account) {
		if one.Amount.Currency == currency {
			return one, true
		}
	}
	return Standing{}, false
}

// Figures reads the figures of a scope, which has an account.
func (h *Holdings) Figures(ctx context.Context, scope Scope) (*Figures, error) {
	f := &Figures{h: h, scope: scope, today: h.today(scope.Accounts[0]), from: scope.From}
	if f.thisMonth() {
		f.from = min(scope.From, f.compared().From)
	}
	for _, account := range scope.Accounts {
		one := part{Account: account}
		var err error
		if one.known, err = h.knownOf(ctx, account); err != nil {
			return nil, err
		}
		from, to := f.readOf(account)
		if one.moves, err = h.moves(ctx, account, scope.Currency, from, to); err != nil {
			return nil, err
		}
		f.parts = append(f.parts, one)
	}
	return f, f.readTransfers(ctx)
}

// readTransfers reads what went between own accounts per month.
func (f *Figures) readTransfers(ctx context.Context) (err error) {
	if f.own, err = f.h.ownKeys(ctx); err != nil {
		return err
	}
	keys := f.own.others(f.scope.Accounts)
	if len(keys) == 0 {
		return nil
	}
	f.transfers, err = f.h.store.CounterpartyMonths(ctx, keys, f.from, f.scope.To)
	f.transfers = slices.DeleteFunc(f.transfers, func(t storage.CounterpartyMonth) bool {
		return t.Currency != f.scope.Currency || !f.has(t.AccountID) || !f.own.transfer(t.AccountID, t.Key)
	})
	return err
}

// has reports whether an account is of the scope.
func (f *Figures) has(account int64) bool {
	return slices.ContainsFunc(f.parts, func(one part) bool { return one.ID == account })
}

// readOf are the days of which it is read what went in and out of an account: those of the scope, those
// this month is compared with, and those on the way to the day on which the balance stands.
func (f *Figures) readOf(account storage.Account) (from, to time.Time) {
	span := f.scope.Days()
	from, to = firstOf(f.from), dayIn(span.To)
	if main, has := (part{Account: account}).standing(f.scope.Currency); has {
		if of, err := time.Parse(time.DateOnly, endOfDay(main.Balance)); err == nil && of.Before(from) {
			from = of
		}
	}
	if today := f.h.today(account); today.After(to) {
		to = today
	}
	return from, to
}

// firstOf is the first day of a month; the zero time for what is none.
func firstOf(month string) time.Time { return dayIn(month + "-01") }

// dayIn is the day of an ISO date; the zero time for what is none.
func dayIn(date string) time.Time {
	on, _ := time.Parse(time.DateOnly, date)
	return on
}

// thisMonth reports whether the scope ends with the month it is.
func (f *Figures) thisMonth() bool { return f.scope.To == f.today.Format(monthForm) }

// monthsBetween counts the months from one to another.
func monthsBetween(from, to string) int {
	a, b := firstOf(from), firstOf(to)
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}
