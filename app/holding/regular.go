package holding

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// Regular is a payment that comes again and again: to one counterparty or from one, as a rent or a salary does, of
// much the same amount, at even intervals. That it is one is a guess, and so is the next day of it.
type Regular struct {
	storage.Counterparty
	AccountID   int64
	Way         storage.Way
	Own         bool // it stays with the person: it goes to another account of theirs, or comes from one
	Cadence     Cadence
	Times       int          // how often it came so
	First       string       // ISO dates
	Last        string       //
	Amount      xs2a.Amount  // that is to be expected, positive: that of the last, unless it was an exception
	Least, Most xs2a.Amount  // of the last ones; the same as Amount unless each differed
	Before      *xs2a.Amount // what it was before it changed last; nil: it never did
	Changed     string       // the day it did
	Next        string       // the day it is expected on: the first after the last
	Late        bool         // that day is over, the account was read since, and it did not come
	Stopped     bool         // it is over by some days more: it does not seem to come any more
	Unknown     bool         // that day is over, and the account was not read since
	Pending     bool         // it is due, and stands among what is not booked yet
	Read        string       // ISO date up to which the account was read

	schedule schedule
	ahead    []string // the first days after the last
}

// Varies reports whether the amount differed each time, lately.
func (r *Regular) Varies() bool { return r.Least != r.Most }

// Days lists the days on which it is expected up to one, ISO dates; the first may be over, and then it is late or not
// known. What has stopped is expected no more.
func (r *Regular) Days(to string) (days []string) {
	if r.Stopped {
		return nil
	}
	for _, on := range r.ahead {
		if on > to {
			return days
		}
		days = append(days, on)
	}
	return r.schedule.after(r.Last, to, mostDays)
}

// mostDays bounds what is foretold of one payment.
const mostDays = 60

// Regulars are the payments that seem to come regularly.
type Regulars struct {
	All  []Regular // those that are expected first, in the order of their days; then those that did not come any more
	More bool      // there was more to look through than is looked through
}

// Of lists those of one way, without those that stay with the person.
func (all Regulars) Of(way storage.Way) []Regular {
	return slices.DeleteFunc(slices.Clone(all.All), func(r Regular) bool { return r.Own || r.Way != way })
}

// What is looked through for regular payments.
const (
	regularMonths  = 38  // a yearly payment has come three times then
	regularTimes   = 3   // at least
	mostPayments   = 200 // with one counterparty: whom is paid more often is a shop
	mostSuspects   = 400 // counterparties of each way
	suspectsAtOnce = 20
)

// found are the runs that were found among all transactions, until these change.
type found struct {
	mu   sync.Mutex
	is   bool
	at   int64
	all  []Regular // as they were, whatever day it is
	more bool
}

// Regular returns the payments that seem to come regularly, as of now. Where transactions have changed since they
// were found last, they are looked for among the counterparties anew.
func (h *Holdings) Regular(ctx context.Context) (Regulars, error) {
	h.found.mu.Lock()
	defer h.found.mu.Unlock()
	at, err := h.store.TurnoverChanges(ctx)
	if err != nil {
		return Regulars{}, err
	}
	if !h.found.is || h.found.at != at {
		runs, more, err := h.findRuns(ctx)
		if err != nil {
			return Regulars{}, err
		}
		h.found.is, h.found.at, h.found.all, h.found.more = true, at, regularOf(runs), more
	}
	return h.regulars(ctx, h.found.all, h.found.more)
}

// RegularFound is Regular where nothing has to be looked for; else found is false.
func (h *Holdings) RegularFound(ctx context.Context) (all Regulars, found bool, err error) {
	if !h.found.mu.TryLock() {
		return all, false, nil // it is being looked for
	}
	defer h.found.mu.Unlock()
	at, err := h.store.TurnoverChanges(ctx)
	if err != nil || !h.found.is || h.found.at != at {
		return all, false, err
	}
	all, err = h.regulars(ctx, h.found.all, h.found.more)
	return all, err == nil, err
}

