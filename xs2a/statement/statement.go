// Package statement reads the documents in which banks report an account besides
// JSON: camt.052 and camt.053 of ISO 20022, SWIFT's MT940 and MT942; and
// pain.002, which says what became of a payment.
//
// A document is text in UTF-8 already, and what is read of it are entries: what
// the account's bank booked, or means to, with a word of its own for all that
// these formats name. The package knows no client, no transaction and no bank:
// what an entry means to a person, and who of two parties is shown, is decided by
// xs2a, in one place, as for entries in JSON. It is given the bounds it keeps.
package statement

import "consentry/xs2a/field"

// Bounds are what a document may be, whatever is sent.
type Bounds struct {
	Depth    int // of elements in XML
	Elements int // of XML, and lines of SWIFT's text
	Text     int // bytes of one text
	Listed   int // entries, and what else makes a record of some hundred bytes
}

// Report is what a document says of one account.
type Report struct {
	Account  string // as the document names it, without blanks; empty: it does not
	Currency string // of the account; empty where the document does not say
	Covers   []Span // the days of which the document says that it has all that was booked
	Entries  []Entry
	Balances []Balance
	LeftOut  []LeftOut
}

// Span is a stretch of days, both included; ISO dates.
type Span struct{ From, To string }

// cover notes days of which a statement has all, if it says so.
func (r *Report) cover(from, to string) {
	if from != "" && to != "" && from <= to {
		r.Covers = append(r.Covers, Span{from, to})
	}
}

// LeftOut is an entry or a balance that could not be read. It costs itself and
// nothing else.
type LeftOut struct {
	Err error  // names the place, such as statement[0].:61:[1].amount
	Raw []byte // as it came
}

func (r *Report) leaveOut(path string, err error, raw []byte) {
	r.LeftOut = append(r.LeftOut, LeftOut{field.Within(path, err), raw})
}

// Amount is an exact decimal with its currency.
type Amount struct {
	Number   string // as field.Number returns it
	Currency string // ISO 4217; empty where nothing says which
}

// out reports whether money left the account.
func (a Amount) out() bool { return a.Number != "" && a.Number[0] == '-' }

func (a Amount) negated() Amount { return Amount{field.Negated(a.Number), a.Currency} }

// Balance is one of the account's balances.
type Balance struct {
	Amount              Amount
	Type                string // by the Berlin Group's name where it has one (BG 1.3.12 section 14.13)
	Date                string // ISO date; may be empty
	LastChange          string // as sent
	CreditLimitIncluded bool
	Raw                 []byte
}
