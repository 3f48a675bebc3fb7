package frontend

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/xs2a"
)

// goneSince stands for what was read and is not here any more.
const goneSince = "Erased since"

// term is a line of the table: asked for, granted, used.
type term struct {
	Name                 string
	Asked, Granted, Used templ.Component
}

func (view consentView) terms() []term {
	access, said := granted(view.Consent)
	notYet := inWords(view.nothingGranted())
	terms := []term{
		{"Accounts", references(accessAccounts(view.Asked.Access), "Those you choose when you approve"), notYet, inWords(view.usedAccounts())},
		{"What is shared", inWords(accessWords(view.Asked.Access)), notYet, inWords(view.usedKinds())},
		{"Until", ui.Date(day(view.Asked.ValidUntil)), notYet, usedUntil(view)},
		{"Times a day", inWords(readsWords(view.Asked.Recurring, view.Asked.FrequencyPerDay)), notYet, inWords(view.usedTimes())},
	}
	// Banks repeat what was asked for before anything is granted.
	if said && !view.GrantedAt.IsZero() {
		terms[0].Granted = references(accessAccounts(access), "Not named by the bank")
		terms[1].Granted = inWords(accessWords(access))
		terms[2].Granted = ui.Date(day(view.ValidUntil))
		terms[3].Granted = inWords(readsWords(view.Recurring, view.FrequencyPerDay))
	}
	return terms
}

func (view consentView) usedAccounts() string {
	switch {
	case view.neverRead():
		return "None"
	case len(view.Accounts) == 0:
		return goneSince
	}
	return plural(len(view.Accounts), "account", "accounts") + " read"
}

// usedKinds names what was read, not what could have been.
func (view consentView) usedKinds() string {
	switch {
	case view.neverRead():
		return "Nothing"
	case len(view.Accounts) == 0:
		return goneSince
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
	kinds := []string{"Accounts"}
	if balances > 0 {
		kinds = append(kinds, ofSome("balances", balances, len(view.Accounts)))
	}
	if transactions > 0 {
		kinds = append(kinds, ofSome("transactions", transactions, len(view.Accounts)))
	}
	return strings.Join(kinds, ", ")
}

// usedTimes counts the reads without the person as the bank does: those of the
// last 24 hours.
func (view consentView) usedTimes() string {
	switch {
	case view.scheduled() && view.Quota.Limit > 0:
		return fmt.Sprintf("%d of %d in the last 24 hours", view.Quota.Used, view.Quota.Limit)
	case view.neverRead():
		return "Never"
	case view.scheduled():
		return fmt.Sprintf("%d in the last 24 hours", view.Quota.Used)
	case view.ReadAttended:
		return "While you were here"
	}
	return "Without you, too"
}

func (view consentView) neverRead() bool { return view.ReadAt.IsZero() && view.FetchedAt.IsZero() }

func (view consentView) nothingGranted() string {
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
