package frontend

import (
	"context"
	"strings"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// balanceWords are the balance types of BG 1.3.12 section 14.12 in plain
// words. Another type is shown as it came.
var balanceWords = map[string]words.Text{
	"closingBooked":    "Booked, end of day",
	"expected":         "Expected",
	"openingBooked":    "Booked, start of day",
	"interimAvailable": "Available now",
	"interimBooked":    "Booked now",
	"forwardAvailable": "Available later",
	"nonInvoiced":      "Not invoiced yet",
	"authorised":       "Authorised",
}

func balanceWord(ctx context.Context, kind string) string {
	if word, ok := balanceWords[kind]; ok {
		return words.T(ctx, word)
	}
	if kind == "" {
		return words.T(ctx, "Balance (type not said)")
	}
	return kind
}

// balanceOf says which balance it is, and of which day where the bank says so.
func balanceOf(ctx context.Context, b storage.Balance) string {
	on := day(b.ReferenceDate)
	if on.IsZero() {
		return balanceWord(ctx, b.Type)
	}
	ago, date := ui.DaysSince(ctx, on), ui.DateWords(ctx, on)
	switch {
	case b.Type == "closingBooked" && ago == 1:
		return words.T(ctx, "Booked, end of yesterday")
	case b.Type == "closingBooked":
		return words.T(ctx, "Booked, end of %s", date)
	case b.Type == "openingBooked" && ago == 0:
		return words.T(ctx, "Booked, start of today")
	case b.Type == "openingBooked":
		return words.T(ctx, "Booked, start of %s", date)
	case ago == 0:
		return balanceWord(ctx, b.Type)
	case b.Type == "interimBooked":
		return words.T(ctx, "Booked, as of %s", date)
	case b.Type == "interimAvailable":
		return words.T(ctx, "Available, as of %s", date)
	}
	return words.T(ctx, "%s, %s", balanceWord(ctx, b.Type), date)
}

// standingOf says which balance stands for an account, and that it is not the one the person chose.
func standingOf(ctx context.Context, s holding.Standing) string {
	if s.Wanted != "" {
		return words.T(ctx, "%s, not “%s” as you chose", balanceOf(ctx, s.Balance), balanceWord(ctx, s.Wanted))
	}
	return balanceOf(ctx, s.Balance)
}

// standingWords say why a balance stands for an account.
var standingWords = map[holding.Why]words.Text{
	holding.ByChoice: "This balance stands for the account in lists and totals, as you chose.",
	holding.ByRule:   "This balance stands for the account in lists and totals: what is booked goes before what is expected or available, and now before an earlier day.",
	holding.Unbooked: "This balance stands for the account in lists and totals, since the bank sends none of what is booked alone.",
	holding.Alone:    "This balance stands for the account in lists and totals. The bank sends no other.",
}

// standingWhy says why a balance stands for an account, and what became of the one the person chose.
func standingWhy(ctx context.Context, s holding.Standing) (notes []string) {
	if s.Wanted != "" {
		notes = append(notes, words.T(ctx, "You chose “%s”. The bank does not send it at present, so another stands in its place.", balanceWord(ctx, s.Wanted)))
	}
	notes = append(notes, words.T(ctx, standingWords[s.Why]))
	if s.CreditLimitIncl {
		notes = append(notes, words.T(ctx, "The credit line is in it: not all of it is your own money."))
	}
	return notes
}

// apartWords say by what a balance differs from the one that stands for the account, and why, as far as it can be told.
func apartWords(ctx context.Context, d holding.Difference) (notes []string) {
	if d.By.Number == "" {
		return []string{words.T(ctx, "In another currency, so it is not compared.")}
	}
	if !nonzero(money(d.By)) {
		return []string{words.T(ctx, "The same amount.")}
	}
	notes = append(notes, words.T(ctx, "Differs by %s.", money(d.By).SignedText(ctx)))
	for _, part := range d.Made {
		notes = append(notes, apartBy(ctx, part))
	}
	switch {
	case d.Rest.Number == "" || !nonzero(money(d.Rest)):
	case len(d.Made) == 0:
		notes = append(notes, words.T(ctx, "The bank does not say why. Often it is what is pending or reserved and not listed."))
	default:
		notes = append(notes, words.T(ctx, "The bank does not say what the other %s is. Often it is what is pending or reserved and not listed.", money(d.Rest).SignedText(ctx)))
	}
	return notes
}

// apartBy say one thing that two balances differ by.
func apartBy(ctx context.Context, part holding.Part) string {
	amount := money(part.Amount)
	switch part.Kind {
	case holding.BookedBetween:
		return words.T(ctx, "Booked between their days: %s.", amount.SignedText(ctx))
	case holding.PendingAll:
		return words.N(ctx, part.Count, "%d pending transaction: %s.", "%d pending transactions: %s.", amount.SignedText(ctx))
	case holding.PendingOut:
		return words.N(ctx, part.Count, "%d pending transaction that goes out: %s.", "%d pending transactions that go out: %s.", amount.SignedText(ctx))
	case holding.LineIn:
		if part.Amount.Number == "" {
			return words.T(ctx, "A credit line is in it. The bank does not say how large.")
		}
		return words.T(ctx, "The credit line is in it: %s.", amount.SignedText(ctx))
	case holding.LineOut:
		if part.Amount.Number == "" {
			return words.T(ctx, "The credit line is not in it. The bank does not say how large that is.")
		}
		return words.T(ctx, "The credit line is not in it: %s.", amount.SignedText(ctx))
	}
	return words.T(ctx, "Days between them were not read, so not all of it can be told.")
}

// nonzero reports whether an amount is not nothing.
func nonzero(m ui.Money) bool { return strings.ContainsAny(m.Number, "123456789") }

// lineWords say in a list what a bank says of a credit line; empty where it says nothing of one.
func lineWords(ctx context.Context, account storage.Account) string {
	line, _ := holding.CreditLineOf(account)
	switch {
	case line.Limit != nil && line.Available != nil:
		return words.T(ctx, "Credit line %s, %s available", money(*line.Limit).Text(ctx), money(*line.Available).Text(ctx))
	case line.Limit != nil:
		return words.T(ctx, "Credit line %s", money(*line.Limit).Text(ctx))
	}
	return ""
}
