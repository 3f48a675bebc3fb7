package sandbox

import (
	"regexp"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// amount is money as it is sent. Inside the sandbox it is minor units (people).
type amount struct {
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
}

// amountAt writes minor units the way the bank does.
func amountAt(b *bank.Bank, minor int64, currency string) amount {
	text := people.Decimal(minor)
	if b.BareAmounts {
		text = strings.TrimSuffix(text, ".00")
		if strings.Contains(text, ".") {
			text = strings.TrimSuffix(text, "0")
		}
	}
	return amount{Currency: currency, Amount: text}
}
