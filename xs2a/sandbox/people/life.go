package people

import (
	"fmt"
	"time"
)

// A household lives one day after the other. What happens on a day depends on the
// seed, the bank, the person and the date alone, and on what the accounts hold by
// then, so that every run tells the same story, and tomorrow's adds a day to it.

// Use is why money moved. It decides the bank's transaction code.
type Use int

const (
	CardPayment Use = iota
	CardRefund
	Cash
	SalaryIn
	TransferIn
	TransferOut
	OwnTransfer
	DirectDebit
	GiroPayment
	Interest
	CardSettlement
	Opening
	Charge // of the bank
)

// live lets one day pass.
func (h *Household) live(on Day) {
	d := NewDice("day", h.seed, h.at.BIC, h.Person.Login, on.String())
	if on == h.opened {
		h.start(on)
	}
	h.income(on, d)
	h.housing(on)
	h.payBills(on, d)
	h.subscriptions(on, d)
	h.spend(on, d)
	h.travel(on, d)
	h.friends(on, d)
	h.payCard(on)
	h.save(on)
	h.earnInterest(on)
}

// share is a part of the salary, in ten thousandths of it: the measure of everything
// else.
func (h *Household) share(parts int64) int64 { return h.Salary * parts / 10000 }

// fallsOn reports whether a day of the month falls on this day, moved to the working
// day that follows.
func fallsOn(on Day, dayOfMonth int) bool {
	y, m := on.month()
	return workdayFrom(date(y, m, dayOfMonth)) == on
}

// payday returns the 25th, or the last working day before it.
func payday(on Day) Day {
	y, m := on.month()
	return workdayUntil(date(y, m, 25))
}

func (h *Household) start(on Day) {
	for _, acc := range h.Accounts {
		minor := map[Kind]int64{Current: h.share(6000), Savings: h.share(25000), Foreign: h.share(1500), Bills: h.share(2500)}[acc.Kind]
		if acc.Currency != h.words.currency {
			minor = Convert(minor, Rate(h.seed, h.words.currency, acc.Currency, on))
		}
		if minor > 0 {
			acc.book(&Entry{Day: on, Minor: roundTo(minor, 100), Use: Opening, Name: h.Person.Name, Text: h.words.opening})
		}
	}
}

// income pays the salary, raised by two and a half percent each April.
func (h *Household) income(on Day, d *Dice) {
	if on != payday(on) {
		return
	}
	y, m := on.month()
	raises := y - 2023
	if m < time.April {
		raises--
	}
	pay := h.Salary
	for range raises {
		pay += pay * 25 / 1000
	}
	pay += pay * d.Between(-8, 14) / 1000 // hours and allowances
	h.Account(Current).book(&Entry{
		Day: on, Minor: pay, Use: SalaryIn, Name: h.employer.name, IBAN: h.employer.iban,
		Text: fmt.Sprintf("%s %d-%02d", h.words.salary, y, m),
	})
}

func (h *Household) housing(on Day) {
	y, m := on.month()
	due := workdayFrom(date(y, m, 1))
	if !h.rentFirst {
		due = workdayUntil(date(y, m+1, 1) - 1)
	}
	if on == due {
		rent := roundTo(h.share(3100+90*int64(y-2023)), 1000)
		h.Account(Current).book(&Entry{
			Day: on, Minor: -rent, Use: TransferOut, Name: h.landlord.name, IBAN: h.landlord.iban,
			Text: fmt.Sprintf("%s %d-%02d", h.words.rent, y, m),
		})
	}
}

// payBills pays what falls due each month, from the account for bills where there
// is one. That account is filled up after payday.
func (h *Household) payBills(on Day, d *Dice) {
	from := h.Account(Current)
	if purse := h.Account(Bills); purse != nil {
		from = purse
		if lacking := roundTo(h.share(3000)-purse.Balance, 10000); on == payday(on) && lacking > 0 {
			h.transfer(on, h.Account(Current), purse, lacking, h.words.toBills)
		}
	}
	if fallsOn(on, h.electric) {
		season := int64(100)
		if _, m := on.month(); m <= time.March || m >= time.November {
			season = 190
		}
		h.bill(on, d, from, h.words.power, h.share(d.Between(220, 300))*season/100)
	}
	if fallsOn(on, h.phone) {
		h.bill(on, d, from, h.words.telephone, roundTo(h.share(80), 100)-1)
	}
	if fallsOn(on, 17) {
		h.bill(on, d, from, h.words.internet, roundTo(h.share(120), 100)-1)
	}
	if fallsOn(on, 8) {
		from.book(&Entry{
			Day: on, Minor: -roundTo(h.share(115), 100), Use: DirectDebit, Name: h.words.insurer, Text: h.words.insurance,
			Mandate: "M" + NewDice("mandate", h.at.BIC, h.Person.Login).Digits(9),
		})
	}
}

