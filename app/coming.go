package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"consentry/app/holding"
	"consentry/app/pay"
	"consentry/storage"
	"consentry/xs2a"
)

// ComingKind says what comes.
type ComingKind string

// The kinds, in the order in which they stand on a day.
const (
	ComesIn      ComingKind = "in"      // money, as regularly before
	ComesOut     ComingKind = "out"     // likewise
	ComesOrdered ComingKind = "ordered" // a payment made here, for a day to come
	ComesRead    ComingKind = "read"    // a fetch by itself
	ComesEnd     ComingKind = "end"     // of a consent
)

var comingKinds = []ComingKind{ComesIn, ComesOut, ComesOrdered, ComesRead, ComesEnd}

// Coming is something that is to come. What it is stands in the field of its kind.
type Coming struct {
	Kind ComingKind
	On   string // ISO date by the clock of its environment; of what is late, a day that is over

	Regular  holding.Regular // what comes in or goes out: expected from history, and nothing more
	Next     bool            // it is the one that is next: whether it is late, or not known, stands in Regular
	Payment  storage.Payment // ordered
	Occasion pay.Occasion    // of a standing order
	Consent  storage.Consent // read under, or ending
	At       time.Time       // of a read
}

// Outlook is what comes within some days, day by day.
type Outlook struct {
	All   []Coming
	Found bool // what comes regularly is among it; else it was not looked for yet
	More  bool // there was more to look through than is looked through
}

// Outlook lists what comes within so many days. What comes regularly is looked for among the transactions where they
// have changed since; where that may not take the time, it is left out, and that is said.
func (a *App) Outlook(ctx context.Context, days int, look bool) (Outlook, error) {
	var view Outlook
	var regular holding.Regulars
	var err error
	if look {
		regular, err = a.holdings.Regular(ctx)
		view.Found = err == nil
	} else {
		regular, view.Found, err = a.holdings.RegularFound(ctx)
	}
	if err != nil {
		return view, err
	}
	view.More = regular.More
	accounts, err := a.holdings.PlainAccounts(ctx)
	if err != nil {
		return view, err
	}
	ordered, err := a.orderedPayments(ctx, days)
	if err != nil {
		return view, err
	}
	ends, err := a.comingAtBanks(ctx, days)
	if err != nil {
		return view, err
	}
	view.All = slices.Concat(ordered, ends)
	for _, account := range accounts {
		now := a.clock.NowAt(account.EnvironmentID)
		first, last := now.AddDate(0, 0, -lateDays).Format(time.DateOnly), now.AddDate(0, 0, days).Format(time.DateOnly)
		for _, one := range regular.All {
			if one.AccountID == account.ID && !isOrdered(one, account, ordered) {
				view.All = append(view.All, comingOf(one, first, now.Format(time.DateOnly), last)...)
			}
		}
	}
	slices.SortStableFunc(view.All, func(x, y Coming) int {
		return cmp.Or(cmp.Compare(x.On, y.On), slices.Index(comingKinds, x.Kind)-slices.Index(comingKinds, y.Kind), x.At.Compare(y.At), cmp.Compare(x.Regular.Key, y.Regular.Key), cmp.Compare(x.Payment.ID+x.Consent.ID, y.Payment.ID+y.Consent.ID))
	})
	return view, nil
}

// lateDays are so many days before today of which it is said that something was to come. What was to come before, to an
// account that was not read since, is known as soon as that is read.
const lateDays = 10

// comingOf are the days of a regular payment from the first up to the last that is asked for; of those before today the
// one that is next alone. Of what goes from one account of the person to another the account it leaves tells.
func comingOf(one holding.Regular, first, today, last string) (all []Coming) {
	kind := ComesOut
	if one.Way == storage.MoneyIn {
		kind = ComesIn
	}
	if kind == ComesIn && one.Own {
		return nil
	}
	for _, on := range one.Days(last) {
		if on < first || on < today && on != one.Next {
			continue // of what was to come after that one nothing is known before that is
		}
		all = append(all, Coming{Kind: kind, On: on, Regular: one, Next: on == one.Next})
	}
	return all
}

