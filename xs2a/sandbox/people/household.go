package people

import (
	"cmp"
	"strconv"
	"time"
)

// Epoch is the day on which people opened their accounts, unless it is said otherwise.
var Epoch = date(2023, time.January, 1)

// BookingHour is when the bank books, on the booking day.
const BookingHour = 6

// Kind is what an account is for.
type Kind int

const (
	Current Kind = iota
	Savings
	Foreign
	Card
	Bills
)

// Account is one account of a person at a bank.
type Account struct {
	Number   int // its place in the household
	Kind     Kind
	IBAN     string
	BBAN     string
	Currency string
	Name     string
	Product  string
	Limit    int64 // credit, minor units
	Entries  []*Entry
	paid     []*Entry       // by payments of TPPs, beside what is drawn
	books    *Books         // of the control, beside both
	bulk     []*Entry       // by the control, likewise; all of it booked, newest first
	bulkRuns [runs][]*Entry // the same, as InRuns lists it
	Added    *Bulk          // what bulk was drawn from
	Balance  int64          // of all entries that were drawn, booked or not
}

// Entry is one movement on an account. Once its booking day has begun it never
// changes, but for what the control books.
type Entry struct {
	Number  int // in the order in which they came about; stable for ever
	Day     Day // when it happened
	Booking Day
	Minor   int64
	Use     Use
	Name    string // the other party
	IBAN    string
	BBAN    string // instead of it
	Giro    string
	Text    string
	OCR     string
	Note    string
	Mandate string
	Foreign *Exchange

	EndToEnd string
	Purpose  string // ISO 20022 external purpose code
	ID       string // of what was paid; "" for what is drawn
	Pending  bool   // a payment that is not carried out yet
	Dropped  bool   // the bank lists it no more
	Posted   int    // of what the control has booked: when it came on the books, in their order
	PostedOn Day    // and on which day
}

// Exchange is a change of money.
type Exchange struct {
	Currency string
	Minor    int64
	Rate     int64 // account's currency per unit of currency, ten thousandths
}

// Holder is the bank that holds the accounts, as far as a life with them depends
// on it.
type Holder struct {
	BIC, Name, Country string
	City               string // where its cash machines are
	Cards              bool   // everybody has a card account
}

// Household is what one person has at one bank, lived through since they opened their accounts.
type Household struct {
	seed     string
	at       Holder
	Person   *Person
	words    words
	Accounts []*Account
	opened   Day // the first they lived through
	lived    Day

	Salary    int64 // a month, minor units
	rentFirst bool  // paid on the first rather than the last
	electric  int   // days of the month on which bills fall due
	phone     int
	landlord  counterparty
	employer  counterparty
	shops     map[string][]string
	unwanted  *Entry // last purchase that may be sent back
}

type counterparty struct {
	name, iban string
}

// NewHousehold draws what a person has at a bank since a day. They have lived for no day
// yet.
func NewHousehold(seed string, b Holder, p *Person, opened Day) *Household {
	d := NewDice("household", seed, b.BIC, p.Login)
	w := language[b.Country]
	h := &Household{
		seed: seed, at: b, Person: p, words: w, opened: opened, lived: opened - 1,
		Salary:    roundTo(p.Salary*w.level*d.Between(90, 112)/100, 50) * 100,
		rentFirst: d.chance(50),
		electric:  3 + d.N(10),
		phone:     14 + d.N(8),
		shops:     w.draw(d),
	}
	h.landlord = counterparty{name: Pick(d, w.landlords), iban: makeIBAN(b.Country, newBBAN(b.Country, "7301", d))}
	h.employer = counterparty{name: Pick(d, w.employers), iban: makeIBAN(b.Country, newBBAN(b.Country, "6105", d))}
	h.open(d)
	return h
}

// LiveUntil lets the days pass that have come since, the last of them today.
func (h *Household) LiveUntil(today Day) {
	for h.lived < today {
		h.lived++
		h.live(h.lived)
	}
}