// bill pays an invoice with an OCR reference, by giro in Sweden and Norway and by
// transfer elsewhere.
func (h *Household) bill(on Day, d *Dice, from *Account, name string, minor int64) {
	number := d.Digits(9)
	e := &Entry{Day: on, Minor: -minor, Use: GiroPayment, Name: name, OCR: number + string(luhn(number)), Text: h.words.invoice + " " + number[:6]}
	to := NewDice("giro", h.seed, name)
	if h.at.Country == "SE" {
		e.Giro = fmt.Sprintf("%d%s-%s", 5+to.N(5), to.Digits(2), to.Digits(4))
	} else {
		e.IBAN = makeIBAN(h.at.Country, newBBAN(h.at.Country, "8802", to))
	}
	from.book(e)
}

func (h *Household) subscriptions(on Day, d *Dice) {
	for i, name := range h.shops["subscription"] {
		if on.ofMonth() == 4+9*i {
			h.pay(on, d, name, roundTo(h.share(int64(32+11*i)), 100)-1, h.words.subscription)
		}
	}
}

// pastime is something a person buys now and then: in percent of days (workdays,
// weekends), for a share of the salary.
type pastime struct {
	shop             string
	workday, weekend int
	low, high        int64
}

var pastimes = []pastime{
	{"grocery", 34, 52, 28, 210},
	{"bakery", 24, 22, 12, 34},
	{"lunch", 32, 6, 30, 52},
	{"restaurant", 8, 26, 90, 260},
	{"transport", 14, 10, 10, 26},
	{"pharmacy", 4, 3, 22, 90},
	{"clothes", 4, 9, 110, 420},
	{"online", 6, 8, 60, 380},
	{"fuel", 5, 7, 120, 220},
	{"fun", 4, 12, 40, 150},
}

// spend goes shopping. Whoever is short of money stays at home.
func (h *Household) spend(on Day, d *Dice) {
	h.sendBack(on, d)
	for _, p := range pastimes {
		percent := p.workday
		if on.weekend() {
			percent = p.weekend
		}
		happens, minor, shop := d.chance(percent), h.share(d.Between(p.low, p.high))+d.Between(0, 99), Pick(d, h.shops[p.shop])
		if happens {
			bought := h.pay(on, d, shop, minor, h.words.purchase)
			if bought != nil && (p.shop == "clothes" || p.shop == "online") && d.chance(15) {
				h.unwanted = bought
			}
		}
	}
	if d.chance(4) {
		if from := h.Account(Current); from.Balance > h.share(2000) {
			from.book(&Entry{Day: on, Minor: -max(h.words.note, roundTo(h.share(d.Between(150, 350)), h.words.note)), Use: Cash, Name: h.words.cash, Text: h.words.cash + " " + h.at.City})
		}
	}
}

// pay pays by card: from the card account where there is one and it is not a
// small sum, else from the current account. It returns nil where money is short.
func (h *Household) pay(on Day, d *Dice, shop string, minor int64, text string) *Entry {
	from := h.Account(Current)
	if credit := h.Account(Card); credit != nil && minor > h.share(80) {
		from = credit
	}
	floor := -from.Limit / 2
	if from.Kind == Current {
		floor = h.share(300)
	}
	if from.Balance-minor < floor {
		return nil
	}
	note := fmt.Sprintf("%s *%s", h.words.cardNumber, NewDice("card", h.at.BIC, h.Person.Login, fmt.Sprint(from.Kind)).Digits(4))
	return from.book(&Entry{Day: on, Minor: -minor, Use: CardPayment, Name: shop, Text: fmt.Sprintf("%s %s %s", text, on, shop), Note: note})
}

// sendBack returns a purchase some days later.
func (h *Household) sendBack(on Day, d *Dice) {
	e := h.unwanted
	if e == nil || on < e.Day+5 || !d.chance(30) {
		return
	}
	h.unwanted = nil
	to := h.Account(Current)
	if credit := h.Account(Card); credit != nil && -e.Minor > h.share(80) {
		to = credit
	}
	to.book(&Entry{Day: on, Minor: -e.Minor, Use: CardRefund, Name: e.Name, Text: fmt.Sprintf("%s %s %s", h.words.refund, e.Day, e.Name)})
}

// travel buys in other currencies: on two journeys a year and now and then online.
// The foreign account pays where it has the currency.
func (h *Household) travel(on Day, d *Dice) {
	h.fillForeign(on)
	journey := NewDice("journey", h.seed, h.at.BIC, h.Person.Login, fmt.Sprint(on.Time().Year()))
	percent := 2
	for _, begins := range []Day{date(on.Time().Year(), time.July, 1+journey.N(20)), date(on.Time().Year(), time.October, 5+journey.N(15))} {
		if on >= begins && on < begins+8 {
			percent = 70
		}
	}
	place := Pick(d, h.words.places())
	minor := d.Between(600, 9400)
	if !d.chance(percent) {
		return
	}
	if purse := h.Account(Foreign); purse != nil && purse.Currency == place.currency {
		if purse.Balance > minor {
			purse.book(&Entry{Day: on, Minor: -minor, Use: CardPayment, Name: place.name, Text: fmt.Sprintf("%s %s %s", h.words.purchase, on, place.name)})
		}
		return
	}
	price := Rate(h.seed, place.currency, h.words.currency, on)
	text := fmt.Sprintf("%s %s %s %s %s", h.words.purchase, place.name, Decimal(minor), place.currency, RateText(price))
	if e := h.pay(on, d, place.name, Convert(minor, price), text); e != nil {
		e.Text = text
		e.Foreign = &Exchange{Currency: place.currency, Minor: minor, Rate: price}
	}
}

