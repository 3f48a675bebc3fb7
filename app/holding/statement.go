package holding

import (
	"context"
	"slices"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/clock"
	"consentry/storage"
	"consentry/xs2a"
)

// Statement is what an account had and moved in a currency over some days: what is booked.
type Statement struct {
	Days             storage.Span // as asked for, but no day after the last that was read; an empty date leaves the first open
	Opening, Closing *xs2a.Amount // before the first day and after the last; nil: they cannot be shown right
	Unknown          Unknown      // why, where either is nil
	In, Out          xs2a.Amount  // of the days; not negative
	Count            int          // of the transactions of the days, those included that the bank dropped, which count in no sum
}

// Unknown is why a balance cannot be shown right.
type Unknown string

// Why balances are unknown.
const (
	NoBookedBalance Unknown = "balance"  // the bank told none of what is booked in this currency
	NotRead         Unknown = "days"     // days between the balance and the period were not read
	BeforeFirst     Unknown = "before"   // the period begins before, or on, the first day of which anything is known
	NoDates         Unknown = "dates"    // transactions were booked without a date
	LeftOut         Unknown = "left out" // transactions could not be read
	NeverRead       Unknown = "never"    // the account's transactions were never read to their end
	NoDays          Unknown = "no days"  // the period has no day that was read
)

// Booked returns the latest balance of an account of what is booked in a currency, and the day at whose end it
// stands; "" for the moment at which it was read.
func Booked(account storage.Account, currency string) (b storage.Balance, day string, known bool) {
	for _, one := range account.Balances {
		if one.Amount.Currency != currency || one.CreditLimitIncl {
			continue
		}
		of := endOfDay(one)
		switch one.Type {
		case "interimBooked":
			of = ""
		case "closingBooked", "openingBooked":
			if of == "" {
				continue // of some day
			}
		default:
			continue
		}
		if !known || day != "" && (of == "" || of > day) {
			b, day, known = one, of, true
		}
	}
	return b, day, known
}

// Statement returns what an account had and moved in a currency over some days.
func (h *Holdings) Statement(ctx context.Context, account storage.Account, currency string, days storage.Span) (Statement, error) {
	s := Statement{Days: days, In: amountOf(nil, currency), Out: amountOf(nil, currency)}
	if days.To == "" || days.To > account.BookedTo {
		s.Days.To = account.BookedTo
	}
	sums, err := h.store.DaySums(ctx, account.ID, "")
	if err != nil {
		return s, err
	}
	undated, err := h.store.HasUndated(ctx, account.ID, currency)
	if err != nil {
		return s, err
	}
	in, out := new(apd.Decimal), new(apd.Decimal)
	for _, sum := range sums {
		if sum.Currency != currency || sum.Date < s.Days.From || sum.Date > s.Days.To {
			continue
		}
		s.Count += sum.Count
		for _, side := range []struct{ to, more *apd.Decimal }{{in, &sum.In}, {out, &sum.Out}} {
			if _, err := exact.Add(side.to, side.to, side.more); err != nil {
				return s, err
			}
		}
	}
	s.In, s.Out = amountOf(in, currency), amountOf(out, currency)
	balance, day, known := Booked(account, currency)
	switch {
	case account.BookedTo == "":
		s.Unknown = NeverRead
	case s.Days.To < s.Days.From:
		s.Unknown = NoDays
	case !known:
		s.Unknown = NoBookedBalance
	case undated:
		s.Unknown = NoDates
	case account.LeftOut.Count > 0:
		s.Unknown = LeftOut
	}
	if s.Unknown != "" {
		return s, nil
	}
	first, err := h.store.FirstListed(ctx, account.ID)
	if err != nil {
		return s, err
	}
	return s, s.balances(account, balance, day, first, sums)
}

// balances walks from a balance that is known to both ends of the days, down to the first on which the
// bank listed anything: what files have of the days before need not be all.
func (s *Statement) balances(account storage.Account, balance storage.Balance, of, first string, sums []storage.DaySum) error {
	currency := balance.Amount.Currency
	last := of
	if last == "" {
		last = lastOf(sums, account.BookedTo)
	}
	at := func(end string) (*xs2a.Amount, error) { // the balance at the end of a day
		n := balance.Amount.Decimal()
		for _, sum := range sums {
			if sum.Currency != currency {
				continue
			}
			net := new(apd.Decimal)
			if _, err := exact.Sub(net, &sum.In, &sum.Out); err != nil {
				return nil, err
			}
			step := exact.Sub
			switch {
			case sum.Date > end && sum.Date <= last:
			case sum.Date > last && sum.Date <= end:
				step = exact.Add
			default:
				continue
			}
			if _, err := step(n, n, net); err != nil {
				return nil, err
			}
		}
		amount := amountOf(n, currency)
		return &amount, nil
	}
	var err error
	if first == "" || s.Days.To < first {
		s.Unknown = BeforeFirst
	} else if !wasRead(account, s.Days.To, last) {
		s.Unknown = NotRead
	} else if s.Closing, err = at(s.Days.To); err != nil {
		return err
	}
	switch before, ok := dayBefore(s.Days.From); {
	case !ok || s.Days.From <= first || first == "":
		s.Unknown = BeforeFirst
	case !wasRead(account, before, last):
		s.Unknown = NotRead
	default:
		s.Opening, err = at(before)
	}
	return err
}

// lastOf is the last day of which anything is booked, or that was read.
func lastOf(sums []storage.DaySum, read string) string {
	if n := len(sums); n > 0 {
		return max(sums[n-1].Date, read)
	}
	return read
}

// wasRead reports whether all days were read between the ends of two days.
func wasRead(account storage.Account, one, other string) bool {
	from, to := min(one, other), max(one, other)
	if from == to {
		return true
	}
	return to <= max(account.BookedTo, from) && !slices.ContainsFunc(account.Gaps, func(gap storage.Gap) bool { return gap.To > from && gap.From <= to })
}

// dayBefore is the day before an ISO date.
func dayBefore(date string) (string, bool) {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "", false
	}
	return clock.DaysBefore(on, 1), true
}
