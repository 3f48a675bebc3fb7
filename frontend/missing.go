package frontend

import (
	"fmt"
	"slices"
	"strings"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
)

// unreadShown is how many of the entries that could not be read are shown.
const unreadShown = 10

// gapTitle says which days were not read.
func gapTitle(gap storage.Gap) string {
	if gap.From == gap.To {
		return dateWords(gap.From) + " was not read to its end."
	}
	return dateWords(gap.From) + " to " + dateWords(gap.To) + " were not read."
}

// gapReason says why days were not read, and what to do.
func gapReason(gap storage.Gap, renewable bool) string {
	switch gap.Reason {
	case storage.GapPeriod:
		return "The bank gives days this long ago only soon after an approval. " + approve(renewable) + " to fetch them."
	case storage.GapGone:
		return "The bank did not give them soon after your last approval either. They may be in its own records."
	case storage.GapPages:
		return "The bank sent more than Consentry takes in one fetch. " + approve(renewable) + " to try again."
	}
	if !renewable {
		return "The bank’s answers broke off before them. " + approve(renewable) + " to read them."
	}
	return "The bank’s answers broke off before them. The next fetch reads them."
}

// gapsReason says why days were not read, where one reason stands for all.
func gapsReason(gaps []storage.Gap, renewable bool) string {
	for _, gap := range gaps {
		if gap.Reason != gaps[0].Reason {
			return "Why stands where they are missing, among the transactions."
		}
	}
	return gapReason(gaps[0], renewable)
}

// approve names what leads to a new approval: a permission that has ended is not
// renewed, another is given.
func approve(renewable bool) string {
	if renewable {
		return "Renew the permission"
	}
	return "Give a new permission"
}

// wholly reports whether nothing is known of any month.
func wholly(months []app.Month) bool {
	return len(months) > 0 && !slices.ContainsFunc(months, func(month app.Month) bool { return !month.Unread })
}

// missingDays names the days of gaps, the first few of them.
func missingDays(gaps []storage.Gap) string {
	var spans []string
	for _, gap := range gaps {
		if len(spans) == 3 {
			spans = append(spans, "and more")
			break
		}
		span := dateWords(gap.From)
		if gap.To != gap.From {
			span += " to " + dateWords(gap.To)
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

var partWords = map[storage.Part]string{
	storage.PartAccount: "The account", storage.PartBalances: "Balances", storage.PartTransactions: "Transactions",
	storage.PartPending: "Transactions that are not booked yet",
}

// failures puts what could not be read of an account into words.
func (s *Server) failures(account storage.Account) []partFailure {
	var all []partFailure
	for _, f := range account.Failures {
		tone := ui.Warn
		if f.Part == storage.PartPending {
			tone = ui.Info
		}
		all = append(all, partFailure{
			AccountID: account.ID, Tone: tone, Account: accountName(account), ID: fmt.Sprintf("failed-%d-%s", account.ID, f.Part),
			Title: partWords[f.Part] + ": " + s.app.FailureWords(account.BankName, f), Detail: f.Detail,
		})
	}
	return all
}

// notGiven says that the person, asked for a part of an account, did not give
// it at the bank; empty where they gave it, or were not asked.
func notGiven(c *storage.Consent, part string, asked, covered bool) string {
	if c == nil || !asked || covered {
		return ""
	}
	return "You did not give " + part + " for this account at the bank."
}

func (view accountView) noBalances() string {
	return notGiven(view.Consent, "balances", view.Consent != nil && view.Consent.Asked.Access.Balances != nil, view.Covers.Balances)
}

func (view accountView) noTransactions() string {
	return notGiven(view.Consent, "transactions", view.Consent != nil && view.Consent.Asked.Access.Transactions != nil, view.Covers.Transactions)
}

// cut reports whether the course of the balance is shorter than its chart.
func (view accountView) cut() bool {
	_, known := app.MainBalance(view.Account)
	return known && len(view.Gaps) > 0 && len(view.History) < chartDays
}

// completeUntil says up to when all transactions are here, and that some are not.
func completeUntil(account storage.Account) string {
	until := dateWords(account.BookedTo)
	if until != "" && len(account.Gaps) > 0 {
		until += ", but not " + missingDays(account.Gaps)
	}
	return until
}

// monthsMissing says of which months the sums are not whole.
func monthsMissing(months []app.Month) string {
	var names []string
	for _, month := range months {
		if month.Missing {
			names = append(names, day(month.Month+"-01").Format("January"))
		}
	}
	if len(names) == 0 || wholly(months) {
		return ""
	}
	return "Not whole, since days were not read: " + strings.Join(names, ", ") + "."
}

// fetchError is why the last fetch did not come to an account at all; what could
// not be read of the account itself is said part by part.
func (view accountView) fetchError() string {
	if len(view.Failures) > 0 || view.FetchedAt.After(view.Consent.TriedAt) {
		return ""
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
func leftOutTitle(left storage.LeftOut) string {
	count := plural(left.Count, "entry the bank sent", "entries the bank sent")
	if left.Count >= storage.MostLeftOut {
		count = "At least " + count
	}
	return count + " could not be read."
}

// pendingAlone reports whether all that was not read is what is not booked yet.
func pendingAlone(failures []storage.Failure) bool {
	return len(failures) == 1 && failures[0].Part == storage.PartPending
}

// accountState is what is to be said of an account in lists.
func accountState(account storage.Account) (ui.Tone, string) {
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
