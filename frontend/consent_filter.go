package frontend

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// consentFilter is what the list can be narrowed to: only what occurs in it.
type consentFilter struct {
	Banks, Environments, Accounts []ui.Option
}

// consentOrders are the orders of the list.
var consentOrders = []struct {
	Sort app.ConsentSort
	Word words.Text
}{
	{app.ByNeed, "What is due first"},
	{app.ByEnd, "Last day"},
	{app.ByBank, "Bank"},
	{app.Newest, "Newest first"},
	{app.LastRead, "Last read"},
}

// consentFilter collects the choices. It goes through all accounts, so it is
// asked for only by those who open the filter.
func (s *Server) consentFilter(ctx context.Context) (*consentFilter, error) {
	banks, err := s.app.ConsentedBanks(ctx)
	if err != nil {
		return nil, err
	}
	environments, err := s.app.Banks().Environments(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := s.app.Holdings().Accounts(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, environment := range environments {
		names[environment.ID] = environmentName(ctx, environment.Name)
	}
	f := &consentFilter{}
	for _, bank := range banks {
		f.Banks = append(f.Banks, ui.Option{Value: bank.BIC, Label: bank.Name})
		f.Environments = append(f.Environments, ui.Option{Value: bank.EnvironmentID, Label: names[bank.EnvironmentID]})
	}
	for _, account := range accounts {
		f.Accounts = append(f.Accounts, ui.Option{Value: strconv.FormatInt(account.ID, 10), Label: accountChoice(ctx, account)})
	}
	f.Banks, f.Environments, f.Accounts = distinct(ctx, f.Banks), distinct(ctx, f.Environments), distinct(ctx, f.Accounts)
	return f, nil
}

func accountChoice(ctx context.Context, account storage.Account) string {
	parts := []string{accountName(ctx, account)}
	if number := accountNumber(account); number != "" {
		parts = append(parts, ui.MaskIBAN(ctx, number))
	}
	return words.Row(ctx, append(parts, account.BankName))
}

// distinct sorts options by label, as the reader's language does, and leaves each value once.
func distinct(ctx context.Context, options []ui.Option) []ui.Option {
	slices.SortStableFunc(options, func(a, b ui.Option) int { return strings.Compare(a.Value, b.Value) })
	options = slices.CompactFunc(options, func(a, b ui.Option) bool { return a.Value == b.Value })
	order := words.Order(ctx)
	slices.SortStableFunc(options, func(a, b ui.Option) int { return order(a.Label, b.Label) })
	return options
}

// choose puts the answer "all" first and marks the one chosen.
func choose(options []ui.Option, all, chosen string) []ui.Option {
	choices := append([]ui.Option{{Label: all}}, options...)
	for i := range choices {
		choices[i].Chosen = choices[i].Value == chosen
	}
	return choices
}

func (view consentsView) orders(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, order := range consentOrders {
		options = append(options, ui.Option{Value: string(order.Sort), Label: words.T(ctx, order.Word), Chosen: order.Sort == view.Query.Sort})
	}
	return options
}

// account is the chosen account as it stands in a form.
func (view consentsView) account() string {
	if view.Query.AccountID == 0 {
		return ""
	}
	return strconv.FormatInt(view.Query.AccountID, 10)
}
