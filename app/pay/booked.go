package pay

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/pay/check"
	"consentry/storage"
	"consentry/xs2a"
)

// What a payment has become on the person's own accounts is found by looking, each time
// anew: no link is kept that would have to follow when transactions are read again, reworded,
// booked or erased (decision 0048).
//
// A payment has places: one for each transfer, or for each day that a standing order was
// made on, on the account it is paid from, and on the payee's, where that is the person's,
// too. A transaction may be what belongs there if it is of that account, goes that way, is of
// the amount, is of the days in which the payment can be booked, was not there before
// the payment was sent, and is alike (likeness). Places of other payments may claim it, too:
// a transaction belongs to one place, and settle says to which, or that nobody can tell.

// Booking is what stands on one of the person's accounts of a payment.
type Booking struct {
	Transfer int    // which of the order's it is; [Whole] for all of them at once
	Day      string // the day on which a standing order was to be made; else empty
	Incoming bool   // on the payee's account
	// Found is the one transaction if it is Sure; else those of which it may be one, the
	// newest first. Empty: none was found.
	Found []storage.Transaction
	Sure  bool
}

// Whole is the transfer of a Booking of all transfers in one.
const Whole = -1

// Trace is what stands on the person's accounts of a payment.
type Trace struct {
	// Seen says that transactions are read here of the account it is paid from; else it
	// is not known what stands there.
	Seen     bool
	Bookings []Booking
}

// Found counts the places of which the transaction is known for sure.
func (t Trace) Found() (n int) {
	for _, one := range t.Bookings {
		if one.Sure {
			n++
		}
	}
	return n
}

// How many days before and after the day on which it is made a payment may be booked:
// the bank's day may be another than ours, and banks book late.
const (
	bookedBefore = 1
	bookedAfter  = 10
)

// executionsTraced are so many of a standing order's latest days that are looked for.
const executionsTraced = 12

// place is where a transaction of a payment belongs.
type place struct {
	payment     *storage.Payment
	transfer    int
	day         string // see Booking
	incoming    bool
	accounts    []int64
	first, last string // days in which it may be booked

	worth, currency string // the amount; none where it is in several currencies
}

// Trace returns what stands on the person's accounts of a payment that was sent.
func (p *Payments) Trace(ctx context.Context, of storage.Payment) (Trace, error) {
	if !traceable(of) {
		return Trace{}, nil
	}
	accounts, err := p.store.AccountNumbers(ctx, of.EnvironmentID)
	if err != nil {
		return Trace{}, err
	}
	now := p.clock.NowAt(of.EnvironmentID)
	own := placesOf(&of, accounts, now)
	trace := Trace{Seen: len(accountsOf(of.Order.Debtor, of.BIC, accounts)) > 0}
	if len(own) == 0 {
		return trace, nil
	}
	places, err := p.contested(ctx, own, accounts, now)
	if err != nil {
		return trace, err
	}
	pool, err := p.pool(ctx, places)
	if err != nil {
		return trace, err
	}
	answers := settle(places, pool)
	for i, one := range own {
		trace.Bookings = append(trace.Bookings, Booking{
			Transfer: one.transfer, Day: one.day, Incoming: one.incoming, Found: answers[i].found, Sure: answers[i].sure && of.Fate == storage.FateTaken,
		})
	}
	return trace, nil
}

// Payer is a payment that a transaction belongs to, or may belong to.
type Payer struct {
	storage.Payment
	Sure bool
}

// PayersOf lists the payments that a transaction belongs to: the one, or those of which it
// may be one.
func (p *Payments) PayersOf(ctx context.Context, t storage.Transaction) ([]Payer, error) {
	accounts, err := p.store.AccountNumbers(ctx, t.EnvironmentID)
	if err != nil {
		return nil, err
	}
	day := dateOf(t)
	around, err := p.store.PaymentsAround(ctx, t.EnvironmentID, dayAfter(day, -bookedAfter), dayAfter(day, bookedBefore))
	if err != nil {
		return nil, err
	}
	var found []Payer
	for _, one := range around {
		if !slices.ContainsFunc(placesOf(&one, accounts, p.clock.NowAt(t.EnvironmentID)), func(at place) bool { return at.takes(entryOf(t)) != unlike }) {
			continue
		}
		trace, err := p.Trace(ctx, one)
		if err != nil {
			return nil, err
		}
		for _, booking := range trace.Bookings {
			if !slices.ContainsFunc(booking.Found, func(other storage.Transaction) bool { return other.ID == t.ID }) {
				continue
			}
			if booking.Sure {
				return []Payer{{one, true}}, nil
			}
			found = append(found, Payer{one, false})
			break
		}
	}
	return found, nil
}

