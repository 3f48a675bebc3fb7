package people

import (
	"fmt"
	"strconv"
)

// Money is an integer of minor units; all its currencies have two decimals.

// Decimal writes minor units with two decimals.
func Decimal(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	cents := strconv.FormatInt(100+minor%100, 10)
	return sign + strconv.FormatInt(minor/100, 10) + "." + cents[1:]
}

// perEuro is what one euro buys, in ten thousandths.
var perEuro = map[string]int64{"EUR": 10000, "SEK": 112400, "NOK": 116200, "DKK": 74600, "GEL": 29500, "USD": 10900, "GBP": 8550}

// KnownCurrency reports whether there is a price of a currency.
func KnownCurrency(currency string) bool { return perEuro[currency] > 0 }

// Rate returns how much of the currency to one unit of from costs on a day, in ten
// thousandths. It moves by up to two percent.
func Rate(seed string, from, to string, on Day) int64 {
	price := func(currency string) int64 {
		if currency == "EUR" {
			return perEuro[currency]
		}
		return perEuro[currency] * (9800 + int64(NewDice("rate", seed, currency, on.String()).N(400))) / 10000
	}
	return price(to) * 10000 / price(from)
}

// Convert multiplies by a rate and rounds half up.
func Convert(minor, rate int64) int64 { return (minor*rate + 5000) / 10000 }

// RateText writes a rate with four decimals.
func RateText(rate int64) string { return fmt.Sprintf("%d.%04d", rate/10000, rate%10000) }
