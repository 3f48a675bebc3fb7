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

// oldWords say how many accounts of a sum are not updated any more, and how many are to
// be and were not of late, each with since when.
func oldWords(ctx context.Context, total holding.Total) []string {
	var notes []string
	if old := total.Old; old.Accounts > 0 && old.Since.IsZero() {
		notes = append(notes, words.N(ctx, old.Accounts, "Includes %d account not updated any more, never read in full.",
			"Includes %d accounts not updated any more, not all of them read in full."))
	} else if old.Accounts > 0 && old.Since.Format(time.DateOnly) == old.Last.Format(time.DateOnly) {
		notes = append(notes, words.N(ctx, old.Accounts, "Includes %d account not updated any more, last read on %s.",
			"Includes %d accounts not updated any more, last read on %s.", ui.DateWords(ctx, old.Since)))
	} else if old.Accounts > 0 {
		notes = append(notes, words.N(ctx, old.Accounts, "Includes %d account not updated any more, the one read longest ago on %s.",
			"Includes %d accounts not updated any more, the one read longest ago on %s.", ui.DateWords(ctx, old.Since)))
	}
	if late := total.Late; late.Accounts > 0 && late.Since.IsZero() {
		notes = append(notes, words.N(ctx, late.Accounts, "Includes %d account not read in full.", "Includes %d accounts not read in full."))
	} else if late.Accounts > 0 {
		notes = append(notes, words.N(ctx, late.Accounts, "Includes %d account not updated since %s.",
			"Includes %d accounts not updated of late, the first since %s.", ui.DateWords(ctx, late.Since)))
	}
	return notes
}
