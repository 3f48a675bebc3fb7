package frontend

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"consentry/frontend/words"
	"consentry/xs2a"
)

// productLine is one property of one or several products: what each of them says of it.
type productLine struct {
	Part   xs2a.ProductPart // empty: of the product itself
	Label  string
	Values [][]string // of each product; none: it does not say
	Bank   bool       // they are in the bank's words, and its language
}

// Differ reports whether the products do not all say the same of it.
func (line productLine) Differ() bool {
	return slices.ContainsFunc(line.Values, func(values []string) bool { return !slices.Equal(values, line.Values[0]) })
}

// productLines are the properties of products, those of one part together.
func productLines(ctx context.Context, products []xs2a.Product) []productLine {
	t := productTable{ctx: ctx, products: products, at: map[string]int{}}
	for i, product := range products {
		t.say(i, "", words.T(ctx, "Category"), categoryWords(ctx, product.Category), false)
		t.say(i, "", words.T(ctx, "What it is"), product.Description, true)
		t.say(i, "", words.T(ctx, "Brand"), product.Brand, true)
		since, _, _ := strings.Cut(product.Since, "T")
		t.say(i, "", words.T(ctx, "Offered since"), dateWords(ctx, since), false)
		t.say(i, "", words.T(ctx, "Made to measure"), yesOrNo(ctx, product.Tailored), false)
		for _, term := range product.Terms {
			t.term(i, term)
		}
	}
	slices.SortStableFunc(t.lines, func(a, b productLine) int {
		return cmp.Compare(slices.Index(xs2a.ProductParts, a.Part), slices.Index(xs2a.ProductParts, b.Part))
	})
	return t.lines
}

// productTable puts the properties of products side by side.
type productTable struct {
	ctx      context.Context
	products []xs2a.Product
	lines    []productLine
	at       map[string]int // of lines, by part and label
}

// say adds what a product says of a property.
func (t *productTable) say(product int, part xs2a.ProductPart, label, value string, bank bool) {
	if value == "" {
		return
	}
	key := string(part) + " " + label
	at, there := t.at[key]
	if !there {
		at = len(t.lines)
		t.at[key] = at
		t.lines = append(t.lines, productLine{Part: part, Label: label, Values: make([][]string, len(t.products)), Bank: bank})
	}
	t.lines[at].Values[product] = append(t.lines[at].Values[product], value)
}

// term adds a term of a product.
func (t *productTable) term(i int, term xs2a.ProductTerm) {
	ctx := t.ctx
	switch term.Part {
	case xs2a.ProductDepositRates, xs2a.ProductLendingRates:
		kind := rateKind(ctx, term.Kind)
		t.say(i, term.Part, words.T(ctx, "Rate, %s", kind), t.rate(term), false)
		t.say(i, term.Part, words.T(ctx, "Rate with all costs, %s", kind), percentWords(ctx, term.Effective), false)
		t.say(i, term.Part, words.T(ctx, "Interest is added"), periodWords(ctx, term.Calculated), false)
		t.say(i, term.Part, words.T(ctx, "It is paid"), periodWords(ctx, term.Applied), false)
		t.say(i, term.Part, words.T(ctx, "Due"), termWord(ctx, term.Due), false)
		t.say(i, term.Part, words.T(ctx, "Repayment"), termWord(ctx, term.Repayment), false)
		t.say(i, term.Part, words.T(ctx, "Purpose"), termWord(ctx, term.Purpose), false)
		t.say(i, term.Part, words.T(ctx, "In the bank’s words"), term.Info, true)
	case xs2a.ProductFees:
		fee := cmp.Or(percentWords(ctx, term.Percent), term.Value)
		t.say(i, term.Part, termWord(ctx, term.Kind), joined(": ", term.Name, joined(", ", fee, term.Currency)), true)
	default:
		t.say(i, term.Part, termWord(ctx, term.Kind), joined(": ", cmp.Or(term.Info, term.Name), term.Value), true)
	}
}

// rate is a rate with what it holds for.
func (t *productTable) rate(term xs2a.ProductTerm) string {
	rate := percentWords(t.ctx, term.Percent)
	var tiers []string
	for _, tier := range term.Tiers {
		tiers = append(tiers, joined(", ", tier.Name, tierWords(t.ctx, tier), tier.Info))
	}
	return joined(": ", rate, strings.Join(tiers, "; "))
}