// fillForeign changes money when the foreign account runs low.
func (h *Household) fillForeign(on Day) {
	purse := h.Account(Foreign)
	if purse == nil || !fallsOn(on, 27) || purse.Balance > 30000 {
		return
	}
	const change = 25000
	price := Rate(h.seed, purse.Currency, h.words.currency, on)
	from, cost := h.Account(Current), Convert(change, price)
	if from.Balance-cost < h.share(3000) {
		return
	}
	fx := &Exchange{Currency: purse.Currency, Minor: change, Rate: price}
	from.book(&Entry{Day: on, Minor: -cost, Use: OwnTransfer, Name: h.Person.Name, IBAN: purse.IBAN, Text: h.words.exchange + " " + purse.Currency, Foreign: fx})
	purse.book(&Entry{Day: on, Minor: change, Use: OwnTransfer, Name: h.Person.Name, IBAN: from.IBAN, Text: h.words.exchange + " " + purse.Currency, Foreign: fx})
}

// friends settle a dinner now and then, in either direction.
func (h *Household) friends(on Day, d *Dice) {
	friend, minor := Pick(d, h.words.friends), roundTo(h.share(d.Between(40, 160)), 100)
	iban := makeIBAN(h.at.Country, newBBAN(h.at.Country, "5503", NewDice("friend", h.seed, friend)))
	acc := h.Account(Current)
	switch {
	case d.chance(5):
		acc.book(&Entry{Day: on, Minor: minor, Use: TransferIn, Name: friend, IBAN: iban, Text: Pick(d, h.words.thanks)})
	case d.chance(5) && acc.Balance > h.share(1500):
		acc.book(&Entry{Day: on, Minor: -minor, Use: TransferOut, Name: friend, IBAN: iban, Text: Pick(d, h.words.thanks)})
	}
}

// payCard settles the credit card, in full, after payday.
func (h *Household) payCard(on Day) {
	credit := h.Account(Card)
	if credit == nil || !fallsOn(on, 28) || credit.Balance >= 0 {
		return
	}
	from, debt := h.Account(Current), -credit.Balance
	debt = min(debt, max(0, from.Balance-h.share(1500)))
	if debt == 0 {
		return
	}
	from.book(&Entry{Day: on, Minor: -debt, Use: CardSettlement, Name: h.at.Name, IBAN: credit.IBAN, Text: h.words.settle})
	credit.book(&Entry{Day: on, Minor: debt, Use: CardSettlement, Name: h.Person.Name, IBAN: from.IBAN, Text: h.words.settle})
}

// save sweeps what the month has left over, the working day before payday. Savings
// that have grown large go into a fund.
func (h *Household) save(on Day) {
	if on == workdayUntil(payday(on)-1) {
		keep := h.share(1200)
		if credit := h.Account(Card); credit != nil {
			keep -= credit.Balance
		}
		if left := roundTo(h.Account(Current).Balance-keep, 5000); left >= h.share(150) {
			h.transfer(on, h.Account(Current), h.Account(Savings), left, h.words.toSavings)
		}
	}
	purse := h.Account(Savings)
	if fallsOn(on, 15) && purse.Balance > h.share(60000) {
		iban := makeIBAN(h.at.Country, newBBAN(h.at.Country, "4407", NewDice("fund", h.seed, h.at.BIC)))
		purse.book(&Entry{Day: on, Minor: -roundTo(h.share(25000), 10000), Use: TransferOut, Name: h.words.fund, IBAN: iban, Text: h.words.fundText})
	}
}

// transfer moves money between two accounts of the household.
func (h *Household) transfer(on Day, from, to *Account, minor int64, text string) {
	from.book(&Entry{Day: on, Minor: -minor, Use: OwnTransfer, Name: h.Person.Name, IBAN: to.IBAN, Text: text})
	to.book(&Entry{Day: on, Minor: minor, Use: OwnTransfer, Name: h.Person.Name, IBAN: from.IBAN, Text: text})
}

// earnInterest credits a year's interest, on the last day of it.
func (h *Household) earnInterest(on Day) {
	if _, m := on.month(); m != time.December || on.ofMonth() != 31 {
		return
	}
	purse := h.Account(Savings)
	if minor := purse.Balance * 185 / 10000; minor > 0 {
		purse.book(&Entry{Day: on, Minor: minor, Use: Interest, Name: h.at.Name, Text: fmt.Sprintf("%s %d 1.85 %%", h.words.interest, on.Time().Year())})
	}
}
