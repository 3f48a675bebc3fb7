package frontend

import (
	"context"
	"strings"
	"time"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// summedWords counts the accounts a sum is made of: 4 of 5 accounts.
func summedWords(ctx context.Context, total holding.Total) string {
	all := total.Accounts + len(total.Without)
	if len(total.Without) == 0 {
		return words.N(ctx, all, "%d account", "%d accounts")
	}
	return words.T(ctx, "%s of %s", words.Figure(ctx, total.Accounts), words.N(ctx, all, "%d account", "%d accounts"))
}

// unsummedWords say why an account is left out of a sum, in the order in which
// they are shown.
var unsummedWords = []struct {
	reason  holding.UnsummedReason
	without words.Text
}{
	{holding.BalanceNotShared, "Without %s: balance not shared."}, {holding.BalanceNotRead, "Without %s: balance not read."},
	{holding.BalanceNotSent, "Without %s: the bank sent no balance."}, {holding.BalanceOver, "Without %s: no consent reaches it any more."},
}

// unsummedShown is how many accounts left out for one reason are named.
const unsummedShown = 3

// sumNotes say what a sum leaves out, and what of it is not up to date.
func sumNotes(ctx context.Context, total holding.Total) []string {
	var notes []string
	for _, why := range unsummedWords {
		var names []string
		left := 0
		for _, one := range total.Without {
			if one.Reason != why.reason {
				continue
			}
			if left++; left <= unsummedShown {
				names = append(names, accountName(ctx, one.Account))
			}
		}
		if left > unsummedShown {
			names = append(names, words.N(ctx, left-unsummedShown, "%d more", "%d more"))
		}
		if left > 0 {
			notes = append(notes, words.T(ctx, why.without, strings.Join(names, ", ")))
		}
	}
	return append(notes, oldWords(ctx, total)...)
}

// oldWords say how many accounts of a sum are not updated any more, and since when.
func oldWords(ctx context.Context, total holding.Total) []string {
	if total.Old == 0 {
		return nil
	}
	first := ui.DateWords(ctx, total.OldSince)
	switch {
	case total.OldSince.IsZero():
		return []string{words.N(ctx, total.Old, "Includes %d account not read in full.", "Includes %d accounts not read in full.")}
	case total.OldSince.Format(time.DateOnly) == total.OldLast.Format(time.DateOnly):
		return []string{words.N(ctx, total.Old, "Includes %d account not updated any more, last read on %s.",
			"Includes %d accounts not updated any more, last read on %s.", first)}
	}
	return []string{words.N(ctx, total.Old, "Includes %d account not updated any more, the one read longest ago on %s.",
		"Includes %d accounts not updated any more, the one read longest ago on %s.", first)}
}