func tierWords(ctx context.Context, tier xs2a.RateTier) string {
	unit := termWord(ctx, tier.Unit)
	if tier.Unit == "DAY" {
		unit = words.T(ctx, "days")
	}
	switch {
	case tier.Minimum != "" && tier.Maximum != "":
		return words.T(ctx, "%s to %s %s", tier.Minimum, tier.Maximum, unit)
	case tier.Minimum != "":
		return words.T(ctx, "from %s %s", tier.Minimum, unit)
	case tier.Maximum != "":
		return words.T(ctx, "up to %s %s", tier.Maximum, unit)
	}
	return ""
}

// percentWords is a rate in hundredths; empty where none was said.
func percentWords(ctx context.Context, number string) string {
	if number == "" {
		return ""
	}
	return words.T(ctx, "%s %%", number)
}

// termWords name what banks say by a word of their interface. Another is shown as it came.
var termWords = map[string]words.Text{
	"FIXED": "fixed", "VARIABLE": "variable", "INTRODUCTORY": "at first",
	"UPFRONT": "When it begins", "PERIODIC": "From time to time", "WITHDRAWAL": "For taking out money", "EVENT": "On an occasion",
	"EARLY_EXIT": "For ending it early", "DEPOSIT": "For paying in", "TRANSACTION": "For each transaction", "EXIT": "When it ends",
	"MIN_AGE": "Age from", "MAX_AGE": "Age up to", "RESIDENCY_STATUS": "Where you live", "BUSINESS": "For a business", "MIN_INCOME": "Income from",
	"EMPLOYMENT_STATUS": "Work", "STUDENT": "For students", "NATURAL_PERSON": "For persons", "PENSION_RECIPIENT": "For pensioners", "STAFF": "For its staff",
	"MIN_LIMIT": "Limit from", "MAX_LIMIT": "Limit up to", "OPENING_BALANCE": "To open it", "MIN_BALANCE": "Balance from", "MAX_BALANCE": "Balance up to",
	"DIGITAL_OPENING": "Opening", "INTEREST_FREE": "Without interest", "FREE_TXNS_ALLOWANCE": "Eased", "COMPLEMENTARY_PRODUCT_DISCOUNTS": "Discounts", "OTHER": "Also",
	"IN_ARREARS": "afterwards", "IN_ADVANCE": "in advance", "PRINCIPAL_AND_INTEREST": "principal and interest", "INTEREST_ONLY": "interest alone",
	"INVESTMENT": "investment", "OWNER_OCCUPIED": "to live in",
}

func termWord(ctx context.Context, term string) string {
	if word := termWords[strings.ToUpper(term)]; word != "" {
		return words.T(ctx, word)
	}
	if term == "" {
		return ""
	}
	return term
}

// rateKind is the kind of a rate, of which a bank may say none.
func rateKind(ctx context.Context, kind string) string {
	return cmp.Or(termWord(ctx, kind), words.T(ctx, "kind not said"))
}

// periodWords put an ISO 8601 duration into words; another than the usual ones is shown as it came.
func periodWords(ctx context.Context, period string) string {
	known := map[string]words.Text{"P1D": "each day", "P1W": "each week", "P1M": "each month", "P3M": "each quarter", "P6M": "each half year", "P1Y": "each year"}
	if word := known[period]; word != "" {
		return words.T(ctx, word)
	}
	return period
}

// partTitle names a part of what a bank says of a product.
func partTitle(ctx context.Context, part xs2a.ProductPart) string {
	return words.T(ctx, map[xs2a.ProductPart]words.Text{
		xs2a.ProductDepositRates: "Interest you get", xs2a.ProductLendingRates: "Interest you pay", xs2a.ProductFees: "Fees",
		xs2a.ProductEligibility: "Whom it is for", xs2a.ProductConstraints: "Limits", xs2a.ProductFeatures: "Features", "": "About it",
	}[part])
}

func yesOrNo(ctx context.Context, flag string) string {
	switch strings.ToLower(flag) {
	case "true":
		return words.T(ctx, "Yes")
	case "false":
		return words.T(ctx, "No")
	}
	return flag
}

// joined puts together what is not empty.
func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), between)
}