// traceable reports whether anything of a payment may stand on an account: it was sent, and
// the bank did not refuse it. Of a standing order that was cancelled, what was made before.
func traceable(of storage.Payment) bool {
	switch {
	case of.SentAt.IsZero(), of.Fate == storage.FateRefused:
		return false
	case of.Status == xs2a.PaymentCancelled:
		return of.Order.Standing != nil
	}
	return of.Status != xs2a.PaymentRejected
}

// placesOf lists a payment's places on the person's accounts, the latest first.
func placesOf(of *storage.Payment, accounts []storage.AccountNumber, now time.Time) (list []place) {
	if !traceable(*of) {
		return nil
	}
	add := func(days window, transfer int, amount xs2a.Amount, number xs2a.OrderAccount, incoming bool) {
		if ids := accountsOf(number, of.BIC, accounts); len(ids) > 0 {
			list = append(list, place{of, transfer, days.of, incoming, ids, days.first, days.last, reduced(amount), amount.Currency})
		}
	}
	transfers := of.Order.Transfers
	for _, days := range daysBooked(*of, now) {
		for i, transfer := range transfers {
			add(days, i, transfer.Amount, of.Order.Debtor, false)
			add(days, i, transfer.Amount, transfer.To, true)
		}
		if sums := Sums(transfers); len(transfers) > 1 && len(sums) == 1 {
			add(days, Whole, sums[0], of.Order.Debtor, false)
		}
	}
	return list
}

