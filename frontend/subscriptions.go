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
	var view subscriptionsView
	var err error
	if view.Paid, view.More, err = s.app.Holdings().Subscriptions(ctx, storage.MoneyOut); err != nil {
		return err
	}
	more := false
	if view.Income, more, err = s.app.Holdings().Subscriptions(ctx, storage.MoneyIn); err != nil {
		return err
	}
	view.More = view.More || more
	if view.Accounts, err = s.app.Holdings().Accounts(ctx); err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(ctx, "Subscriptions"), Section: SectionAccounts}, subscriptionsScreen(view))
}

// cadenceWords say how often a payment comes.
var cadenceWords = map[holding.Cadence]words.Text{
	holding.Weekly: "Each week", holding.Monthly: "Each month", holding.Quarterly: "Each quarter", holding.Yearly: "Each year",
}

// due are those that are expected, or of which nobody knows whether they came.
func due(all []holding.Subscription) []holding.Subscription {
	return slices.DeleteFunc(slices.Clone(all), func(s holding.Subscription) bool { return s.Stopped })
}

// stopped are those that did not come any more.
func stopped(all []holding.Subscription) []holding.Subscription {
	return slices.DeleteFunc(slices.Clone(all), func(s holding.Subscription) bool { return !s.Stopped })
}

// note says how often a payment came, when it is expected, and what changed.
func (view subscriptionsView) note(ctx context.Context, s holding.Subscription) string {
	parts := []string{words.T(ctx, cadenceWords[s.Cadence]), words.N(ctx, s.Times, "%d time since %s", "%d times since %s", ui.DateWords(ctx, day(s.First)))}
	switch {
	case s.Stopped:
		parts = append(parts, words.T(ctx, "last on %s", ui.DateWords(ctx, day(s.Last))))
	case s.Unknown:
		parts = append(parts, words.T(ctx, "expected around %s; the account was not read since", ui.DateWords(ctx, day(s.Next))))
	default:
		parts = append(parts, words.T(ctx, "next around %s", ui.DateWords(ctx, day(s.Next))))
	}
	if s.Before != nil {
		parts = append(parts, words.T(ctx, "%s until %s", money(*s.Before).Spoken(ctx), ui.DateWords(ctx, day(s.Changed))))
	}
	if at := slices.IndexFunc(view.Accounts, func(a storage.Account) bool { return a.ID == s.AccountID }); at >= 0 {
		parts = append(parts, accountName(ctx, view.Accounts[at]))
	}
	return words.Row(ctx, parts)
}
