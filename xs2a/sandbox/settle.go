package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// What was paid is laid over what is drawn, so that the households' own story
// stays the same with payments and without.

// frequency is how often a periodic payment is made (frequencyCode, BG 1.3.12).
type frequency string

// steps are the days and months between two of them.
var steps = map[frequency]struct{ days, months int }{
	"Daily": {1, 0}, "Weekly": {7, 0}, "EveryTwoWeeks": {14, 0}, "Monthly": {0, 1}, "EveryTwoMonths": {0, 2},
	"Quarterly": {0, 3}, "SemiAnnual": {0, 6}, "Annual": {0, 12}, "MonthlyVariable": {0, 1},
}

func (f frequency) known() bool { _, is := steps[f]; return is }

// paidDays are the days on which a payment was made by now.
func (p *payment) paidDays(now time.Time) []day {
	if p.Authorised.IsZero() {
		return nil
	}
	last := dayOf(now)
	if p.Status == paymentCancelled {
		last = dayOf(p.Ended) - 1
		if p.Every == "" {
			return nil
		}
	}
	if p.Every == "" {
		if p.statusAt(now) != paymentSettled {
			return nil
		}
		return []day{dayOf(p.due(now.Location()))}
	}
	var list []day
	for n := 0; n < 10000; n++ {
		t := p.On.time()
		on := dayOf(t.AddDate(0, n*steps[p.Every].months, n*steps[p.Every].days))
		if on > last || p.Until > 0 && on > p.Until || on == dayOf(now) && now.Before(p.due(now.Location()).Add(settleTime)) && n == 0 {
			break
		}
		list = append(list, on)
	}
	return list
}

// overlay books what was paid at this bank from the household's accounts.
func (s *Sandbox) overlay(h *household) {
	for _, acc := range h.accounts {
		acc.paid = nil
	}
	now := s.now()
	var mine []*payment
	for _, p := range s.state.Payments {
		if p.BIC == h.bank.bic && p.PSU == h.psu.login {
			mine = append(mine, p)
		}
	}
	slices.SortFunc(mine, func(a, b *payment) int { return cmp.Or(a.Authorised.Compare(b.Authorised), cmp.Compare(a.ID, b.ID)) })
	for _, p := range mine {
		from := h.named(p.Debtor)
		for _, on := range p.paidDays(now) {
			for i, o := range p.Orders {
				h.bookPaid(from, s.inAccountOn(o, from, on), on, o, fixedID("paid", p.ID, on.String(), strconv.Itoa(i)))
			}
		}
	}
}

// inAccountOn is what an order cost on its day.
func (s *Sandbox) inAccountOn(o order, from *account, on day) int64 {
	if o.Currency == from.currency {
		return o.Minor
	}
	return convert(o.Minor, rate("payments", o.Currency, from.currency, on))
}

// paidNumbers is where the numbers of paid entries begin, beyond all drawn ones.
const paidNumbers = 1000000

func (h *household) bookPaid(from *account, minor int64, on day, o order, id string) {
	e := &entry{day: on, booking: on, minor: -minor, use: transferOut, name: o.Name, iban: o.IBAN, bban: o.BBAN, giro: o.Giro, text: o.Text, ocr: o.OCR, endToEnd: o.EndToEnd, id: id}
	if o.Giro != "" {
		e.use = giroPayment
	}
	e.number = paidNumbers + len(from.paid)
	from.paid = append(from.paid, e)
	for _, to := range h.accounts {
		same := o.IBAN != "" && to.iban == o.IBAN || o.BBAN != "" && to.bban == o.BBAN
		if same && to.currency == from.currency && to != from {
			in := *e
			in.minor, in.use, in.name, in.iban, in.bban, in.id = minor, transferIn, h.psu.name, from.iban, "", fixedID("received", id)
			in.number = paidNumbers + len(to.paid)
			to.paid = append(to.paid, &in)
		}
	}
}
