package find

import (
	"regexp"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage"
)

// bounds are those of a range of amounts; nil leaves a side open. They are without a sign: money
// that came and money that went.
type bounds struct {
	least, most  *apd.Decimal
	above, below bool // the bound itself is not meant
}

// readRange reads a range of amounts: >500, >=500, <12,90, <=5, 100..200, 100.., ..200.
func readRange(one part) (b bounds, currency string, is bool) {
	if one.quoted {
		return b, "", false
	}
	for _, sign := range []string{">=", "<=", ">", "<"} {
		rest, has := strings.CutPrefix(one.text, sign)
		if !has {
			continue
		}
		rest, currency = splitCurrency(rest)
		amount := readAmount(rest)
		if sign[0] == '>' {
			b.least, b.above = amount, sign == ">"
		} else {
			b.most, b.below = amount, sign == "<"
		}
		return b, currency, amount != nil
	}
	from, to, has := strings.Cut(one.text, "..")
	if !has || from == "" && to == "" {
		return b, "", false
	}
	b.least, b.most = readAmount(from), readAmount(to)
	if b.least != nil && b.most != nil && b.least.Cmp(b.most) > 0 {
		b.least, b.most = b.most, b.least
	}
	return b, "", (from == "" || b.least != nil) && (to == "" || b.most != nil)
}

// narrow adds the bounds to those of what is looked for.
func (b bounds) narrow(f *storage.Find) {
	if b.least != nil && (f.Least == nil || b.least.Cmp(f.Least) >= 0) {
		f.Above = b.above || f.Above && f.Least.Cmp(b.least) == 0
		f.Least = b.least
	}
	if b.most != nil && (f.Most == nil || b.most.Cmp(f.Most) <= 0) {
		f.Below = b.below || f.Below && f.Most.Cmp(b.most) == 0
		f.Most = b.most
	}
}

var (
	plainAmount   = regexp.MustCompile(`^\d{1,15}([.,](\d{1,2}|\d{4,6}))?$`)
	groupedAmount = regexp.MustCompile(`^\d{1,3}([.,'’]\d{3})+([.,]\d{1,2})?$`)
)

// readAmount reads an amount as people write it: 500, 12,90, 12.90, 1,234, 1.234,50, 1'234.50. What
// stands before three digits groups them. It returns nil for what is none.
func readAmount(text string) *apd.Decimal {
	text = strings.TrimSuffix(strings.TrimSuffix(strings.TrimLeft(text, "+-−"), ",-"), ",--")
	switch {
	case plainAmount.MatchString(text):
		text = strings.Replace(text, ",", ".", 1)
	case groupedAmount.MatchString(text):
		last := strings.LastIndexAny(text, ".,")
		whole, cents := text, ""
		if last >= 0 && len(text)-last-1 < 3 {
			whole, cents = text[:last], "."+text[last+1:]
		}
		text = strings.NewReplacer(".", "", ",", "", "'", "", "’", "").Replace(whole) + cents
	default:
		return nil
	}
	amount, _, err := apd.NewFromString(text)
	if err != nil {
		return nil
	}
	return amount
}

// signs are what currencies are written with instead of their codes. Crowns are those of several
// countries: they tell that a number is an amount, and not of what.
var signs = map[string]string{"€": "EUR", "$": "USD", "£": "GBP", "₾": "GEL"}

const crowns = "kr"

// isCurrency reports whether a word stands for a currency.
func isCurrency(word string) bool {
	return strings.EqualFold(word, crowns) || signs[word] != "" || len(word) == 3 && currencies[strings.ToUpper(word)]
}

// currencies are those of the countries whose banks are spoken to (ISO 4217).
var currencies = map[string]bool{"EUR": true, "SEK": true, "NOK": true, "DKK": true, "GBP": true, "USD": true, "CHF": true, "PLN": true, "CZK": true, "GEL": true, "ISK": true, "HUF": true, "RON": true, "BGN": true}

var withCurrency = regexp.MustCompile(`^([A-Za-z]{2,3}|[€$£₾])?([\d.,'’]+)([A-Za-z]{2,3}|[€$£₾])?$`)

// splitCurrency takes what a currency is written with off an amount: €300, 300eur.
func splitCurrency(text string) (amount, currency string) {
	found := withCurrency.FindStringSubmatch(text)
	if found == nil || (found[1] == "") == (found[3] == "") || readAmount(found[2]) == nil {
		return text, ""
	}
	currency = found[1] + found[3]
	if strings.EqualFold(currency, crowns) {
		return found[2], ""
	}
	if code := signs[currency]; code != "" {
		return found[2], code
	}
	if code := strings.ToUpper(currency); currencies[code] {
		return found[2], code
	}
	return text, "" // letters beside digits, as numbers of invoices have
}
