package holding

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// Difference is how another balance of an account differs from the one that stands for it, and by what.
type Difference struct {
	storage.Balance
	By   xs2a.Amount // this one less the one that stands; empty: they are of two currencies
	Made []Part      // what it is made of, as far as that is known
	Rest xs2a.Amount // of By what no part explains; zero: nothing; empty: it cannot be told, as a part is not known
}

// Part is something by which two balances differ.
type Part struct {
	Kind   PartKind
	Count  int         // of the transactions it is the sum of; 0: they were not counted, or are none
	Amount xs2a.Amount // empty: not known
}

// PartKind is what two balances differ by.
type PartKind string

// What balances differ by.
const (
	BookedBetween PartKind = "booked"      // what was booked between the days they are of
	PendingAll    PartKind = "pending"     // what is pending
	PendingOut    PartKind = "pending out" // of what is pending what goes out
	LineIn        PartKind = "line"        // this one has a credit line in it
	LineOut       PartKind = "no line"     // the one that stands has
	DaysUnread    PartKind = "unread"      // what was booked between the days they are of, which were not read
)

// Differences says of each balance of an account in what it differs from the one that stands, given what is pending. A
// part is told that must be one by what the bank says of the balance; which of what is pending
// is in it, banks do not say: that is told where it makes up the difference exactly.
func (h *Holdings) Differences(ctx context.Context, account storage.Account, pending []storage.Transaction) ([]Difference, error) {
	main, has := MainBalance(account)
	if !has {
		return nil, nil
	}
	moved, err := h.movedSince(ctx, account, main)
	if err != nil {
		return nil, err
	}
	var all []Difference
	for i, b := range account.Balances {
		if b == main && !slices.Contains(account.Balances[:i], b) {
			continue
		}
		all = append(all, differenceOf(b, main, moved.between(endOfDay(main), endOfDay(b)), account.CreditLimit, pending))
	}
	return all, nil
}

// booked is what was booked at the end of days, as far as that was read.
type booked struct {
	account storage.Account
	days    []storage.DayTally
	from    time.Time
}

// movedSince reads what was booked since the first of the days at whose end a balance of an account stands.
func (h *Holdings) movedSince(ctx context.Context, account storage.Account, main storage.Balance) (booked, error) {
	first := ""
	for _, b := range account.Balances {
		if day := endOfDay(b); day != "" && (first == "" || day < first) {
			first = day
		}
	}
	from := dayIn(first)
	if today := h.today(account); first == "" || from.Before(today.AddDate(0, 0, -mostBetween)) {
		return booked{}, nil
	} else if moved, err := h.moves(ctx, account, main.Amount.Currency, from, today); err != nil {
		return booked{}, err
	} else {
		return booked{account, moved.days, from}, nil
	}
}

// mostBetween bounds the days over which balances are compared.
const mostBetween = 400

// between returns what was booked after the end of one day until that of another, negative where the second is the
// earlier; "" is now. It is not known where days between were not read.
func (b booked) between(one, other string) *storage.Tally {
	var sum storage.Tally
	if one == other {
		return &sum
	}
	from, to, back := one, other, false
	if from == "" || to != "" && to < from {
		from, to, back = to, from, true
	}
	if b.from.IsZero() || from < b.from.Format(time.DateOnly) || b.account.BookedTo < to || b.account.LeftOut.Count > 0 {
		return nil
	}
	last := to
	if last == "" {
		last = b.account.BookedTo
	}
	if last <= from || !wasRead(b.account, from, last) {
		return nil
	}
	for _, d := range b.days {
		if day := b.from.AddDate(0, 0, d.After).Format(time.DateOnly); day > from && (to == "" || day <= to) {
			sum = sum.Plus(d.In).Minus(d.Out)
		}
	}
	if back {
		sum = sum.Negated()
	}
	return &sum
}

// differenceOf tells one balance from the one that stands; moved is what was booked between them, nil where
// that is not known.
func differenceOf(b, main storage.Balance, moved *storage.Tally, limit xs2a.Amount, pending []storage.Transaction) Difference {
	d := Difference{Balance: b}
	currency := main.Amount.Currency
	if b.Amount.Currency != currency {
		return d
	}
	by := storage.TallyOf(b.Amount).Minus(storage.TallyOf(main.Amount))
	d.By = by.Amount(currency)
	rest, told := by, moved != nil
	if !told {
		d.Made = append(d.Made, Part{Kind: DaysUnread})
	} else if moved.Sign() != 0 {
		d.Made = append(d.Made, Part{Kind: BookedBetween, Amount: moved.Amount(currency)})
		rest = rest.Minus(*moved)
	}
	if b.CreditLimitIncl != main.CreditLimitIncl {
		part := Part{Kind: LineIn}
		line := storage.TallyOf(limit)
		if main.CreditLimitIncl {
			part.Kind, line = LineOut, line.Negated()
		}
		if limit.Currency != currency {
			told = false
		} else {
			part.Amount = line.Amount(currency)
			rest = rest.Minus(line)
		}
		d.Made = append(d.Made, part)
	}
	if !told {
		return d // what else there is cannot be told from that
	}
	if part, exactly := pendingPart(rest, currency, pending); exactly && isBooked(b.Type) != isBooked(main.Type) {
		d.Made, rest = append(d.Made, part), storage.Tally{}
	}
	d.Rest = rest.Amount(currency)
	return d
}

// pendingPart returns what of the pending transactions adds up to an amount: all, or what goes out.
func pendingPart(amount storage.Tally, currency string, pending []storage.Transaction) (Part, bool) {
	if amount.Sign() == 0 {
		return Part{}, false
	}
	for _, kind := range []PartKind{PendingAll, PendingOut} {
		var sum storage.Tally
		n := 0
		for _, t := range pending {
			if t.Amount.Currency == currency && (kind == PendingAll || t.Amount.Negative()) {
				sum, n = sum.Plus(storage.TallyOf(t.Amount)), n+1
			}
		}
		if n > 0 && (sum.Cmp(amount) == 0 || sum.Negated().Cmp(amount) == 0) {
			return Part{Kind: kind, Count: n, Amount: amount.Amount(currency)}, true
		}
	}
	return Part{}, false
}