// RegularWith returns the regular payment that a booked transaction is one of; nil where it is of none.
func (h *Holdings) RegularWith(ctx context.Context, t storage.Transaction) (*Regular, error) {
	key := storage.CounterpartyOf(t.Transaction).Key
	if t.Pending || key == "" {
		return nil, nil
	}
	since := LastMonths(h.nowAt(""), regularMonths).From
	paid, cut, err := h.store.Movements(ctx, storage.Find{Counterparties: []string{key}, Days: storage.Span{From: since + "-01"}}, mostPayments)
	if err != nil || cut {
		return nil, err
	}
	account, err := h.Account(ctx, t.AccountID)
	if err != nil {
		return nil, err
	}
	runs := runsIn(paid, []storage.Account{account})
	runs = slices.DeleteFunc(runs, func(r run) bool { return !r.has(t) })
	all, err := h.regulars(ctx, regularOf(runs), false)
	if err != nil || len(all.All) == 0 {
		return nil, err
	}
	return &all.All[0], nil
}

// has reports whether a transaction is one of the payments.
func (r run) has(t storage.Transaction) bool {
	return slices.ContainsFunc(r.payments, func(m storage.Movement) bool { return m.Date == t.Date() && m.Amount == t.Amount })
}

// findRuns looks through who was paid, or has paid, not seldom and not often.
func (h *Holdings) findRuns(ctx context.Context) (runs []run, more bool, err error) {
	since := LastMonths(h.nowAt(""), regularMonths).From
	var suspects []string
	for _, way := range []storage.Way{storage.MoneyOut, storage.MoneyIn} {
		some, err := h.store.Regular(ctx, way, since, regularTimes, mostPayments, mostSuspects)
		if err != nil {
			return nil, false, err
		}
		more, suspects = more || len(some) == mostSuspects, append(suspects, some...)
	}
	accounts, err := h.Accounts(ctx)
	if err != nil {
		return nil, false, err
	}
	slices.Sort(suspects)
	for some := range slices.Chunk(slices.Compact(suspects), suspectsAtOnce) {
		paid, cut, err := h.store.Movements(ctx, storage.Find{Counterparties: some, Days: storage.Span{From: since + "-01"}}, suspectsAtOnce*mostPayments)
		if err != nil {
			return nil, false, err
		}
		more, runs = more || cut, append(runs, runsIn(paid, accounts)...)
	}
	return runs, more, nil
}

// payer is one account that has to do with one counterparty in one currency.
type payer struct {
	account       int64
	key, currency string
}

// runsIn finds the runs among payments, the newest of which come first.
func runsIn(paid []storage.Movement, accounts []storage.Account) (all []run) {
	by := map[payer][]storage.Movement{}
	for _, m := range slices.Backward(paid) {
		of := payer{m.AccountID, m.Key, m.Amount.Currency}
		by[of] = append(by[of], m)
	}
	for of, payments := range by {
		at := slices.IndexFunc(accounts, func(a storage.Account) bool { return a.ID == of.account })
		if at < 0 {
			continue
		}
		missing := func(from, to string) bool {
			return slices.ContainsFunc(accounts[at].Gaps, func(gap storage.Gap) bool { return gap.From < to && gap.To > from })
		}
		payments = withoutReturned(payments)
		all = append(all, runsOf(way(payments, false), missing)...)
		all = append(all, runsOf(way(payments, true), missing)...)
	}
	return all
}

// regularOf tells of runs what is known of them whatever day it is.
func regularOf(runs []run) []Regular {
	all := make([]Regular, len(runs))
	for i, r := range runs {
		all[i] = r.regular()
	}
	return all
}

