package sandbox

import (
	"fmt"
	"regexp"
	"strings"
)

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// amount is money as it is sent. Inside the sandbox money is an integer of minor
// units; all its currencies have two decimals.
type amount struct {
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
}

// amount writes minor units the way the bank does.
func (b *bank) amount(minor int64, currency string) amount {
	text := decimal(minor)
	if b.bareAmounts {
		text = strings.TrimSuffix(text, ".00")
		if strings.Contains(text, ".") {
			text = strings.TrimSuffix(text, "0")
		}
	}
	return amount{Currency: currency, Amount: text}
}

// decimal writes minor units with two decimals.
func decimal(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d.%02d", sign, minor/100, minor%100)
}

// perEuro is what one euro buys, in ten thousandths.
var perEuro = map[string]int64{"EUR": 10000, "SEK": 112400, "NOK": 116200, "DKK": 74600, "GEL": 29500, "USD": 10900, "GBP": 8550}

// rate is how much of the currency to one unit of from costs on a day, in ten
// thousandths. It moves by up to two percent.
func rate(seed string, from, to string, on day) int64 {
	price := func(currency string) int64 {
		if currency == "EUR" {
			return perEuro[currency]
		}
		return perEuro[currency] * (9800 + int64(newDice("rate", seed, currency, on.String()).n(400))) / 10000
	}
	return price(to) * 10000 / price(from)
}

// convert multiplies by a rate and rounds half up.
func convert(minor, rate int64) int64 { return (minor*rate + 5000) / 10000 }

func rateText(rate int64) string { return fmt.Sprintf("%d.%04d", rate/10000, rate%10000) }