// isOrdered reports whether what was found in the history is a standing order made here: of that the days are known.
func isOrdered(one holding.Regular, account storage.Account, ordered []Coming) bool {
	return slices.ContainsFunc(ordered, func(c Coming) bool {
		order := c.Payment.Order
		if order.Standing == nil || one.Way != storage.MoneyOut || !isAccount(order.Debtor, account) {
			return false
		}
		to := order.Transfers[0]
		known := xs2a.Transaction{Amount: xs2a.Amount{Number: "-1"}, CreditorName: to.Creditor}
		return to.Amount.Currency == one.Amount.Currency && to.Amount.Decimal().Cmp(one.Amount.Decimal()) == 0 &&
			slices.Contains([]string{storage.NumberKey(to.To.IBAN), storage.NumberKey(to.To.BBAN), storage.NumberKey(to.To.Clearing + to.To.BBAN), storage.NumberKey(to.To.Giro), storage.CounterpartyOf(known).Key}, one.Key)
	})
}

func isAccount(number xs2a.OrderAccount, account storage.Account) bool {
	return number.IBAN != "" && storage.NumberKey(number.IBAN) == storage.NumberKey(account.IBAN) ||
		number.BBAN != "" && slices.Contains([]string{storage.NumberKey(number.BBAN), storage.NumberKey(number.Clearing + number.BBAN)}, storage.NumberKey(account.BBAN))
}

// mostOccasions bounds the days of one standing order.
const mostOccasions = 100

// orderedPayments are the payments made here that are to be made on a day to come.
func (a *App) orderedPayments(ctx context.Context, days int) ([]Coming, error) {
	if counts, err := a.store.CountPayments(ctx); err != nil || counts[string(pay.UnderWay)] == 0 {
		return nil, err
	}
	payments, err := a.store.PaymentsInForce(ctx)
	var all []Coming
	for _, p := range payments {
		now := a.clock.NowAt(p.EnvironmentID)
		today, last := now.Format(time.DateOnly), now.AddDate(0, 0, days).Format(time.DateOnly)
		switch {
		case !p.Checked() || p.Cancellation == storage.CancelPending: // it waits for the person
		case p.Order.Standing != nil:
			occasions, _ := pay.Occasions(*p.Order.Standing, p.Order.Transfers[0].Amount.Currency, now, min(days+1, mostOccasions))
			for _, one := range occasions {
				if on := one.Day().Format(time.DateOnly); on <= last {
					all = append(all, Coming{Kind: ComesOrdered, On: on, Payment: p, Occasion: one})
				}
			}
		case p.Order.On >= today && p.Order.On <= last:
			all = append(all, Coming{Kind: ComesOrdered, On: p.Order.On, Payment: p})
		}
	}
	return all, err
}

// comingAtBanks are the next read under each consent and its end, by itself.
func (a *App) comingAtBanks(ctx context.Context, days int) ([]Coming, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	var all []Coming
	for _, one := range index.all {
		now := a.clock.NowAt(one.EnvironmentID)
		if !one.Usable(now) {
			continue
		}
		if end := one.due(); end != "" && end >= now.Format(time.DateOnly) && end <= now.AddDate(0, 0, days).Format(time.DateOnly) {
			all = append(all, Coming{Kind: ComesEnd, On: end, Consent: one.Consent})
		}
		if one.Schedule == 0 || a.RenewalDue(one.Consent) {
			continue
		}
		quota, err := a.reader.Quota(ctx, one.Consent)
		if err != nil {
			return nil, err
		}
		if len(quota.Planned) > 0 {
			next := quota.Planned[0]
			all = append(all, Coming{Kind: ComesRead, On: next.In(now.Location()).Format(time.DateOnly), Consent: one.Consent, At: next})
		}
	}
	return all, nil
}
