package ui

import (
	"context"
	"strings"

	"github.com/bojanz/currency"
)

// Money is an exact decimal as the bank wrote it, with its currency code.
type Money struct {
	Number   string // "-248.90"; digits, one point, a leading minus at most
	Currency string // ISO 4217, or whatever else the bank sent
}

// minus is the sign of figures, U+2212: it is as wide as plus and as a digit.
const minus = "\u2212"

// Text is the figure without its currency, grouped as the reader is used to.
// What is not a decimal number is shown as it came: hiding it would be worse.
func (m Money) Text(ctx context.Context) string { return m.write(ctx, false) }

// SignedText is Text with a plus sign on money that came in.
func (m Money) SignedText(ctx context.Context) string { return m.write(ctx, true) }

// Spoken is figure and currency in one string, for text and for SVG.
func (m Money) Spoken(ctx context.Context) string {
	return strings.TrimSpace(m.Text(ctx) + "\u00a0" + m.Currency)
}

// In tells whether the amount is more than nothing.
func (m Money) In() bool {
	return !strings.HasPrefix(m.Number, "-") && strings.ContainsAny(m.Number, "123456789")
}

func (m Money) write(ctx context.Context, plus bool) string {
	formatter := currency.NewFormatter(currency.NewLocale(readerOf(ctx).Locale))
	formatter.CurrencyDisplay = currency.DisplayNone
	formatter.AddPlusSign = plus && m.In()
	formatter.MaxDigits = 12 // more than any bank sends: an amount is not rounded
	amount, err := currency.NewAmount(strings.TrimSpace(m.Number), m.Currency)
	if err != nil {
		// A code that is none ("XXX", "") has no usual number of decimals.
		formatter.MinDigits = 0
		if amount, err = currency.NewAmount(strings.TrimSpace(m.Number), "EUR"); err != nil {
			return m.Number
		}
	}
	text := strings.NewReplacer("-", minus, "\u200e", "", "\u200f", "").Replace(formatter.Format(amount))
	return strings.TrimSpace(text)
}
