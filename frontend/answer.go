package frontend

import (
	"context"
	"slices"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// besideFact is one thing an answer says beside its step: an amount or words.
type besideFact struct {
	name   words.Text
	amount *xs2a.Amount
	words  string
}

// besideFacts lists what a bank's answer says beside its step. That it says
// nothing of a fee is not the same as that there is none.
func besideFacts(ctx context.Context, said storage.Said) []besideFact {
	var facts []besideFact
	for _, fee := range []besideFact{
		{name: "Fee", amount: said.Fees.Transaction}, {name: "Fee for the exchange", amount: said.Fees.Conversion},
		{name: "Taken from your account, about", amount: said.Fees.EstimatedTotal},
		{name: "Arrives at the other bank, about", amount: said.Fees.EstimatedInterbank},
	} {
		if fee.amount != nil {
			facts = append(facts, fee)
		}
	}
	add := func(name words.Text, said string) {
		if said != "" {
			facts = append(facts, besideFact{name: name, words: said})
		}
	}
	if said.Fees.Transaction == nil {
		add("Fee", yesNo(ctx, said.Fees.Charged, "There is one; the bank does not say how much", "None"))
	}
	add("Payee", yesNo(ctx, said.Trusted, "One you trust, says the bank", "Not one you trust, says the bank"))
	add("The payee’s name", nameMatchText(ctx, said.NameMatch))
	add("Enough on the account", yesNo(ctx, said.Funds, "Yes, says the bank", "No, says the bank"))
	for _, words := range slices.Concat(said.Warnings, said.Latest) {
		add("The bank says", words)
	}
	return facts
}

// nameMatchWords are what a bank may say of the payee's name (ISO 20022 external
// verification reason codes, as the EPC's verification of payee uses them).
var nameMatchWords = map[string]words.Text{
	"MTCH": "It is the account holder’s, says the bank",
	"CMTC": "It is nearly the account holder’s, says the bank: compare it",
	"NMTC": "It is not the account holder’s, says the bank",
	"NOAP": "The bank could not compare it",
}

// nameMatchText is that in words, with its code; another is shown as it came.
func nameMatchText(ctx context.Context, code string) string {
	if word, known := nameMatchWords[code]; known {
		return words.T(ctx, "%s (%s)", words.T(ctx, word), code)
	}
	return code
}

// nameNotice warns of a payee whose name is another than the account holder's, as the bank
// says; the zero notice: it says no such thing.
func nameNotice(ctx context.Context, bank, code string) ui.Notice {
	n := ui.Notice{ID: "name", Lost: words.T(ctx, "Nothing is paid until you approve."), Next: words.T(ctx, "Ask the payee by a way you know before you approve. Money that went to a wrong account is hard to get back.")}
	switch code {
	case "NMTC":
		n.Tone, n.Title = ui.Bad, words.T(ctx, "%s says that the account belongs to somebody of another name.", bank)
	case "CMTC":
		n.Tone, n.Title = ui.Warn, words.T(ctx, "%s says that the name is nearly the account holder’s: compare it.", bank)
	default:
		return ui.Notice{}
	}
	return n
}

// yesNo puts what may not be known into words.
func yesNo(ctx context.Context, is *bool, yes, no words.Text) string {
	switch {
	case is == nil:
		return ""
	case *is:
		return words.T(ctx, yes)
	}
	return words.T(ctx, no)
}
