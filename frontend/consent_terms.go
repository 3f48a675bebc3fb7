package frontend

import (
	"context"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/xs2a"
)

// goneSince stands for what was read and is not here any more.
const goneSince words.Text = "Erased since"

// term is a line of the table: asked for, granted, used.
type term struct {
	Name                 words.Text
	Asked, Granted, Used templ.Component
}

func (view consentView) terms(ctx context.Context) []term {
	access, said := granted(view.Consent)
	notYet := inWords(words.T(ctx, view.nothingGranted()))
	terms := []term{
		{"Accounts", references(accessAccounts(view.Asked.Access), "Those you choose when you approve"), notYet, inWords(view.usedAccounts(ctx))},
		{"What is shared", inWords(accessWords(ctx, view.Asked.Access)), notYet, inWords(view.usedKinds(ctx))},
		{"Until", ui.Date(day(view.Asked.ValidUntil)), notYet, usedUntil(view)},
		{"Automatic updates", inWords(readsWords(ctx, view.Asked.Recurring, view.Asked.FrequencyPerDay)), notYet, inWords(view.usedTimes(ctx))},
	}
	// Banks repeat what was asked for before anything is granted.
	if said && !view.GrantedAt.IsZero() {
		terms[0].Granted = references(accessAccounts(access), "Not named by the bank")
		terms[1].Granted = inWords(accessWords(ctx, access))
		terms[2].Granted = ui.Date(day(view.ValidUntil))
		terms[3].Granted = inWords(readsWords(ctx, view.Recurring, view.FrequencyPerDay))
	}
	return terms
}

func (view consentView) usedAccounts(ctx context.Context) string {
	switch {
	case view.neverRead():
		return words.T(ctx, "None")
	case len(view.Accounts) == 0:
		return words.T(ctx, goneSince)
	}
	if erased := view.erasedWith(); erased > 0 {
		return words.N(ctx, len(view.Accounts)+erased, "%d account read, %d of them erased since", "%d accounts read, %d of them erased since", erased)
	}
	return words.N(ctx, len(view.Accounts), "%d account read", "%d accounts read")
}

// usedKinds names what was read, not what could have been.
func (view consentView) usedKinds(ctx context.Context) string {
	switch {
	case view.neverRead():
		return words.T(ctx, "Nothing")
	case len(view.Accounts) == 0:
		return words.T(ctx, goneSince)
	}
	balances, transactions := 0, 0
	for _, account := range view.Accounts {
		if len(account.Balances) > 0 {
			balances++
		}
		if account.BookedTo != "" {
			transactions++
		}
	}
	parts := []accessPart{{Kind: kindAccounts}}
	if balances > 0 {
		parts = append(parts, accessPart{kindBalances, balances, len(view.Accounts)})
	}
	if transactions > 0 {
		parts = append(parts, accessPart{kindTransactions, transactions, len(view.Accounts)})
	}
	return listParts(ctx, parts)
}

// usedTimes counts the reads without the person as the bank does: those of the
// last 24 hours.
func (view consentView) usedTimes(ctx context.Context) string {
	switch {
	case view.scheduled() && view.Quota.Limit > 0:
		return words.T(ctx, "%d of %d in the last 24 hours", view.Quota.Used, view.Quota.Limit)
	case view.neverRead():
		return words.T(ctx, "Never")
	case view.scheduled():
		return words.T(ctx, "%d in the last 24 hours", view.Quota.Used)
	case view.ReadAttended:
		return words.T(ctx, "While you were here")
	}
	return words.T(ctx, "Automatically, too")
}

func (view consentView) neverRead() bool { return view.ReadAt.IsZero() && view.FetchedAt.IsZero() }

func (view consentView) nothingGranted() words.Text {
	switch {
	case !view.GrantedAt.IsZero():
		return "The bank did not say"
	case view.State.Open:
		return "Nothing yet"
	}
	return "Nothing"
}

func referenceNumber(reference xs2a.AccountReference) string {
	for _, number := range []string{reference.IBAN, reference.BBAN, reference.MaskedPAN} {
		if number != "" {
			return number
		}
	}
	return ""
}
