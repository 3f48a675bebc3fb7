package frontend

import (
	"context"
	"net/http"
	"slices"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// subscriptions shows the payments that seem to come regularly.
func (s *Server) subscriptions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	found, err := s.app.Holdings().Regular(ctx)
	if err != nil {
		return err
	}
	view := subscriptionsView{Paid: found.Of(storage.MoneyOut), Income: found.Of(storage.MoneyIn), More: found.More}
	if view.Accounts, err = s.app.Holdings().Accounts(ctx); err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(ctx, "Subscriptions"), Section: SectionAccounts}, subscriptionsScreen(view))
}

// cadenceWords say how often a payment comes.
var cadenceWords = map[holding.Cadence]words.Text{
	holding.Weekly: "Each week", holding.Fortnightly: "Every two weeks", holding.FourWeekly: "Every four weeks", holding.Monthly: "Each month",
	holding.TwoMonthly: "Every two months", holding.Quarterly: "Each quarter", holding.SemiAnnually: "Every six months", holding.Yearly: "Each year",
}

// due are those that are expected, or of which nobody knows whether they came.
func due(all []holding.Regular) []holding.Regular {
	return slices.DeleteFunc(slices.Clone(all), func(s holding.Regular) bool { return s.Stopped })
}

// stopped are those that did not come any more.
func stopped(all []holding.Regular) []holding.Regular {
	return slices.DeleteFunc(slices.Clone(all), func(s holding.Regular) bool { return !s.Stopped })
}

// regularText says how often a payment came, when it is expected, and what changed.
func regularText(ctx context.Context, s holding.Regular) string {
	return words.Row(ctx, regularFacts(ctx, s))
}

// note says the same, and of which account.
func (view subscriptionsView) note(ctx context.Context, s holding.Regular) string {
	parts := regularFacts(ctx, s)
	if at := slices.IndexFunc(view.Accounts, func(a storage.Account) bool { return a.ID == s.AccountID }); at >= 0 {
		parts = append(parts, accountName(ctx, view.Accounts[at]))
	}
	return words.Row(ctx, parts)
}

func regularFacts(ctx context.Context, s holding.Regular) []string {
	parts := []string{words.T(ctx, cadenceWords[s.Cadence]), words.N(ctx, s.Times, "%d time since %s", "%d times since %s", ui.DateWords(ctx, day(s.First)))}
	switch {
	case s.Stopped:
		parts = append(parts, words.T(ctx, "last on %s", ui.DateWords(ctx, day(s.Last))))
	case s.Late:
		parts = append(parts, words.T(ctx, "expected on %s, not seen yet", ui.DateWords(ctx, day(s.Next))))
	case s.Unknown:
		parts = append(parts, words.T(ctx, "expected around %s; the account was not read since", ui.DateWords(ctx, day(s.Next))))
	default:
		parts = append(parts, words.T(ctx, "next around %s", ui.DateWords(ctx, day(s.Next))))
	}
	if s.Varies() {
		parts = append(parts, words.T(ctx, "lately from %s to %s", money(s.Least).Text(ctx), money(s.Most).Spoken(ctx)))
	} else if s.Before != nil {
		parts = append(parts, words.T(ctx, "%s until %s", money(*s.Before).Spoken(ctx), ui.DateWords(ctx, day(s.Changed))))
	}
	return parts
}
