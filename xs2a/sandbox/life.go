package sandbox

import (
	"fmt"
	"time"
)

// A household lives one day after the other. What happens on a day depends on the
// seed, the bank, the person and the date alone, and on what the accounts hold by
// then, so that every run tells the same story, and tomorrow's adds a day to it.

// use is why money moved. It decides the bank's transaction code.
type use int

const (
	cardPayment use = iota
	cardRefund
	cash
	salaryIn
	transferIn
	transferOut
	ownTransfer
	directDebit
	giroPayment
	interest
	cardSettlement
	opening
)

// live lets one day pass.
func (h *household) live(on day) {
	d := newDice("day", h.seed, h.bank.bic, h.psu.login, on.String())
	if on == epoch {
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

// share is a part of the salary, in ten thousandths of it, as it was at the epoch:
// the measure of everything else.
func (h *household) share(parts int64) int64 { return h.salary * parts / 10000 }

// fallsOn says whether a day of the month falls on this day, moved to the working
// day that follows.
func fallsOn(on day, dayOfMonth int) bool {
	y, m := on.month()
	return workdayFrom(date(y, m, dayOfMonth)) == on
}

// payday is the 25th, or the last working day before it.
func payday(on day) day {
	y, m := on.month()
	return workdayUntil(date(y, m, 25))
}

func (h *household) start(on day) {
	for _, acc := range h.accounts {
		minor := map[kind]int64{current: h.share(6000), savings: h.share(25000), foreign: h.share(1500), bills: h.share(2500)}[acc.kind]
		if acc.currency != h.words.currency {
			minor = convert(minor, rate(h.seed, h.words.currency, acc.currency, on))
		}
		if minor > 0 {
			acc.book(&entry{day: on, minor: roundTo(minor, 100), use: opening, name: h.psu.name, text: h.words.opening})
		}
	}
}

// income pays the salary, raised by two and a half percent each April.
func (h *household) income(on day, d *dice) {
	if on != payday(on) {
		return
	}
	y, m := on.month()
	raises := y - 2023
	if m < time.April {
		raises--
	}
	pay := h.salary
	for range raises {
		pay += pay * 25 / 1000
	}
	pay += pay * d.between(-8, 14) / 1000 // hours and allowances
	h.account(current).book(&entry{
		day: on, minor: pay, use: salaryIn, name: h.employer.name, iban: h.employer.iban,
		text: fmt.Sprintf("%s %d-%02d", h.words.salary, y, m),
	})
}

func (h *household) housing(on day) {
	y, m := on.month()
	due := workdayFrom(date(y, m, 1))
	if !h.rentFirst {
		due = workdayUntil(date(y, m+1, 1) - 1)
	}
	if on == due {
		rent := roundTo(h.share(3100+90*int64(y-2023)), 1000)
		h.account(current).book(&entry{
			day: on, minor: -rent, use: transferOut, name: h.landlord.name, iban: h.landlord.iban,
			text: fmt.Sprintf("%s %d-%02d", h.words.rent, y, m),
		})
	}
}

// payBills pays what falls due each month, from the account for bills where there
// is one. That account is filled up after payday.
func (h *household) payBills(on day, d *dice) {
	from := h.account(current)
	if purse := h.account(bills); purse != nil {
		from = purse
		if lacking := roundTo(h.share(3000)-purse.balance, 10000); on == payday(on) && lacking > 0 {
			h.transfer(on, h.account(current), purse, lacking, h.words.toBills)
		}
	}
	if fallsOn(on, h.electric) {
		season := int64(100)
		if _, m := on.month(); m <= time.March || m >= time.November {
			season = 190
		}
		h.bill(on, d, from, h.words.power, h.share(d.between(220, 300))*season/100)
	}
	if fallsOn(on, h.phone) {
		h.bill(on, d, from, h.words.telephone, roundTo(h.share(80), 100)-1)
	}
	if fallsOn(on, 17) {
		h.bill(on, d, from, h.words.internet, roundTo(h.share(120), 100)-1)
	}
	if fallsOn(on, 8) {
		from.book(&entry{
			day: on, minor: -roundTo(h.share(115), 100), use: directDebit, name: h.words.insurer, text: h.words.insurance,
			mandate: "M" + newDice("mandate", h.bank.bic, h.psu.login).digits(9),
		})
	}
}

// bill pays an invoice with an OCR reference, by giro in Sweden and Norway and by
// transfer elsewhere.
func (h *household) bill(on day, d *dice, from *account, name string, minor int64) {
	number := d.digits(9)
	e := &entry{day: on, minor: -minor, use: giroPayment, name: name, ocr: number + string(luhn(number)), text: h.words.invoice + " " + number[:6]}
	to := newDice("giro", h.seed, name)
	if h.bank.country == "SE" {
		e.giro = fmt.Sprintf("%d%s-%s", 5+to.n(5), to.digits(2), to.digits(4))
	} else {
		e.iban = makeIBAN(h.bank.country, newBBAN(h.bank.country, "8802", to))
	}
	from.book(e)
}

func (h *household) subscriptions(on day, d *dice) {
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
func (h *household) spend(on day, d *dice) {
	h.sendBack(on, d)
	for _, habit := range pastimes {
		percent := habit.workday
		if on.weekend() {
			percent = habit.weekend
		}
		happens, minor, shop := d.chance(percent), h.share(d.between(habit.low, habit.high))+d.between(0, 99), pick(d, h.shops[habit.shop])
		if happens {
			bought := h.pay(on, d, shop, minor, h.words.purchase)
			if bought != nil && (habit.shop == "clothes" || habit.shop == "online") && d.chance(15) {
				h.unwanted = bought
			}
		}
	}
	if d.chance(4) {
		if from := h.account(current); from.balance > h.share(2000) {
			from.book(&entry{day: on, minor: -max(h.words.note, roundTo(h.share(d.between(150, 350)), h.words.note)), use: cash, name: h.words.cash, text: h.words.cash + " " + h.bank.cities[0]})
		}
	}
}

// pay pays by card: from the card account where there is one and it is not a
// small sum, else from the current account. It gives nil where money is short.
func (h *household) pay(on day, d *dice, shop string, minor int64, text string) *entry {
	from := h.account(current)
	if credit := h.account(card); credit != nil && minor > h.share(80) {
		from = credit
	}
	floor := -from.limit / 2
	if from.kind == current {
		floor = h.share(300)
	}
	if from.balance-minor < floor {
		return nil
	}
	note := fmt.Sprintf("%s *%s", h.words.cardNumber, newDice("card", h.bank.bic, h.psu.login, fmt.Sprint(from.kind)).digits(4))
	return from.book(&entry{day: on, minor: -minor, use: cardPayment, name: shop, text: fmt.Sprintf("%s %s %s", text, on, shop), note: note})
}

// sendBack returns a purchase some days later.
func (h *household) sendBack(on day, d *dice) {
	e := h.unwanted
	if e == nil || on < e.day+5 || !d.chance(30) {
		return
	}
	h.unwanted = nil
	to := h.account(current)
	if credit := h.account(card); credit != nil && -e.minor > h.share(80) {
		to = credit
	}
	to.book(&entry{day: on, minor: -e.minor, use: cardRefund, name: e.name, text: fmt.Sprintf("%s %s %s", h.words.refund, e.day, e.name)})
}

// travel buys in other currencies: on two journeys a year and now and then online.
// The foreign account pays where it has the currency.
func (h *household) travel(on day, d *dice) {
	h.fillForeign(on)
	journey := newDice("journey", h.seed, h.bank.bic, h.psu.login, fmt.Sprint(on.time().Year()))
	percent := 2
	for _, begins := range []day{date(on.time().Year(), time.July, 1+journey.n(20)), date(on.time().Year(), time.October, 5+journey.n(15))} {
		if on >= begins && on < begins+8 {
			percent = 70
		}
	}
	place := pick(d, h.words.places())
	minor := d.between(600, 9400)
	if !d.chance(percent) {
		return
	}
	if purse := h.account(foreign); purse != nil && purse.currency == place.currency {
		if purse.balance > minor {
			purse.book(&entry{day: on, minor: -minor, use: cardPayment, name: place.name, text: fmt.Sprintf("%s %s %s", h.words.purchase, on, place.name)})
		}
		return
	}
	price := rate(h.seed, place.currency, h.words.currency, on)
	text := fmt.Sprintf("%s %s %s %s %s", h.words.purchase, place.name, decimal(minor), place.currency, rateText(price))
	if e := h.pay(on, d, place.name, convert(minor, price), text); e != nil {
		e.text = text
		e.foreign = &exchange{currency: place.currency, minor: minor, rate: price}
	}
}

// fillForeign changes money when the foreign account runs low.
func (h *household) fillForeign(on day) {
	purse := h.account(foreign)
	if purse == nil || !fallsOn(on, 27) || purse.balance > 30000 {
		return
	}
	const change = 25000
	price := rate(h.seed, purse.currency, h.words.currency, on)
	from, cost := h.account(current), convert(change, price)
	if from.balance-cost < h.share(3000) {
		return
	}
	fx := &exchange{currency: purse.currency, minor: change, rate: price}
	from.book(&entry{day: on, minor: -cost, use: ownTransfer, name: h.psu.name, iban: purse.iban, text: h.words.exchange + " " + purse.currency, foreign: fx})
	purse.book(&entry{day: on, minor: change, use: ownTransfer, name: h.psu.name, iban: from.iban, text: h.words.exchange + " " + purse.currency, foreign: fx})
}

// friends settle a dinner now and then, in either direction.
func (h *household) friends(on day, d *dice) {
	friend, minor := pick(d, h.words.friends), roundTo(h.share(d.between(40, 160)), 100)
	iban := makeIBAN(h.bank.country, newBBAN(h.bank.country, "5503", newDice("friend", h.seed, friend)))
	acc := h.account(current)
	switch {
	case d.chance(5):
		acc.book(&entry{day: on, minor: minor, use: transferIn, name: friend, iban: iban, text: pick(d, h.words.thanks)})
	case d.chance(5) && acc.balance > h.share(1500):
		acc.book(&entry{day: on, minor: -minor, use: transferOut, name: friend, iban: iban, text: pick(d, h.words.thanks)})
	}
}

// payCard settles the credit card, in full, after payday.
func (h *household) payCard(on day) {
	credit := h.account(card)
	if credit == nil || !fallsOn(on, 28) || credit.balance >= 0 {
		return
	}
	from, debt := h.account(current), -credit.balance
	debt = min(debt, max(0, from.balance-h.share(1500)))
	if debt == 0 {
		return
	}
	from.book(&entry{day: on, minor: -debt, use: cardSettlement, name: h.bank.display(), iban: credit.iban, text: h.words.settle})
	credit.book(&entry{day: on, minor: debt, use: cardSettlement, name: h.psu.name, iban: from.iban, text: h.words.settle})
}

// save sweeps what the month has left over, the working day before payday. Savings
// that have grown large go into a fund.
func (h *household) save(on day) {
	if on == workdayUntil(payday(on)-1) {
		keep := h.share(1200)
		if credit := h.account(card); credit != nil {
			keep -= credit.balance
		}
		if left := roundTo(h.account(current).balance-keep, 5000); left >= h.share(150) {
			h.transfer(on, h.account(current), h.account(savings), left, h.words.toSavings)
		}
	}
	purse := h.account(savings)
	if fallsOn(on, 15) && purse.balance > h.share(60000) {
		iban := makeIBAN(h.bank.country, newBBAN(h.bank.country, "4407", newDice("fund", h.seed, h.bank.bic)))
		purse.book(&entry{day: on, minor: -roundTo(h.share(25000), 10000), use: transferOut, name: h.words.fund, iban: iban, text: h.words.fundText})
	}
}

// transfer moves money between two accounts of the household.
func (h *household) transfer(on day, from, to *account, minor int64, text string) {
	from.book(&entry{day: on, minor: -minor, use: ownTransfer, name: h.psu.name, iban: to.iban, text: text})
	to.book(&entry{day: on, minor: minor, use: ownTransfer, name: h.psu.name, iban: from.iban, text: text})
}

// earnInterest credits a year's interest, on the last day of it.
func (h *household) earnInterest(on day) {
	if _, m := on.month(); m != time.December || on.ofMonth() != 31 {
		return
	}
	purse := h.account(savings)
	if minor := purse.balance * 185 / 10000; minor > 0 {
		purse.book(&entry{day: on, minor: minor, use: interest, name: h.bank.display(), text: fmt.Sprintf("%s %d 1.85 %%", h.words.interest, on.time().Year())})
	}
}
