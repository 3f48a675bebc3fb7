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

// paidDays are the days on which a payment was made by now.
func (p *payment) paidDays(now time.Time) []people.Day {
	if p.Authorised.IsZero() {
		return nil
	}
	last := people.DayOf(now)
	if p.Status == paymentCancelled {
		last = people.DayOf(p.Ended) - 1
		if p.Every == "" {
			return nil
		}
	}
	if p.Every == "" {
		if p.statusAt(now) != paymentSettled {
			return nil
		}
		return []people.Day{people.DayOf(p.due(now.Location()))}
	}
	var list []people.Day
	for n := 0; n < 10000; n++ {
		t := p.On.Time()
		on := people.DayOf(t.AddDate(0, n*steps[p.Every].months, n*steps[p.Every].days))
		if on > last || p.Until > 0 && on > p.Until || on == people.DayOf(now) && now.Before(p.due(now.Location()).Add(settleTime)) && n == 0 {
			break
		}
		list = append(list, on)
	}
	return list
}

// overlay books what was paid at this bank from the household's accounts.
func (s *Sandbox) overlay(bic string, h *people.Household) {
	h.DropPaid()
	now := s.now()
	var mine []*payment
	for _, p := range s.state.Payments {
		if p.BIC == bic && p.PSU == h.Person.Login {
			mine = append(mine, p)
		}
	}
	slices.SortFunc(mine, func(a, b *payment) int { return cmp.Or(a.Authorised.Compare(b.Authorised), cmp.Compare(a.ID, b.ID)) })
	for _, p := range mine {
		from := p.Debtor.of(h)
		for _, on := range p.paidDays(now) {
			for i, o := range p.Orders {
				h.BookPaid(from, &people.Entry{
					Day: on, Minor: -s.inAccountOn(o, from, on), Name: o.Name, IBAN: o.IBAN, BBAN: o.BBAN, Giro: o.Giro,
					Text: o.Text, OCR: o.OCR, EndToEnd: o.EndToEnd, ID: people.FixedID("paid", p.ID, on.String(), strconv.Itoa(i)),
				})
			}
		}
	}
}

// inAccountOn is what an order cost on its day.
func (s *Sandbox) inAccountOn(o order, from *people.Account, on people.Day) int64 {
	if o.Currency == from.Currency {
		return o.Minor
	}
	return people.Convert(o.Minor, people.Rate("payments", o.Currency, from.Currency, on))
}
