package xs2a

import "strings"

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
// that names both parties or neither: a missing minus is seen and can be
// asked about, a wrong one cannot. Booked and pending entries are looked at
// apart, since some banks sign the booked ones only.
func inferSigns(entries []Transaction) {
	for _, t := range entries {
		if t.signed {
			return
		}
	}
	for i := range entries {
		if t := &entries[i]; t.paysOut() && !t.Amount.Decimal().IsZero() {
			t.Amount, t.Inferred = t.Amount.negated(), true
		}
	}
}

// paysOut tells whether the creditor is the only party named. Accounts count
// where there is no name: the own one often stands beside the other's name.
func (t Transaction) paysOut() bool {
	if t.CreditorName != "" || t.DebtorName != "" {
		return t.DebtorName == ""
	}
	return t.CreditorAccount != "" && t.DebtorAccount == ""
}
