package frontend

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// unreadShown is how many of the transactions that could not be read are shown.
const unreadShown = 10

// gapTitle says which days were not read.
func gapTitle(ctx context.Context, gap storage.Gap) string {
	if gap.From == gap.To {
		return words.T(ctx, "%s was not read to its end.", dateWords(ctx, gap.From))
	}
	return words.T(ctx, "%s to %s were not read.", dateWords(ctx, gap.From), dateWords(ctx, gap.To))
}

// gapReasons say why days were not read, and what to do. A consent that has
// ended is not renewed, another is given.
var gapReasons = map[storage.GapReason]struct{ renewable, ended words.Text }{
	storage.GapPeriod: {
		"The bank gives days this long ago only soon after an approval. Renew the consent to fetch them.",
		"The bank gives days this long ago only soon after an approval. Give a new consent to fetch them.",
	},
	storage.GapGone: {daysGone, daysGone},
	storage.GapPages: {
		"The bank sent more than Consentry takes in one fetch. Renew the consent to try again.",
		"The bank sent more than Consentry takes in one fetch. Give a new consent to try again.",
	},
	storage.GapStopped: {
		"The bank’s answers broke off before them. The next fetch reads them.",
		"The bank’s answers broke off before them. Give a new consent to read them.",
	},
}

// daysGone is said of days no approval brings back.
const daysGone words.Text = "The bank did not give them soon after your last approval either. They may be in its own records."

// gapReason says why days were not read, and what to do.
func gapReason(gap storage.Gap, renewable bool) words.Text {
	reason, known := gapReasons[gap.Reason]
	if !known {
		reason = gapReasons[storage.GapStopped]
	}
	if renewable {
		return reason.renewable
	}
	return reason.ended
}

// gapsReason says why days were not read, where one reason stands for all.
func gapsReason(gaps []storage.Gap, renewable bool) words.Text {
	for _, gap := range gaps {
		if gap.Reason != gaps[0].Reason {
			return "Why stands where they are missing, among the transactions."
		}
	}
	return gapReason(gaps[0], renewable)
}

// wholly reports whether nothing is known of any month.
func wholly(months []holding.Month) bool {
	return len(months) > 0 && !slices.ContainsFunc(months, func(month holding.Month) bool { return !month.Unread })
}

// missingDays names the days of gaps, the first few of them.
func missingDays(ctx context.Context, gaps []storage.Gap) string {
	var spans []string
	for _, gap := range gaps {
		if len(spans) == 3 {
			spans = append(spans, words.T(ctx, "and more"))
			break
		}
		span := dateWords(ctx, gap.From)
		if gap.To != gap.From {
			span = words.T(ctx, "%s to %s", span, dateWords(ctx, gap.To))
		}
		spans = append(spans, span)
	}
	return strings.Join(spans, ", ")
}

// afterApproval are the gaps of accounts that only a new approval may fill, each
// stretch of days once.
func afterApproval(accounts []storage.Account) []storage.Gap {
	var gaps []storage.Gap
	seen := map[storage.Span]bool{}
	for _, account := range accounts {
		for _, gap := range account.Gaps {
			if gap.AfterApproval() && gap.Reason != storage.GapGone && !seen[gap.Span] {
				seen[gap.Span] = true
				gaps = append(gaps, gap)
			}
		}
	}
	return gaps
}

// partFailure is why a part of an account could not be read, in words.
type partFailure struct {
	AccountID         int64
	Account           string // its name
	Tone              ui.Tone
	ID, Title, Detail string
}

// partWords name the parts of an account that are read.
var partWords = map[storage.Part]words.Text{
	storage.PartAccount: "The account", storage.PartBalances: "Balances", storage.PartTransactions: "Transactions",
	storage.PartPending: "Transactions that are not booked yet",
}

