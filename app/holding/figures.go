package holding

import (
	"context"
	"time"

	"consentry/storage"
)

// Figures are what the pictures and lists of a scope are made of: days, counterparties and what is known
// of both, each read once for all that is told of them.
type Figures struct {
	h     *Holdings
	scope Scope
	today time.Time
	own   ownKeys
	parts []part
	from  string // the month in which what is read of counterparties begins
}

// part is what is read of one account.
type part struct {
	storage.Account
	known known
	moves moves
	with  []storage.CounterpartyTally
}

// Figures reads the figures of a scope, which has an account.
func (h *Holdings) Figures(ctx context.Context, scope Scope) (*Figures, error) {
	f := &Figures{h: h, scope: scope, today: h.today(scope.Accounts[0]), from: scope.From}
	if f.thisMonth() {
		f.from = min(scope.From, f.compared().From)
	}
	var err error
	if f.own, err = h.ownKeys(ctx); err != nil {
		return nil, err
	}
	for _, account := range scope.Accounts {
		one := part{Account: account}
		if one.known, err = h.knownOf(ctx, account); err != nil {
			return nil, err
		}
		from, to := f.readOf(account)
		if one.moves, err = h.moves(ctx, account, scope.Currency, from, to); err != nil {
			return nil, err
		}
		if one.with, err = h.store.CounterpartyTallies(ctx, account.ID, scope.Currency, f.from, scope.To); err != nil {
			return nil, err
		}
		f.parts = append(f.parts, one)
	}
	return f, nil
}

// readOf are the days of which it is read what went in and out of an account: those of the scope, those
// this month is compared with, and those on the way to the day on which the balance stands.
func (f *Figures) readOf(account storage.Account) (from, to time.Time) {
	span := f.scope.Days()
	from, to = firstOf(f.from), dayIn(span.To)
	if main, has := MainBalance(account); has {
		if of, err := time.Parse(time.DateOnly, endOfDay(main)); err == nil && of.Before(from) {
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

// monthsTo counts the months from the first that is read of counterparties to another.
func (f *Figures) monthsTo(month string) int { return monthsBetween(f.from, month) }

func monthsBetween(from, to string) int {
	a, b := firstOf(from), firstOf(to)
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}