// accountsOf returns the accounts of an environment that have a number: several where one
// is kept in several currencies. A number of a country's own is one bank's.
func accountsOf(number xs2a.OrderAccount, bic string, accounts []storage.AccountNumber) (ids []int64) {
	for _, one := range accounts {
		iban := number.IBAN != "" && folded(one.IBAN) == folded(number.IBAN)
		bban := number.BBAN != "" && one.BBAN != "" && one.BIC == bic &&
			(folded(one.BBAN) == folded(number.BBAN) || folded(one.BBAN) == folded(number.Clearing+number.BBAN))
		if iban || bban {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

// window is the days in which something may be booked.
type window struct{ of, first, last string }

// daysBooked returns the days in which a payment may be booked, for each time it is made.
func daysBooked(of storage.Payment, now time.Time) []window {
	if of.Order.Standing != nil {
		return standingBooked(of, now)
	}
	calendar, _ := check.CalendarOf(of.Order.Transfers[0].Amount.Currency)
	first, last := midnight(of.SentAt), midnight(now)
	if !of.EndedAt.IsZero() {
		last = midnight(of.EndedAt)
	}
	if on, err := time.Parse(time.DateOnly, of.Order.On); err == nil {
		if before := calendar.Preceding(on); before.After(first) {
			first = before // no bank day: it may be made before
		}
		if on.After(last) {
			last = on
		}
	}
	return []window{{"", iso(first.AddDate(0, 0, -bookedBefore)), iso(last.AddDate(0, 0, bookedAfter))}}
}

// standingBooked returns the days in which a standing order may be booked that was made so
// far, the latest first: those of one time end where those of the next begin.
func standingBooked(of storage.Payment, now time.Time) (list []window) {
	s := *of.Order.Standing
	last := midnight(now)
	if !of.EndedAt.IsZero() {
		last = midnight(of.EndedAt)
	}
	step := rhythm[s.Frequency]
	from := last.AddDate(0, -executionsTraced*step.months, -executionsTraced*step.days)
	currency := of.Order.Transfers[0].Amount.Currency
	calendar, _ := check.CalendarOf(currency)
	before := bookedBefore
	if s.Frequency == xs2a.Daily {
		before = 0 // the day before has one of its own
	}
	occasions, _ := Occasions(s, currency, from, executionsTraced+2)
	for _, one := range occasions {
		earliest, latest := one.Day(), one.Day()
		if one.On.IsZero() { // the bank's to say
			earliest, latest = calendar.Preceding(one.Due), calendar.Following(one.Due)
		}
		if earliest.After(last) {
			break
		}
		first := iso(earliest.AddDate(0, 0, -before))
		if n := len(list); n > 0 && list[n-1].last >= first {
			list[n-1].last = dayAfter(first, -1)
		}
		list = append(list, window{iso(one.Day()), first, iso(latest.AddDate(0, 0, bookedAfter))})
	}
	slices.Reverse(list)
	return list[:min(len(list), executionsTraced)]
}

// contested returns a payment's places, and after them those of other payments that may
// claim the same transactions.
func (p *Payments) contested(ctx context.Context, own []place, accounts []storage.AccountNumber, now time.Time) ([]place, error) {
	places := slices.Clone(own)
	of := own[0].payment
	first := slices.MinFunc(own, func(a, b place) int { return cmp.Compare(a.first, b.first) }).first
	last := slices.MaxFunc(own, func(a, b place) int { return cmp.Compare(a.last, b.last) }).last
	others, err := p.store.PaymentsAround(ctx, of.EnvironmentID, dayAfter(first, -bookedAfter), dayAfter(last, bookedBefore))
	for i := range others {
		if others[i].ID == of.ID {
			continue
		}
		for _, other := range placesOf(&others[i], accounts, now) {
			if slices.ContainsFunc(own, other.meets) {
				places = append(places, other)
			}
		}
	}
	return places, err
}

// meets reports whether two places may claim the same transaction.
func (at place) meets(other place) bool {
	return at.incoming == other.incoming && at.first <= other.last && other.first <= at.last &&
		slices.ContainsFunc(at.accounts, func(id int64) bool { return slices.Contains(other.accounts, id) })
}

// pool reads the transactions that may belong to places.
func (p *Payments) pool(ctx context.Context, places []place) ([]entry, error) {
	type wanted struct {
		days              []storage.Span
		amounts, endToEnd []string
	}
	byAccount := map[int64]*wanted{}
	for _, at := range places {
		for _, id := range at.accounts {
			w := byAccount[id]
			if w == nil {
				w = &wanted{}
				byAccount[id] = w
			}
			w.days = append(w.days, storage.Span{From: at.first, To: at.last})
			w.amounts = append(w.amounts, signed(at.worth, !at.incoming))
			if at.transfer != Whole && telling(at.payment.Order.Transfers[at.transfer].EndToEnd) {
				w.endToEnd = append(w.endToEnd, at.payment.Order.Transfers[at.transfer].EndToEnd)
			}
		}
	}
	var all []entry
	for id, w := range byAccount {
		some, err := p.store.TransactionsLike(ctx, id, joined(w.days), w.amounts, w.endToEnd)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			all = append(all, entryOf(one))
		}
	}
	sort.Slice(all, func(i, j int) bool {
		return cmp.Or(cmp.Compare(dateOf(all[j].Transaction), dateOf(all[i].Transaction)), cmp.Compare(all[j].ID, all[i].ID)) < 0
	})
	return all, nil
}

// joined returns days as spans that do not overlap.
func joined(days []storage.Span) (list []storage.Span) {
	slices.SortFunc(days, func(a, b storage.Span) int { return cmp.Compare(a.From, b.From) })
	for _, span := range days {
		if n := len(list); n > 0 && span.From <= list[n-1].To {
			list[n-1].To = max(list[n-1].To, span.To)
		} else {
			list = append(list, span)
		}
	}
	return list
}

// reduced writes an amount without its sign and without zeros that say nothing.
func reduced(a xs2a.Amount) string {
	var n apd.Decimal
	n.Reduce(a.Decimal())
	n.Negative = false
	return n.Text('f')
}

func signed(worth string, out bool) string {
	if out {
		return "-" + worth
	}
	return worth
}

// dateOf is the day a transaction is of: one that is pending may bear none, and was made by
// the day it was first seen.
func dateOf(t storage.Transaction) string { return cmp.Or(t.Date(), iso(t.FirstSeenAt)) }

func iso(day time.Time) string { return day.Format(time.DateOnly) }

// dayAfter returns the day that is so many days after another.
func dayAfter(day string, n int) string {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return iso(on.AddDate(0, 0, n))
}
