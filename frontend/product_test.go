package frontend

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"consentry/xs2a"
)

// exampleProducts are a deposit and a loan, with words that are to do harm.
func exampleProducts() []xs2a.Product {
	return []xs2a.Product{
		{ID: "p1", Name: "Deposit", Category: "TERM_DEPOSITS", Since: "2025-04-01T00:00:00.000+04:00", Tailored: "false", Raw: json.RawMessage(`{}`), Terms: []xs2a.ProductTerm{
			{Part: xs2a.ProductDepositRates, Kind: "FIXED", Percent: "2.1", Effective: "2.1", Tiers: []xs2a.RateTier{{Unit: "DAY", Minimum: "90", Maximum: "179", Info: georgian}}},
			{Part: xs2a.ProductConstraints, Kind: "OPENING_BALANCE", Value: "500"},
			{Part: xs2a.ProductEligibility, Kind: "MIN_AGE", Value: "18", Info: "You have to be of age"},
		}},
		{ID: "p/2", Name: hostile, Description: hostile, Category: "PERS_LOANS", Brand: arabic, Unread: true, Raw: json.RawMessage(`{}`), Terms: []xs2a.ProductTerm{
			{Part: xs2a.ProductLendingRates, Kind: "FIXED", Percent: "21.3", Effective: "21.34", Calculated: "P1D", Applied: "P1M", Due: "IN_ARREARS", Repayment: "PRINCIPAL_AND_INTEREST", Purpose: hostile},
			{Part: xs2a.ProductFees, Kind: "UPFRONT", Name: "For opening", Percent: "1.5", Currency: "GEL"},
			{Part: xs2a.ProductFees, Kind: hostile, Name: hostile, Value: hostile},
			{Part: xs2a.ProductEligibility, Kind: "MIN_AGE", Value: "18", Info: "You have to be of age"},
		}},
	}
}

func exampleCompared(ctx context.Context, products []xs2a.Product) comparedView {
	view := comparedView{List: productsView{Query: xs2a.ProductQuery{Locale: "en"}}, Products: products, Lines: productLines(ctx, products)}
	view.List.Bank.EnvironmentID, view.List.Bank.BIC, view.List.Bank.Name = "sandbox", "mtkvari", "Mtkvari Bank"
	for _, product := range products {
		view.List.Chosen = append(view.List.Chosen, product.ID)
	}
	return view
}

// What products say otherwise is marked, and what they say alike is not.
func TestProductsDiffer(t *testing.T) {
	differ := map[string]bool{}
	for _, line := range productLines(t.Context(), exampleProducts()) {
		differ[partTitle(t.Context(), line.Part)+": "+line.Label] = line.Differ()
	}
	for line, want := range map[string]bool{"About it: Category": true, "Whom it is for: Age from": false, "Fees: When it begins": true, "Interest you get: Rate, fixed": true} {
		if got, there := differ[line]; !there || got != want {
			t.Errorf("%s differs: %v, there: %v", line, got, there)
		}
	}
	one := exampleProducts()[:1]
	if slices.ContainsFunc(productLines(t.Context(), append(one, one[0])), productLine.Differ) {
		t.Error("a product differs from itself")
	}
}
