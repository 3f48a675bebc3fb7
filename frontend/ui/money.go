package ui

import (
	"cmp"
	"context"
	"strings"
	"sync/atomic"
	"unicode"

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

// In reports whether the amount is more than nothing.
func (m Money) In() bool {
	return !strings.HasPrefix(m.Number, "-") && strings.ContainsAny(m.Number, "123456789")
}

// HiddenAmount stands for an amount that is not to be seen.
const HiddenAmount = "•••"

func (m Money) write(ctx context.Context, plus bool) string {
	if readerOf(ctx).HidesAmounts {
		return HiddenAmount
	}
	return m.writeIn(writingOf(readerOf(ctx).Locale), plus)
}

func (m Money) writeIn(locale *writing, plus bool) string {
	number := strings.TrimSpace(m.Number)
	if strings.Trim(number, "+-.0123456789") != "" { // an exponent is none of the forms an amount has
		return m.Number
	}
	usual, known := currency.GetDigits(m.Currency) // a code that is none ("XXX", "") has no usual number of decimals
	if locale.plain && isPlain(number) {
		return locale.figures(number, int(usual), plus && m.In())
	}
	formatter := locale.formatter
	code := m.Currency
	if !known {
		formatter.MinDigits, code = 0, "EUR"
	}
	amount, err := currency.NewAmount(number, code)
	if err != nil {
		return m.Number
	}
	decimals, ok := carried(number)
	if !ok {
		return strings.NewReplacer("-", minus, ".", decimalPoint(&formatter)).Replace(number)
	}
	usual, _ = currency.GetDigits(code)
	formatter.MaxDigits = max(decimals, usual) // an amount is not rounded
	formatter.AddPlusSign = plus && m.In()
	return strings.TrimSpace(written.Replace(formatter.Format(amount)))
}

// writing is how amounts are written in a locale. To find that out takes longer than to write
// one, and all of a page are written in the same.
type writing struct {
	locale    string
	formatter currency.Formatter
	plainStyle
}

var lastWriting atomic.Pointer[writing]

func writingOf(locale string) *writing {
	last := lastWriting.Load()
	if last == nil || last.locale != locale {
		last = &writing{locale: locale, formatter: *currency.NewFormatter(currency.NewLocale(locale))}
		last.formatter.CurrencyDisplay = currency.DisplayNone
		last.plainStyle = last.learn()
		lastWriting.Store(last)
	}
	return last
}

// written takes what the library writes to what stands on screens: with the sign of
// figures, and without marks of direction.
var written = strings.NewReplacer("-", minus, "\u200e", "", "\u200f", "")

// maxFigures bounds what the library is given to write: it reckons with 39
// digits, those it fills up to a currency's usual decimals included, and makes
// "NaN" of what has more.
const maxFigures = 32

// carried returns a number's decimals, and reports whether the library writes it
// whole: not too long, and not so small that it would use an exponent.
func carried(number string) (decimals uint8, ok bool) {
	whole, fraction, _ := strings.Cut(strings.TrimLeft(number, "+-"), ".")
	figures := strings.TrimLeft(whole+fraction, "0")
	plain := len(whole)+len(fraction) <= maxFigures && len(fraction)-max(len(figures), 1) < 6
	return uint8(min(len(fraction), maxFigures)), plain
}

// DecimalComma reports whether people of a locale, a BCP 47 tag, write a comma before decimals.
func DecimalComma(locale string) bool {
	formatter := currency.NewFormatter(currency.NewLocale(cmp.Or(locale, "en-GB")))
	formatter.CurrencyDisplay = currency.DisplayNone
	return decimalPoint(formatter) == ","
}

// decimalPoint is what the formatter's reader has between whole and fraction.
func decimalPoint(formatter *currency.Formatter) string {
	half := *formatter
	half.MinDigits, half.MaxDigits = 1, 1
	amount, err := currency.NewAmount("5.5", "EUR")
	if err != nil {
		return "."
	}
	return strings.TrimFunc(half.Format(amount), func(r rune) bool {
		return unicode.IsDigit(r) || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r)
	})
}
