package frontend

import (
	"context"
	"strings"
	"time"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// sentence is what the bank will be asked, in one sentence.
func (view shareView) sentence(ctx context.Context) string {
	bank, what, accounts := view.bankName(), view.what(), view.accounts(ctx)
	if !view.Share.Recurring {
		return words.T(ctx, "Consentry will ask %s to show you %s of %s, once.", bank, what, accounts)
	}
	until := day(view.Share.ValidUntil)
	last, often := words.Date(ctx, until, "2 January 2006"), view.howOften(ctx)
	switch {
	case until.IsZero() && often == "":
		return words.T(ctx, "Consentry will ask %s to show you %s of %s.", bank, what, accounts)
	case until.IsZero():
		return words.T(ctx, "Consentry will ask %s to show you %s of %s, %s.", bank, what, accounts, often)
	case often == "":
		return words.T(ctx, "Consentry will ask %s to show you %s of %s until %s.", bank, what, accounts, last)
	}
	return words.T(ctx, "Consentry will ask %s to show you %s of %s until %s, %s.", bank, what, accounts, last, often)
}

// howOften is how often a lasting consent may be used; empty where no number
// was given.
func (view shareView) howOften(ctx context.Context) string {
	if view.Share.FrequencyPerDay <= 0 {
		return ""
	}
	return words.N(ctx, view.Share.FrequencyPerDay, "whenever you are here and automatically up to %d time a day", "whenever you are here and automatically up to %d times a day")
}

func (view shareView) what() words.Text {
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
		return words.T(ctx, "your accounts there")
	}
	var masked []string
	for _, number := range view.Share.IBANs {
		masked = append(masked, strings.ReplaceAll(ui.MaskIBAN(ctx, number), " ", "\u00a0")) // not to be broken
	}
	return words.N(ctx, len(masked), "%d account (%s)", "%d accounts (%s)", words.Row(ctx, masked))
}

// endingTitle and endingWords say before anything is asked what becomes of the
// consents there are. A bank ends the former lasting one of a person when a
// new one is authorised (BG 1.3.12 section 6.3).
func (view shareView) endingTitle(ctx context.Context) string {
	return words.N(ctx, len(view.Endings), "Your present consent works until you approve the new one.",
		"Your present consents work until you approve the new one.")
}

func (view shareView) endingWords(ctx context.Context) string {
	return sentences(view.endsWords(ctx), words.T(ctx, "Your accounts stay the same accounts, with all that was read before; one that the new consent does not give is not updated any more."))
}

// endsWords names what ends by the days on which it was given.
func (view shareView) endsWords(ctx context.Context) string {
	days := make([]string, len(view.Endings))
	for i, c := range view.Endings {
		days[i] = ui.DateWords(ctx, givenOn(c))
	}
	given := words.List(ctx, days)
	if view.Renewed == nil {
		return words.N(ctx, len(days), "Then the one given on %[2]s ends, if you approve as the same person: the new one takes its place.",
			"Then those given on %[2]s end, if you approve as the same person: the new one takes its place.", given)
	}
	return words.N(ctx, len(days), "Then the one given on %[2]s ends: the new one takes its place.",
		"Then those given on %[2]s end: the new one takes its place.", given)
}

// givenOn is when a consent was granted, or asked for where it was not yet.
func givenOn(c storage.Consent) time.Time {
	if c.GrantedAt.IsZero() {
		return c.CreatedAt
	}
	return c.GrantedAt
}

// usualPurpose is what most people link a bank for. It stands in the form, and
// is kept as nothing: so it is said in the language of whoever reads it.
const usualPurpose words.Text = "See all my accounts in one place"

// purposeWords says what a consent is given for: in the person's own words where
// there are some.
func purposeWords(ctx context.Context, own string) string {
	if own == "" {
		return words.T(ctx, usualPurpose)
	}
	return own
}
