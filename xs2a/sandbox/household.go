package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// epoch is the day on which all accounts were opened.
var epoch = date(2023, time.January, 1)

// bookingHour is when the bank books, on the booking day.
const bookingHour = 6

// kind is what an account is for.
type kind int

const (
	current kind = iota
	savings
	foreign
	card
	bills
)

// account is one account of a person at a bank.
type account struct {
	number   int // its place in the household
	kind     kind
	iban     string
	bban     string
	currency string
	name     string
	product  string
	limit    int64 // credit, minor units
	entries  []*entry
	paid     []*entry // by payments of TPPs, beside what is drawn
	bulk     []*entry // by the control, likewise; all of it booked, newest first
	added    *bulk    // what bulk was drawn from
	balance  int64    // of all entries that were drawn, booked or not
}

// entry is one movement on an account. Once its booking day has begun it never
// changes.
type entry struct {
	number  int // in the order in which they came about; stable for ever
	day     day // when it happened
	booking day
	minor   int64
	use     use
	name    string // the other party
	iban    string
	bban    string // instead of it
	giro    string
	text    string
	ocr     string
	note    string
	mandate string
	foreign *exchange

	endToEnd string
	id       string // of what was paid; "" for what is drawn
}

// exchange is a change of money.
type exchange struct {
	currency string
	minor    int64
	rate     int64 // account's currency per unit of currency, ten thousandths
}

// household is what one person has at one bank, lived through from the epoch.
type household struct {
	seed     string
	bank     *bank
	psu      *psu
	words    words
	accounts []*account
	lived    day

	salary    int64 // a month, minor units, at the epoch
	rentFirst bool  // paid on the first rather than the last
	electric  int   // days of the month on which bills fall due
	phone     int
	landlord  counterparty
	employer  counterparty
	shops     map[string][]string
	unwanted  *entry // last purchase that may be sent back
}

type counterparty struct {
	name, iban string
}

// household draws what a person has at a bank and lets it live until today.
func (s *Sandbox) household(bic, login string) *household {
	key := bic + " " + login
	h := s.households[key]
	if h == nil {
		h = newHousehold(strconv.FormatInt(s.seed, 10), s.bank(bic), findPSU(login))
		s.households[key] = h
	}
	for today := dayOf(s.now()); h.lived < today; {
		h.lived++
		h.live(h.lived)
	}
	s.overlay(h)
	s.heap(h)
	return h
}

func newHousehold(seed string, b *bank, p *psu) *household {
	d := newDice("household", seed, b.bic, p.login)
	w := language[b.country]
	h := &household{
		seed: seed, bank: b, psu: p, words: w, lived: epoch - 1,
		salary:    roundTo(p.salary*w.level*d.between(90, 112)/100, 50) * 100,
		rentFirst: d.chance(50),
		electric:  3 + d.n(10),
		phone:     14 + d.n(8),
		shops:     w.draw(d),
	}
	h.landlord = counterparty{name: pick(d, w.landlords), iban: makeIBAN(b.country, newBBAN(b.country, "7301", d))}
	h.employer = counterparty{name: pick(d, w.employers), iban: makeIBAN(b.country, newBBAN(b.country, "6105", d))}
	h.open(d)
	return h
}

// open opens two to five accounts: a current and a savings account, and some of
// the others. At Georgian banks one IBAN holds several currencies.
func (h *household) open(d *dice) {
	w := h.words
	h.add(d, current, w.currency)
	h.add(d, savings, w.currency)
	if h.bank.country == "GE" {
		purse, main := h.add(d, foreign, w.abroad), h.account(current)
		purse.iban, purse.bban = main.iban, main.bban
	} else if d.chance(60) {
		h.add(d, foreign, w.abroad)
	}
	if d.chance(55) || h.bank.habit != nil && h.bank.habit.cards {
		h.add(d, card, w.currency).limit = h.salary / 5000 * 5000
	}
	if d.chance(45) {
		h.add(d, bills, w.currency)
	}
}

func (h *household) add(d *dice, k kind, currency string) *account {
	country := h.bank.country
	code := newDice("clearing", h.bank.bic).digits(4)
	if code[0] == '0' {
		code = "9" + code[1:]
	}
	bban := newBBAN(country, code, d)
	acc := &account{
		number: len(h.accounts), kind: k, currency: currency, bban: bban, iban: makeIBAN(country, bban),
		name: h.words.accounts[k], product: h.words.products[k],
	}
	h.accounts = append(h.accounts, acc)
	return acc
}

// account finds the household's account of a kind; nil where it has none.
func (h *household) account(k kind) *account {
	for _, acc := range h.accounts {
		if acc.kind == k {
			return acc
		}
	}
	return nil
}

// book adds an entry. Card payments are booked on the next working day and are
// pending until then; everything else on the day itself.
func (acc *account) book(e *entry) *entry {
	e.number = len(acc.entries)
	e.booking = e.day
	if e.use == cardPayment || e.use == cardRefund || e.use == cash {
		e.booking = workdayFrom(e.day + 1)
	}
	acc.balance += e.minor
	acc.entries = append(acc.entries, e)
	return e
}

// bookedBy says whether an entry is on the books by an hour of a day.
func (e *entry) bookedBy(today day, hour int) bool {
	return e.booking < today || e.booking == today && hour >= bookingHour
}

// statement is the entries of an account at a time, booked or pending, newest first.
func (acc *account) statement(now time.Time, booked bool) []*entry {
	today, hour := dayOf(now), now.Hour()
	var list []*entry
	for _, e := range slices.Concat(acc.entries, acc.paid) {
		if e.day <= today && e.bookedBy(today, hour) == booked {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, laterFirst)
	if booked {
		return merged(list, acc.bulk)
	}
	return list
}

// laterFirst is the order of a list that runs backwards in time.
func laterFirst(a, b *entry) int {
	return cmp.Or(cmp.Compare(b.booking, a.booking), cmp.Compare(b.number, a.number))
}

// paging is the order of the account's list, and how many entries a page has.
func (acc *account) paging() (order listOrder, size int) {
	if acc.added != nil {
		return acc.added.Order, acc.added.Page
	}
	return newestFirst, pageSize
}

// sum adds up what a list of entries moves.
func sum(list []*entry) (total int64) {
	for _, e := range list {
		total += e.minor
	}
	return total
}

// roundTo rounds down to a multiple.
func roundTo(n, multiple int64) int64 { return n / multiple * multiple }
