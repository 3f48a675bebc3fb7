package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"consentry/xs2a/sandbox/people"
)

// When payments are made, and what of them the households' accounts show.

// frequency is how often a periodic payment is made (frequencyCode, BG 1.3.12).
type frequency string

// steps are the days and months between two of them.
var steps = map[frequency]struct{ days, months int }{
	"Daily": {1, 0}, "Weekly": {7, 0}, "EveryTwoWeeks": {14, 0}, "Monthly": {0, 1}, "EveryTwoMonths": {0, 2},
	"Quarterly": {0, 3}, "SemiAnnual": {0, 6}, "Annual": {0, 12}, "MonthlyVariable": {0, 1},
}

func (f frequency) known() bool { _, is := steps[f]; return is }

// The rules by which a payment is moved that falls on no bank day (executionRule,
// BG 1.3.12). Where the TPP names none, these banks pay on any day.
const (
	ruleFollowing = "following"
	rulePreceding = "preceding"
)

// longestMove is more than the days by which a payment is ever moved: over Easter it is
// four.
const longestMove = 7

// days lists the days on which a payment is made, the first first, as far as they have
// come by a day.
func (p *payment) days(by people.Day) []people.Day {
	if p.Every == "" {
		return []people.Day{p.On}
	}
	list := []people.Day{}
	for n := 0; ; n++ {
		due := p.nth(n)
		if p.Until > 0 && due > p.Until {
			return list
		}
		on := due
		switch p.Rule {
		case ruleFollowing:
			on = due.BankDayFrom(p.Orders[0].Currency)
		case rulePreceding:
			on = due.BankDayUntil(p.Orders[0].Currency)
		}
		if on > by && n > 0 {
			return list
		}
		list = append(list, on)
	}
}

// nth is the day on which a periodic payment falls the nth time, whether that is a bank
// day or not.
func (p *payment) nth(n int) people.Day {
	step := steps[p.Every]
	if step.months == 0 {
		return p.On + people.Day(n*step.days)
	}
	day, months := p.On.OfMonth(), n*step.months
	if p.Day > 0 {
		if day = p.Day; p.On.InMonth(0, day) < p.On { // not any more in the month it begins in
			months++
		}
	}
	return p.On.InMonth(months, day)
}

// dueOn is the moment from which the bank carries out a payment that it makes on a day: at
// once on the day on which it was authorised, and in the morning of a later one.
func (p *payment) dueOn(on people.Day, zone *time.Location) time.Time {
	if on <= people.DayOf(p.Authorised.In(zone)) {
		return p.Authorised
	}
	y, m, d := on.Time().Date()
	return time.Date(y, m, d, people.BookingHour, 0, 0, 0, zone)
}

// made is one time that a payment is made: from which moment on, and whether it is not
// booked yet.
type made struct {
	from    time.Time
	pending bool
}

// madeBy lists the times that a payment was made by now, or is being made.
func (p *payment) madeBy(now time.Time) []made {
	if p.Authorised.IsZero() {
		return nil
	}
	end := now
	if p.Status == paymentCancelled {
		end = p.Ended
	}
	var list []made
	for _, on := range p.days(people.DayOf(end)) {
		from := p.dueOn(on, now.Location())
		switch booked := !end.Before(from.Add(p.pace().Settle)); {
		case booked:
			list = append(list, made{from, false})
		case !end.Before(from) && p.Status == "":
			list = append(list, made{from, true})
		}
	}
	return list
}

// overlay lays over a household's accounts what was paid from them, and to them from any
// bank.
func (s *Sandbox) overlay(bic string, h *people.Household) {
	h.DropPaid()
	now := s.now()
	var all []*payment
	for _, p := range s.state.Payments {
		if !p.Authorised.IsZero() {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *payment) int { return cmp.Or(a.Authorised.Compare(b.Authorised), cmp.Compare(a.ID, b.ID)) })
	for _, p := range all {
		for i, one := range p.madeBy(now) {
			s.lay(p, i, one, bic, h)
		}
	}
}

// lay lays the transfers of a payment, as it was made the nth time, over a household's
// accounts.
func (s *Sandbox) lay(p *payment, n int, one made, bic string, h *people.Household) {
	on := people.DayOf(one.from.In(s.now().Location()))
	var from *people.Account
	if p.BIC == bic && p.PSU == h.Person.Login {
		from = p.Debtor.of(h)
	}
	for i, o := range p.Orders {
		out := people.Entry{
			Day: on, Pending: one.pending, Name: o.Name, IBAN: o.IBAN, BBAN: o.BBAN, Giro: o.Giro, Use: people.TransferOut,
			Text: o.Text, OCR: o.OCR, Note: o.ToSelf, EndToEnd: o.EndToEnd, Purpose: o.Purpose, ID: people.FixedID("paid", p.ID, strconv.Itoa(n), strconv.Itoa(i)),
		}
		if o.Giro != "" {
			out.Use = people.GiroPayment
		}
		for _, to := range h.Accounts {
			if same := o.IBAN != "" && to.IBAN == o.IBAN || o.BBAN != "" && to.BBAN == o.BBAN; same && to != from {
				in := out
				in.Note = o.ToOther
				in.Minor, in.Use, in.Name, in.IBAN, in.BBAN, in.ID = s.inAccountOn(o, to, on), people.TransferIn, people.Find(p.PSU).Name, p.Debtor.IBAN, "", people.FixedID("received", out.ID)
				to.Pay(&in)
			}
		}
		if from != nil {
			out.Minor = -s.inAccountOn(o, from, on)
			from.Pay(&out)
		}
	}
	if from == nil {
		return
	}
	if price := s.priceOn(p, from, on); price.fees() > 0 {
		from.Pay(&people.Entry{
			Day: on, Pending: one.pending, Name: s.bank(bic).Display(), Use: people.Charge, Minor: -price.fees(),
			Text: "Fee for a payment to " + p.Orders[0].Name, ID: people.FixedID("fee", p.ID, strconv.Itoa(n)),
		})
	}
}

// inAccountOn is what an order comes to in an account on its day.
func (s *Sandbox) inAccountOn(o order, acc *people.Account, on people.Day) int64 {
	if o.Currency == acc.Currency {
		return o.Minor
	}
	return people.Convert(o.Minor, people.Rate("payments", o.Currency, acc.Currency, on))
}
