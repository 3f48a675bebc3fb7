package xs2a

import (
	"slices"
	"strings"
)

// directed applies what an entry itself says about its direction, beside the
// amount: some banks send unsigned amounts and an indicator of ISO 20022.
// The sign of a negative amount always stands.
func (t *Transaction) directed(indicator string) {
	switch strings.ToUpper(indicator) {
	case "DBIT", "DEBIT":
		if !t.Amount.Negative() {
			t.Amount = t.Amount.negated()
		}
		t.signed = true
	case "CRDT", "CREDIT":
		t.signed = true
	}
	t.signed = t.signed || t.Amount.Negative()
}

// inferSigns gives amounts the minus some banks leave out. The Berlin Group
// has the creditor named when money left the account and the debtor when it
// came in (BG 1.3.12 section 14.20), and money that left is negative. So in a
// list where the bank signs nothing at all – no minus and no indicator – an
// entry that names a creditor and no debtor is money out.
//
// A list with a single signed amount is taken as it came, and so is an entry
// that names both parties or neither, unless TransactionPage.Of knows one of
// them for the account's owner: a missing minus is seen and can be
// asked about, a wrong one cannot. Booked and pending entries are looked at
// apart, since some banks sign the booked ones only.
func inferSigns(entries []Transaction) {
	if anySigned(entries) {
		return
	}
	for i := range entries {
		if t := &entries[i]; t.paysOut() {
			t.infer(true)
		}
	}
}

// anySigned reports whether the bank signs the amounts of a list.
func anySigned(entries []Transaction) bool {
	return slices.ContainsFunc(entries, func(t Transaction) bool { return t.signed })
}

// Signs says whether a bank signs the amounts of what is booked, and of what is pending.
type Signs struct{ Booked, Pending bool }

// Signs tells what a page shows of that; one on which all money came in shows nothing.
func (p TransactionPage) Signs() Signs { return Signs{anySigned(p.Booked), anySigned(p.Pending)} }

// Signed takes the amounts of a page as they came where the bank is known to sign them, from
// other pages: on this one there may be nothing to sign.
func (p *TransactionPage) Signed(known Signs) {
	for _, list := range []struct {
		known   bool
		entries []Transaction
	}{{known.Booked, p.Booked}, {known.Pending, p.Pending}} {
		for i := range list.entries {
			if t := &list.entries[i]; list.known && !t.signed {
				if t.Inferred {
					t.Amount, t.Inferred = t.Amount.negated(), false
				}
				t.signed = true
			}
		}
	}
}

// infer gives an amount the sign the bank left out.
func (t *Transaction) infer(out bool) {
	if out != t.Amount.Negative() && !t.Amount.Decimal().IsZero() {
		t.Amount, t.Inferred = t.Amount.negated(), out
	}
}

// paysOut reports whether the creditor is the only party named. Accounts count
// where there is no name: the own one often stands beside the other's name.
func (t Transaction) paysOut() bool {
	if t.CreditorName != "" || t.DebtorName != "" {
		return t.DebtorName == ""
	}
	return t.CreditorAccount != "" && t.DebtorAccount == ""
}