// regulars tells how regular payments stand today.
func (h *Holdings) regulars(ctx context.Context, found []Regular, more bool) (Regulars, error) {
	accounts, err := h.PlainAccounts(ctx)
	if err != nil {
		return Regulars{}, err
	}
	own := ownKeys{}
	for _, account := range accounts {
		own.add(account.ID, account.IBAN, account.BBAN)
	}
	all := Regulars{More: more}
	for _, one := range found {
		at := slices.IndexFunc(accounts, func(a storage.Account) bool { return a.ID == one.AccountID })
		if at < 0 {
			continue // it is gone since
		}
		one.stand(accounts[at].BookedTo, h.nowAt(accounts[at].EnvironmentID).Format(time.DateOnly))
		one.Own = len(own[one.Key]) > 0
		if one.due(h.nowAt(accounts[at].EnvironmentID)) {
			if one.Pending, err = h.isPending(ctx, one); err != nil {
				return Regulars{}, err
			}
			one.Late, one.Unknown = one.Late && !one.Pending, one.Unknown && !one.Pending
		}
		all.All = append(all.All, one)
	}
	slices.SortFunc(all.All, func(a, b Regular) int {
		return cmp.Or(ordered(a.Stopped)-ordered(b.Stopped), cmp.Compare(a.Next, b.Next), strings.Compare(a.Key, b.Key), cmp.Compare(a.AccountID, b.AccountID), a.Amount.Decimal().Cmp(b.Amount.Decimal()))
	})
	return all, nil
}

// pendingDays are so many days before it is due that a payment may stand as pending.
const pendingDays = 3

// due reports whether the next payment may be on its way.
func (r *Regular) due(now time.Time) bool {
	return !r.Stopped && r.Next <= now.AddDate(0, 0, pendingDays).Format(time.DateOnly)
}

// isPending reports whether a payment with the same counterparty, the same way, is not booked yet.
func (h *Holdings) isPending(ctx context.Context, one Regular) (bool, error) {
	pending, err := h.store.PendingTransactions(ctx, one.AccountID)
	return slices.ContainsFunc(pending, func(t storage.Transaction) bool {
		return storage.CounterpartyOf(t.Transaction).Key == one.Key && t.Amount.Negative() == (one.Way == storage.MoneyOut) && t.Amount.Currency == one.Amount.Currency
	}), err
}

func ordered(later bool) int {
	if later {
		return 1
	}
	return 0
}

// regular tells of a run what is known of it whatever day it is.
func (r run) regular() Regular {
	first, last := r.payments[0], r.payments[len(r.payments)-1]
	one := Regular{Counterparty: last.Counterparty, AccountID: last.AccountID, Way: storage.MoneyIn, Cadence: r.schedule.Cadence, Times: len(r.payments), First: first.Date, Last: last.Date, schedule: r.schedule}
	if last.Amount.Negative() {
		one.Way = storage.MoneyOut
	}
	one.Amount, one.Least, one.Most = r.amounts()
	for i := r.level; i > 0 && !r.varied; i-- {
		before, now := r.payments[i-1].Amount, r.payments[i].Amount
		if before.Decimal().Cmp(now.Decimal()) != 0 {
			was := positive(before)
			one.Before, one.Changed = &was, r.payments[i].Date
			break
		}
	}
	one.ahead = r.schedule.after(one.Last, "", daysAhead)
	if one.Next = one.Last; len(one.ahead) > 0 {
		one.Next = one.ahead[0]
	}
	return one
}

// daysAhead are so many days of each that are worked out once.
const daysAhead = 16

// stand says how it stands on a day, with its account read up to another.
func (r *Regular) stand(read, today string) {
	r.Read = read
	over := dayIn(r.Next).AddDate(0, 0, r.schedule.grace).Format(time.DateOnly)
	r.Stopped = over < min(read, today)
	r.Late = !r.Stopped && r.Next < today && r.Next < read
	r.Unknown = !r.Stopped && r.Next < today && read <= r.Next
}

func positive(a xs2a.Amount) xs2a.Amount {
	return xs2a.Amount{Number: strings.TrimPrefix(a.Number, "-"), Currency: a.Currency}
}