// open opens two to five accounts: a current and a savings account, and some of
// the others. At Georgian banks one IBAN holds several currencies.
func (h *Household) open(d *Dice) {
	w := h.words
	h.add(d, Current, w.currency)
	h.add(d, Savings, w.currency)
	if h.at.Country == "GE" {
		purse, main := h.add(d, Foreign, w.abroad), h.Account(Current)
		purse.IBAN, purse.BBAN = main.IBAN, main.BBAN
	} else if d.chance(60) {
		h.add(d, Foreign, w.abroad)
	}
	if d.chance(55) || h.at.Cards {
		h.add(d, Card, w.currency).Limit = h.Salary / 5000 * 5000
	}
	if d.chance(45) {
		h.add(d, Bills, w.currency)
	}
}

func (h *Household) add(d *Dice, k Kind, currency string) *Account {
	country := h.at.Country
	code := NewDice("clearing", h.at.BIC).Digits(4)
	if code[0] == '0' {
		code = "9" + code[1:]
	}
	bban := newBBAN(country, code, d)
	acc := &Account{
		Number: len(h.Accounts), Kind: k, Currency: currency, BBAN: bban, IBAN: makeIBAN(country, bban),
		Name: h.words.accounts[k], Product: h.words.products[k],
	}
	h.Accounts = append(h.Accounts, acc)
	return acc
}

// Account returns the household's account of a kind; nil where it has none.
func (h *Household) Account(k Kind) *Account {
	for _, acc := range h.Accounts {
		if acc.Kind == k {
			return acc
		}
	}
	return nil
}

// book adds an entry. Card payments are booked on the next working day and are
// pending until then; everything else on the day itself.
func (acc *Account) book(e *Entry) *Entry {
	e.Number = len(acc.Entries)
	e.Booking = e.Day
	if e.Use == CardPayment || e.Use == CardRefund || e.Use == Cash {
		e.Booking = workdayFrom(e.Day + 1)
	}
	acc.Balance += e.Minor
	acc.Entries = append(acc.Entries, e)
	return e
}

// MaskedPAN returns a card's number with its middle hidden.
func (acc *Account) MaskedPAN() string {
	return "525412xxxxxx" + NewDice("pan", acc.IBAN).Digits(4)
}

// bookedBy reports whether an entry is on the books by an hour of a day. Of what was paid,
// the payment says so.
func (e *Entry) bookedBy(today Day, hour int) bool {
	return !e.Pending && (e.Booking < today || e.Booking == today && (hour >= BookingHour || e.ID != ""))
}

// BookedAt returns the moment at which an entry went onto the books that is there now:
// what was paid may have done so before the hour of all others.
func (e *Entry) BookedAt(now time.Time) time.Time {
	y, m, d := e.Booking.Time().Date()
	if at := time.Date(y, m, d, BookingHour, 0, 0, 0, now.Location()); at.Before(now) {
		return at
	}
	return now
}

// Statement returns the entries of an account at a time, booked or pending, newest first.
func (acc *Account) Statement(now time.Time, booked bool) []*Entry {
	list := acc.drawnAndPaid(now, booked)
	if booked {
		return merged(list, acc.bulk)
	}
	return list
}

// laterFirst is the order of a list that runs backwards in time.
func laterFirst(a, b *Entry) int {
	return cmp.Or(cmp.Compare(b.Booking, a.Booking), cmp.Compare(b.Number, a.Number))
}

// Currency returns the one of the household's country.
func (h *Household) Currency() string { return h.words.currency }

// IDOf returns the id of an entry, the same for ever.
func (h *Household) IDOf(acc *Account, e *Entry) string {
	return FixedID("entry", h.seed, h.at.BIC, h.Person.Login, strconv.Itoa(acc.Number), strconv.Itoa(e.Number))
}

// Sum adds up what a list of entries moves.
func Sum(list []*Entry) (total int64) {
	for _, e := range list {
		total += e.Minor
	}
	return total
}

// roundTo rounds down to a multiple.
func roundTo(n, multiple int64) int64 { return n / multiple * multiple }
