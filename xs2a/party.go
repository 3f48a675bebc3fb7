package xs2a

import (
	"cmp"
	"fmt"
	"strings"
)

// nameCreditor names who was paid. Where the bank tells the ultimate creditor
// from one that stands between, such as a payment service, the former is whom
// the person knows; the other is not lost.
func (t *Transaction) nameCreditor(name, ultimate string) {
	t.CreditorName = t.ultimate(name, ultimate)
}

// nameDebtor names who paid, see nameCreditor.
func (t *Transaction) nameDebtor(name, ultimate string) {
	t.DebtorName = t.ultimate(name, ultimate)
}

func (t *Transaction) ultimate(name, ultimate string) string {
	if ultimate != "" && name != "" && !sameName(name, ultimate) {
		t.add(name)
	}
	return cmp.Or(ultimate, name)
}

// add puts a line below what else is said of the entry.
func (t *Transaction) add(line string) {
	if line == "" {
		return
	}
	if t.Additional != "" {
		t.Additional += "\n"
	}
	t.Additional += line
}

// returned notes why a payment came back.
func (t *Transaction) returned(code, text string) {
	t.ReturnCode, t.ReturnText = code, text
	t.add(strings.TrimSpace(code + " " + text))
}

// other returns the name of the other party, and failing that the one there is.
func other(out bool, creditor, debtor string) string {
	if out {
		return cmp.Or(creditor, debtor)
	}
	return cmp.Or(debtor, creditor)
}

// payment is one of several an entry is made of.
type payment struct{ who, what string }

// summary says of several payments who and what for, one line each; of very
// many only the first.
func summary(payments []payment) string {
	const most = 50
	var lines []string
	for i, p := range payments {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(payments)-most))
			break
		}
		if line := strings.Trim(p.who+": "+strings.ReplaceAll(p.what, "\n", " "), ": "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// sameName compares names as people do.
func sameName(a, b string) bool {
	return a != "" && strings.EqualFold(plainName(a), plainName(b))
}

func plainName(name string) string { return strings.Join(strings.Fields(name), " ") }

// owner is what the owner of an account is known by, made once for all entries:
// a bank may give them a name of a megabyte.
type owner struct {
	name    string
	numbers [3]string
}

func (a Account) owner() owner {
	return owner{plainName(a.OwnerName), [3]string{bareNumber(a.IBAN), bareNumber(a.BBAN), bareNumber(a.MaskedPAN)}}
}

// is reports whether a party of an entry is the owner: by the account where one is
// given, else by the name. An owner's account at another bank is another party.
func (o owner) is(name, account string) bool {
	if account = bareNumber(account); account != "" {
		return account == o.numbers[0] || account == o.numbers[1] || account == o.numbers[2]
	}
	name = plainName(name)
	return name != "" && strings.EqualFold(name, o.name)
}

func bareNumber(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// Of says whose account the page is about, which tells the parties apart: in a
// list where the bank signs nothing, an entry whose debtor is the owner is
// money out, and one whose creditor is the owner came in; and the owner's name
// does not stand where the other party is looked for. It may be said twice.
func (p *TransactionPage) Of(own Account) {
	owner := own.owner()
	for _, entries := range [][]Transaction{p.Booked, p.Pending} {
		unsigned := !anySigned(entries)
		for i := range entries {
			t := &entries[i]
			creditor, debtor := owner.is(t.CreditorName, t.CreditorAccount), owner.is(t.DebtorName, t.DebtorAccount)
			if creditor == debtor {
				continue // neither is known, or the money stayed
			}
			if unsigned {
				t.infer(debtor)
			}
			t.hideOwner(creditor)
		}
	}
}

// hideOwner takes away the name of the owner, who is the creditor or else the
// debtor, where it would be taken for the other party's: in its place, or in
// an entry that names no other.
func (t *Transaction) hideOwner(creditor bool) {
	own, other := &t.DebtorName, t.CreditorName
	if creditor {
		own, other = &t.CreditorName, t.DebtorName
	}
	if creditor == t.Amount.Negative() || other == "" {
		*own = ""
	}
}
