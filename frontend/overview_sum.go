package frontend

import (
	"fmt"
	"strings"

	"consentry/app"
	"consentry/frontend/ui"
)

// summedWords counts the accounts a sum is made of: 4 of 5 accounts.
func summedWords(total app.Total) string {
	all := total.Accounts + len(total.Without)
	if len(total.Without) == 0 {
		return plural(all, "account", "accounts")
	}
	return fmt.Sprintf("%s of %s", app.Figure(total.Accounts), plural(all, "account", "accounts"))
}

// unsummedWords say why an account is left out of a sum, in the order in which
// they are shown.
var unsummedWords = []struct {
	reason app.UnsummedReason
	words  string
}{
	{app.BalanceNotShared, "balance not shared"}, {app.BalanceNotRead, "balance not read"},
	{app.BalanceNotSent, "the bank sent no balance"}, {app.BalanceOver, "no permission reaches it any more"},
}

// unsummedShown is how many accounts left out for one reason are named.
const unsummedShown = 3

// sumNotes say what a sum leaves out, and what of it is not up to date.
func sumNotes(total app.Total) []string {
	var notes []string
	for _, why := range unsummedWords {
		var names []string
		left := 0
		for _, one := range total.Without {
			if one.Reason != why.reason {
				continue
			}
			if left++; left <= unsummedShown {
				names = append(names, accountName(one.Account))
			}
		}
		if left > unsummedShown {
			names = append(names, app.Figure(left-unsummedShown)+" more")
		}
		if left > 0 {
			notes = append(notes, "Without "+strings.Join(names, ", ")+": "+why.words+".")
		}
	}
	return append(notes, oldWords(total)...)
}

// oldWords say how many accounts of a sum are not updated any more, and since when.
func oldWords(total app.Total) []string {
	if total.Old == 0 {
		return nil
	}
	words := "Includes " + plural(total.Old, "account", "accounts")
	switch first := ui.DateText(total.OldSince); {
	case total.OldSince.IsZero():
		return []string{words + " not read in full."}
	case first == ui.DateText(total.OldLast):
		return []string{words + " not updated any more, last read on " + first + "."}
	default:
		return []string{words + " not updated any more, the one read longest ago on " + first + "."}
	}
}
