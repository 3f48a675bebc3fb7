package frontend

import (
	"context"
	"strings"
	"time"

	"consentry/frontend/ui"
	"consentry/storage"
)

// sentence is what the bank will be asked, in one sentence.
func (view shareView) sentence(ctx context.Context) string {
	var words strings.Builder
	words.WriteString("Consentry will ask " + view.bankName() + " to show you " + view.what() + " of " + view.accounts(ctx))
	if !view.Share.Recurring {
		words.WriteString(", once.")
		return words.String()
	}
	if until := day(view.Share.ValidUntil); !until.IsZero() {
		words.WriteString(" until " + until.Format("2 January 2006"))
	}
	if n := view.Share.FrequencyPerDay; n > 0 {
		words.WriteString(", whenever you are here and up to " + plural(n, "time", "times") + " a day without you")
	}
	return words.String() + "."
}

func (view shareView) what() string {
	switch share := view.Share; {
	case share.Balances && share.Transactions:
		return "the balances and transactions"
	case share.Balances:
		return "the balances"
	case share.Transactions:
		return "the transactions"
	}
	return "the names and numbers, nothing else,"
}

func (view shareView) accounts(ctx context.Context) string {
	if !view.Named || len(view.Share.IBANs) == 0 {
		return "your accounts there"
	}
	var masked []string
	for _, number := range view.Share.IBANs {
		masked = append(masked, strings.ReplaceAll(ui.MaskIBAN(ctx, number), " ", "\u00a0")) // not to be broken
	}
	return plural(len(masked), "account", "accounts") + " (" + strings.Join(masked, ", ") + ")"
}

// endingTitle and endingWords say before anything is asked what becomes of the
// permissions there are. A bank ends the former lasting one of a person when a
// new one is authorised (BG 1.3.12 section 6.3).
func (view shareView) endingTitle() string {
	if len(view.Endings) == 1 {
		return "Your present permission works until you approve the new one."
	}
	return "Your present permissions work until you approve the new one."
}

func (view shareView) endingWords() string {
	days := make([]string, len(view.Endings))
	for i, c := range view.Endings {
		days[i] = ui.DateText(givenOn(c))
	}
	ends := "Then the one given on " + days[0] + " ends"
	if last := len(days) - 1; last > 0 {
		ends = "Then those given on " + strings.Join(days[:last], ", ") + " and " + days[last] + " end"
	}
	if view.Renewed == nil {
		ends += ", if you approve as the same person"
	}
	return ends + ": the new one takes its place. Your accounts stay the same accounts, with all that was read before."
}

// givenOn is when a consent was granted, or asked for where it was not yet.
func givenOn(c storage.Consent) time.Time {
	if c.GrantedAt.IsZero() {
		return c.CreatedAt
	}
	return c.GrantedAt
}
