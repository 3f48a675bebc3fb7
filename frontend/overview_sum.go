package frontend

import (
	"context"
	"strings"

	"consentry/app/holding"
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
	return append(append(notes, standingNotes(ctx, total)...), agesWords(ctx, total.Ages)...)
}

// standingNotes say what is hidden from a sum, and for how many of its accounts another balance stands than one would expect.
func standingNotes(ctx context.Context, total holding.Total) []string {
	notes := hiddenWords(ctx, total.Hidden)
	if total.Unbooked > 0 {
		notes = append(notes, words.N(ctx, total.Unbooked, "For %d account a balance counts that is not of what is booked alone.", "For %d accounts a balance counts that is not of what is booked alone."))
	}
	if total.Wanted > 0 {
		notes = append(notes, words.N(ctx, total.Wanted, "For %d account the bank does not send the balance you chose, so another counts.", "For %d accounts the bank does not send the balance you chose, so another counts."))
	}
	return notes
}

// hiddenWords say how many accounts a figure leaves out since the person has hidden them.
func hiddenWords(ctx context.Context, hidden int) []string {
	if hidden == 0 {
		return nil
	}
	return []string{words.N(ctx, hidden, "Without %d hidden account.", "Without %d hidden accounts.")}
}
