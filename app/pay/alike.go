package pay

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"consentry/app/pay/check"
	"consentry/storage"
	"consentry/xs2a"
)

// likeness says how much speaks for a transaction being what belongs to a place.
type likeness int

// What speaks for it. Each outweighs all that stand after it.
const (
	unlike     likeness = 0
	possible   likeness = 1 << 0 // nothing speaks against it, as the bank tells nothing
	sameName   likeness = 1 << 1
	sameText   likeness = 1 << 2 // text, reference or number of an invoice
	sameNumber likeness = 1 << 3 // of the other side's account
	sameRef    likeness = 1 << 4 // end-to-end id
)

// entry is a transaction with its amount as amounts are compared.
type entry struct {
	storage.Transaction
	worth string
}

func entryOf(t storage.Transaction) entry { return entry{t, reduced(t.Amount)} }

// takes returns how much speaks for a transaction belonging to a place. Of another currency
// than was ordered it is where the end-to-end id and the other side's account are the same:
// the bank has exchanged it.
func (at place) takes(e entry) likeness {
	day := dateOf(e.Transaction)
	if !slices.Contains(at.accounts, e.AccountID) || e.Amount.Negative() == at.incoming || day < at.first || day > at.last ||
		e.FirstSeenAt.Before(at.payment.SentAt) {
		return unlike
	}
	same := at.worth == e.worth && at.currency == e.Amount.Currency
	switch {
	case same && at.transfer == Whole:
		return possible // whom it names, if anybody, is the bank's choice
	case at.transfer == Whole, !same && at.currency == e.Amount.Currency:
		return unlike
	}
	like := at.alike(e.Transaction.Transaction)
	if !same && (like&sameRef == 0 || like&sameNumber == 0) {
		return unlike
	}
	return like
}

// alike holds to a transfer what a transaction says of it. End-to-end ids and account
// numbers that both have decide; of name and text, which banks shorten, reword and leave out,
// one that is the same does.
func (at place) alike(t xs2a.Transaction) (like likeness) {
	transfer := at.payment.Order.Transfers[at.transfer]
	name, number, other := transfer.Creditor, transfer.To, t.CreditorAccount
	if at.incoming {
		name, number, other = "", at.payment.Order.Debtor, t.DebtorAccount
	}
	if telling(transfer.EndToEnd) && telling(t.EndToEndID) {
		if strings.TrimSpace(t.EndToEndID) != transfer.EndToEnd {
			return unlike
		}
		like |= sameRef
	}
	switch same, comparable := numberIs(number, other); {
	case comparable && !same:
		return unlike
	case comparable:
		like |= sameNumber
	}
	said := t.Remittance + " " + t.Additional
	for _, text := range []string{transfer.OCR, transfer.Invoice, transfer.Text} {
		if within(text, said) {
			like |= sameText
		}
	}
	if !at.incoming && sameOrCut(name, t.CreditorName) {
		like |= sameName
	}
	if like == unlike && t.CreditorName+t.DebtorName+other+strings.TrimSpace(said) == "" {
		return possible
	}
	return like
}

// telling reports whether an end-to-end id tells anything (EPC125-05, AT-41).
func telling(id string) bool {
	id = strings.TrimSpace(id)
	return id != "" && !strings.EqualFold(id, "NOTPROVIDED") && !strings.EqualFold(id, "NOTAVAILABLE")
}

// shortestNumber is how many characters of an account number tell it from others.
const shortestNumber = 6

// numberIs reports whether an account number that a bank tells is that of an account, where
// the two can be compared. An IBAN ends with the number of the country's own, which may be
// told with the clearing number or without it; a giro may be told by the account behind it.
func numberIs(account xs2a.OrderAccount, told string) (same, comparable bool) {
	told = folded(told)
	iban, own, giro := folded(account.IBAN), folded(account.Clearing+account.BBAN), folded(account.Giro)
	switch isIBAN := check.LikeIBAN(told); {
	case len(told) < shortestNumber: // none, or a part of it
		return false, false
	case giro != "":
		return giro == told, giro == told
	case iban != "" && isIBAN:
		return iban == told, true
	case iban != "":
		same = strings.HasSuffix(iban, told)
		return same, same
	case isIBAN:
		same = len(own) >= shortestNumber && strings.HasSuffix(told, folded(account.BBAN))
		return same, same
	}
	same = strings.HasSuffix(own, told) || len(own) >= shortestNumber && strings.HasSuffix(told, own)
	return same, own != ""
}

// How many letters and digits of a text are enough to find it within another, and to know
// it by where it was cut off.
const (
	enoughWithin = 6
	enoughCut    = 10
)

// within reports whether a text stands in what a bank tells, whole or cut off at its end.
func within(text, told string) bool {
	text, told = folded(text), folded(told)
	switch {
	case text == "" || told == "":
		return false
	case len(text) >= enoughWithin && strings.Contains(told, text):
		return true
	}
	return sameOrCut(text, told)
}

// sameOrCut reports whether two texts are the same, or one is the other's beginning.
func sameOrCut(one, other string) bool {
	one, other = folded(one), folded(other)
	if len(one) > len(other) {
		one, other = other, one
	}
	return one != "" && (one == other || len(one) >= enoughCut && strings.HasPrefix(other, one))
}

// folded is a text's letters and digits, without case and accents.
func folded(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(text)))
}
