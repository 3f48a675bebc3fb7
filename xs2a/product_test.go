package xs2a

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// TestProductPages reads a catalogue in the forms such lists have: the
// published description shows none.
func TestProductPages(t *testing.T) {
	const one = `{"name":"Deposit","productCategory":"TERM_DEPOSITS","depositRates":[]}`
	full := "[" + strings.Repeat(one+",", usualSize-1) + one + "]"
	for name, test := range map[string]struct {
		body  string
		count int
		more  bool
	}{
		"bare":                       {"[" + one + "]", 1, false},
		"bare and full":              {full, usualSize, true},
		"in an envelope":             {`{"products":[` + one + `],"_links":{"next":{"href":"/x?page=1"}}}`, 1, true},
		"full, the last by its link": {`{"data":` + full + `,"_links":{"next":{"href":null}}}`, usualSize, false},
		"other names":                {`{"content":[{"productName":"Deposit","category":"TERM_DEPOSITS"}]}`, 1, false},
		"empty":                      {`{"products":[]}`, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := sends(t, http.StatusOK, test.body).Products(t.Context(), Call{}, ProductQuery{Locale: "en"})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Products) != test.count || page.More != test.more {
				t.Errorf("%d products, more: %v", len(page.Products), page.More)
			}
			for _, p := range page.Products {
				if p.Name != "Deposit" || p.Category != "TERM_DEPOSITS" || len(p.Raw) == 0 {
					t.Errorf("got %+v", p)
				}
			}
		})
	}
}

// TestProductTerms reads what the published example says of a loan and a deposit, and tells where
// something cannot be read.
func TestProductTerms(t *testing.T) {
	loan := `{"productId":"7b","name":"Car","productCategory":"PERS_LOANS","isTailored":true,"effectiveFrom":"2022-04-20T15:38:27.791+04:00",
		"features":[{"featureType":"OTHER","additionalValue":null,"additionalInfo":"Simple"}],"constraints":[{"constraintType":"MIN_LIMIT","additionalValue":"2000.00"}],
		"eligibility":[{"eligibilityType":"MAX_AGE","additionalValue":13,"additionalInfo":"Of the car"}],"fees":[{"name":"Opening","feeType":"UPFRONT","balanceRate":1.5,"currency":"GEL"}],
		"lendingRates":[{"lendingRateType":"FIXED","rate":0.213,"comparisonRate":"21.34","calculationFrequency":"P1D"}]}`
	deposit := `{"productId":"0b","name":"Deposit","depositRates":[{"depositRateType":"FIXED","rate":0.045,"comparisonRate":0.045,"tiers":[{"name":null,"unitOfMeasure":"DAY","minimumValue":90,"maximumValue":179}]}]}`
	odd := `{"productId":"o","name":"Odd","fees":"none","lendingRates":[{"rate":"a lot"}],"eligibility":[7,{"eligibilityType":"MIN_AGE"}]}`
	page, err := sends(t, http.StatusOK, `{"products":[`+loan+","+deposit+","+odd+`]}`).Products(t.Context(), Call{}, ProductQuery{Locale: "en"})
	if err != nil || len(page.Products) != 3 {
		t.Fatalf("%d products, %v", len(page.Products), err)
	}
	for i, want := range [][]ProductTerm{
		{
			{Part: ProductLendingRates, Kind: "FIXED", Percent: "21.3", Effective: "21.34", Calculated: "P1D"},
			{Part: ProductFees, Kind: "UPFRONT", Name: "Opening", Percent: "1.5", Currency: "GEL"},
			{Part: ProductEligibility, Kind: "MAX_AGE", Value: "13", Info: "Of the car"},
			{Part: ProductConstraints, Kind: "MIN_LIMIT", Value: "2000.00"},
			{Part: ProductFeatures, Kind: "OTHER", Info: "Simple"},
		},
		{{Part: ProductDepositRates, Kind: "FIXED", Percent: "4.5", Effective: "4.5", Tiers: []RateTier{{Unit: "DAY", Minimum: "90", Maximum: "179"}}}},
		{{Part: ProductEligibility, Kind: "MIN_AGE"}},
	} {
		if got := page.Products[i]; !reflect.DeepEqual(got.Terms, want) || got.Unread != (i == 2) {
			t.Errorf("%s: %+v, not all read: %v", got.Name, got.Terms, got.Unread)
		}
	}
	if page.Products[0].ID != "7b" || page.Products[0].Tailored != "true" {
		t.Errorf("%+v", page.Products[0])
	}
}
