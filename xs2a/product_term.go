package xs2a

import (
	"encoding/json"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a/field"
)

// ProductPart is a part of what a bank says of a product.
type ProductPart string

// The parts, by their names at Bank of Georgia.
const (
	ProductDepositRates ProductPart = "depositRates"
	ProductLendingRates ProductPart = "lendingRates"
	ProductFees         ProductPart = "fees"
	ProductEligibility  ProductPart = "eligibility"
	ProductConstraints  ProductPart = "constraints"
	ProductFeatures     ProductPart = "features"
)

// ProductParts are all of them, in the order in which they are shown.
var ProductParts = []ProductPart{ProductDepositRates, ProductLendingRates, ProductFees, ProductEligibility, ProductConstraints, ProductFeatures}

// mostTerms bounds what is taken of one part of a product.
const mostTerms = 100

// ProductTerm is one thing a bank says of a product; what it does not say is empty.
type ProductTerm struct {
	Part       ProductPart
	Kind       string // a word such as FIXED, MIN_AGE or UPFRONT
	Name       string
	Value      string
	Info       string // in the bank's words
	Currency   string
	Percent    string // a rate or fee in hundredths: "21.3"
	Effective  string // the rate with all costs, the same way
	Calculated string // how often interest is, ISO 8601 as P1D
	Applied    string // how often it is paid or charged
	Due        string
	Repayment  string
	Purpose    string
	Tiers      []RateTier // for which it holds; none: for all
}

// RateTier is what a rate holds for: from so much to so much of a unit such as DAY.
type RateTier struct{ Name, Unit, Minimum, Maximum, Info string }

// wireTerm is a term of any part: their names do not overlap.
type wireTerm struct {
	FeatureType, ConstraintType, EligibilityType, FeeType, DepositRateType, LendingRateType text

	Name, AdditionalValue, AdditionalInfo, Currency text
	BalanceRate, Amount, Rate, ComparisonRate       text
	CalculationFrequency, ApplicationFrequency      text
	InterestPaymentDue, RepaymentType, LoanPurpose  text

	Tiers json.RawMessage
}

// decodeTerms reads the parts of a product, and reports whether all of them could be read.
func decodeTerms(raw json.RawMessage) (terms []ProductTerm, whole bool) {
	whole = true
	for _, part := range ProductParts {
		elements, err := listIn(raw, string(part))
		if err != nil || len(elements) > mostTerms {
			whole, elements = false, nil
		}
		for _, element := range elements {
			term, read := decodeTerm(part, element)
			if whole = whole && read; read {
				terms = append(terms, term)
			}
		}
	}
	return terms, whole
}

// listIn is a list within an object; none where the object has none.
func listIn(object json.RawMessage, name string) (elements []json.RawMessage, err error) {
	raw, err := member(object, name)
	if err != nil || raw == nil {
		return nil, err
	}
	return elements, json.Unmarshal(raw, &elements)
}

func decodeTerm(part ProductPart, raw json.RawMessage) (ProductTerm, bool) {
	var w wireTerm
	if json.Unmarshal(raw, &w) != nil {
		return ProductTerm{}, false
	}
	kind := map[ProductPart]text{
		ProductDepositRates: w.DepositRateType, ProductLendingRates: w.LendingRateType, ProductFees: w.FeeType,
		ProductEligibility: w.EligibilityType, ProductConstraints: w.ConstraintType, ProductFeatures: w.FeatureType,
	}[part]
	t := ProductTerm{
		Part: part, Kind: string(kind), Name: string(w.Name), Value: string(w.AdditionalValue), Info: string(w.AdditionalInfo), Currency: string(w.Currency),
		Calculated: string(w.CalculationFrequency), Applied: string(w.ApplicationFrequency), Due: string(w.InterestPaymentDue),
		Repayment: string(w.RepaymentType), Purpose: string(w.LoanPurpose),
	}
	rate, read := true, true
	if part == ProductFees {
		t.Percent, rate = percent(w.BalanceRate, 0)
		if t.Value == "" {
			t.Value = string(w.Amount)
		}
	} else {
		t.Percent, rate = percent(w.Rate, 2)
		t.Effective, read = effective(w.ComparisonRate)
	}
	tiers, known := decodeTiers(w.Tiers)
	t.Tiers = tiers
	return t, rate && read && known
}

func decodeTiers(raw json.RawMessage) (tiers []RateTier, read bool) {
	var all []struct{ Name, UnitOfMeasure, MinimumValue, MaximumValue, AdditionalInfo text }
	if len(raw) > 0 && json.Unmarshal(raw, &all) != nil || len(all) > mostTerms {
		return nil, false
	}
	for _, t := range all {
		tiers = append(tiers, RateTier{string(t.Name), string(t.UnitOfMeasure), string(t.MinimumValue), string(t.MaximumValue), string(t.AdditionalInfo)})
	}
	return tiers, true
}

// effective is the rate with all costs. The published example has the text "21.34" beside the rate 0.213, and
// numbers such as 0 beside deposits' own: what is over 1 is in hundredths already.
func effective(sent text) (string, bool) {
	number, err := field.Number(string(sent))
	if sent == "" || err != nil {
		return "", sent == ""
	}
	if d, _, err := apd.NewFromString(number); err != nil || d.Cmp(apd.New(1, 0)) > 0 {
		return number, err == nil
	}
	return percent(sent, 2)
}

// percent is a number with its point moved to the right by so many places: rates are parts of one at Bank of
// Georgia (0.213), fees hundredths (1.5).
func percent(sent text, places int32) (string, bool) {
	number, err := field.Number(string(sent))
	if sent == "" || err != nil {
		return "", sent == ""
	}
	d, _, err := apd.NewFromString(number)
	if err != nil {
		return "", false
	}
	d.Exponent += places
	moved, _ := new(apd.Decimal).Reduce(d)
	plain := moved.Text('f')
	return strings.TrimSuffix(plain, "."), true
}
