package pay

import (
	"cmp"

	"consentry/storage"
)

// FormOf returns the form that a payment may be composed with again. Its days are left out
// where they are of a payment that was sent: they may have passed.
func FormOf(p storage.Payment) Form {
	o := p.Order
	t := o.Transfers[0]
	f := Form{
		EnvironmentID: p.EnvironmentID, BIC: p.BIC, AffiliatedASPSPID: p.AffiliatedASPSPID, Service: o.Service, Product: o.Product,
		From: cmp.Or(o.Debtor.IBAN, o.Debtor.BBAN), FromClearing: o.Debtor.Clearing, FromCurrency: o.Debtor.Currency,
		Creditor: t.Creditor, To: cmp.Or(t.To.IBAN, t.To.BBAN, t.To.Giro), Clearing: t.To.Clearing, Giro: t.To.GiroType, Agent: t.Agent, AgentName: t.AgentName,
		Amount: t.Amount.Number, Currency: t.Amount.Currency, Text: t.Text, Reference: t.OCR, Invoice: t.Invoice, EndToEnd: t.EndToEnd, Charges: t.Charges,
		Purpose: t.Purpose, ToSelf: t.ToSelf, ToCreditor: t.ToCreditor,
		NoWait: o.NoWait,
	}
	if t.Address != nil {
		f.Address = *t.Address
	}
	if s := o.Standing; s != nil {
		f.Frequency, f.Day, f.Rule = string(s.Frequency), s.Day, s.Rule
		if p.Fate.AtHome() {
			f.Start, f.End = s.Start, s.End
		}
	}
	if p.Fate.AtHome() {
		f.On = o.On
	}
	return f
}