// failures puts what could not be read of an account into words.
func (s *Server) failures(ctx context.Context, account storage.Account) []partFailure {
	var all []partFailure
	for _, f := range account.Failures {
		tone := ui.Warn
		if f.Part == storage.PartPending {
			tone = ui.Info
		}
		all = append(all, partFailure{
			AccountID: account.ID, Tone: tone, Account: accountName(ctx, account), ID: fmt.Sprintf("failed-%d-%s", account.ID, f.Part),
			Title: words.T(ctx, "%s: %s", partWords[f.Part], reasonWords(ctx, failure.OfPart(account.BankName, f))), Detail: f.Detail,
		})
	}
	return all
}

// noBalances says that the person, asked for the balances of an account, did not
// give them at the bank; empty where they gave them, or were not asked.
func (view accountView) noBalances() words.Text {
	if view.Consent == nil || view.Consent.Asked.Access.Balances == nil || view.Covers.Balances {
		return ""
	}
	return "You did not give balances for this account at the bank."
}

// noTransactions says the same of transactions.
func (view accountView) noTransactions() words.Text {
	if view.Consent == nil || view.Consent.Asked.Access.Transactions == nil || view.Covers.Transactions {
		return ""
	}
	return "You did not give transactions for this account at the bank."
}

// cut reports whether the course of the balance is shorter than its chart.
func (view accountView) cut() bool {
	_, known := holding.MainBalance(view.Account)
	return known && len(view.Gaps) > 0 && len(view.History) < chartDays
}

// completeUntil says up to when all transactions are here, and that some are not.
func completeUntil(ctx context.Context, account storage.Account) string {
	until := dateWords(ctx, account.BookedTo)
	if account.BookedTo != "" && len(account.Gaps) > 0 {
		return words.T(ctx, "%s, but not %s", until, missingDays(ctx, account.Gaps))
	}
	return until
}

// monthsMissing says of which months the sums are not whole.
func monthsMissing(ctx context.Context, months []holding.Month) string {
	var names []string
	for _, month := range months {
		if month.Missing {
			names = append(names, words.Date(ctx, day(month.Month+"-01"), "January"))
		}
	}
	if len(names) == 0 || wholly(months) {
		return ""
	}
	return words.T(ctx, "Not whole, since days were not read: %s.", strings.Join(names, ", "))
}

// fetchError is why the last fetch did not come to an account at all; what could
// not be read of the account itself is said part by part.
func (view accountView) fetchError() storage.Reason {
	if len(view.Failures) > 0 || view.FetchedAt.After(view.Consent.TriedAt) {
		return storage.Reason{}
	}
	return view.Consent.FetchError
}

// gapsAbove are the gaps to show above a day of the list, which begins below
// another; below the last day, those that are left.
func (view accountView) gapsAbove(date, last string) []storage.Gap {
	var gaps []storage.Gap
	for _, gap := range view.Gaps {
		if gap.To >= date && (last == "" || gap.To < last) {
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

// leftOutTitle counts what could not be read.
func leftOutTitle(ctx context.Context, left storage.LeftOut) string {
	if left.Count >= storage.MostLeftOut {
		return words.N(ctx, left.Count, "At least %d entry the bank sent could not be read.", "At least %d entries the bank sent could not be read.")
	}
	return words.N(ctx, left.Count, "%d entry the bank sent could not be read.", "%d entries the bank sent could not be read.")
}

// pendingAlone reports whether all that was not read is what is not booked yet.
func pendingAlone(failures []storage.Failure) bool {
	return len(failures) == 1 && failures[0].Part == storage.PartPending
}

// accountState is what is to be said of an account in lists.
func accountState(account storage.Account) (ui.Tone, words.Text) {
	switch {
	case pendingAlone(account.Failures):
		return ui.Neutral, "Pending not read"
	case len(account.Failures) > 0:
		return ui.Warn, "Not read in full"
	case len(account.Gaps) > 0:
		return ui.Warn, "Days missing"
	case account.LeftOut.Count > 0:
		return ui.Warn, "Entries left out"
	}
	return "", ""
}
