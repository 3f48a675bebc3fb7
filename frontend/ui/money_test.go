package ui_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/bojanz/currency"
	"github.com/cockroachdb/apd/v3"

	"consentry/frontend/ui"
)

// locales have each a way of their own to group, to sign and to write digits.
var locales = []string{"en-GB", "sv-SE", "de-CH", "de-AT", "hi-IN", "fr-FR", "es-ES", "pl-PL", "ar-EG", "fa-IR", "bn-BD", "he-IL"}

// readBack reads what is shown as the person would.
func readBack(t *testing.T, shown, locale string) *apd.Decimal {
	t.Helper()
	amount, err := currency.NewFormatter(currency.NewLocale(locale)).Parse(strings.ReplaceAll(shown, "\u2212", "-"), "EUR")
	if err != nil {
		t.Fatalf("%q (%s) cannot be read: %v", shown, locale, err)
	}
	number, _, err := apd.NewFromString(amount.Number())
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// showsWhole wants an amount, shown and read back, to be the amount.
func showsWhole(t *testing.T, number, code, locale string) {
	t.Helper()
	ctx := ui.WithReader(context.Background(), ui.Reader{Locale: locale})
	want, _, err := apd.NewFromString(number)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{ui.Money{Number: number, Currency: code}.Text(ctx), ui.Money{Number: number, Currency: code}.SignedText(ctx)} {
		if strings.ContainsAny(shown, "NaNEe") {
			t.Fatalf("%s %s (%s) is shown as %q", number, code, locale, shown)
		}
		if got := readBack(t, shown, locale); got.Cmp(want) != 0 {
			t.Fatalf("%s %s (%s) is shown as %q, which is %s", number, code, locale, shown, got)
		}
	}
}

// TestShownIsTheAmount holds for every currency, size and number of decimals
// a bank can send: what is shown, read back, is the amount.
func TestShownIsTheAmount(t *testing.T) {
	t.Parallel()
	shownIsTheAmount(t, 4)
}

// TestJourneyShownIsTheAmount leaves nothing out: the rules have each size with a quarter of the currencies.
func TestJourneyShownIsTheAmount(t *testing.T) {
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
	t.Parallel()
	shownIsTheAmount(t, 1)
}

func shownIsTheAmount(t *testing.T, every int) {
	t.Helper()
	dice := rand.New(rand.NewPCG(10_000_000, 21_474_836))
	for i, code := range append(currency.GetCurrencyCodes(), "XXX", "") {
		for whole := range 34 {
			for _, decimals := range []int{0, 1, 2, 3, 4, 6, 8, 12, 20} {
				if whole+decimals > 39 || (i+whole+decimals)%every > 0 { // more than is taken from a bank
					continue
				}
				digits := fmt.Sprint(1 + dice.IntN(9))
				for len(digits) < max(whole, 1)+decimals {
					digits += fmt.Sprint(dice.IntN(10))
				}
				number := digits[:len(digits)-decimals]
				if whole == 0 {
					number = "0"
				}
				if decimals > 0 {
					number += "." + digits[len(digits)-decimals:]
				}
				showsWhole(t, number, code, locales[i%len(locales)])
				showsWhole(t, "-"+number, code, locales[(i+whole+1)%len(locales)])
			}
		}
	}
}

// TestShownAtTheEdges are the amounts that were shown as "NaN.00", and others
// at the ends of what the library reckons with.
func TestShownAtTheEdges(t *testing.T) {
	t.Parallel()
	for _, number := range []string{
		"9999999.99", "10000000.00", "10000000", "15000000.5", "21474836.47", "21474836.48", "2147483647", "2147483648",
		"0", "0.00", "0.000000", "0.0000000", "0.000000000001", "0.1234567", "-0.01", "-10000000.00", "-21474836.47",
		"1234567890123456789.12", "12345678901234567890123456789012", "9999999999999999999999999999999999999999",
		"0.0000000000000000000000000000000000000001",
	} {
		for _, locale := range locales {
			for _, code := range []string{"EUR", "JPY", "KWD", "CLF", "XXX"} {
				showsWhole(t, number, code, locale)
			}
		}
	}
}

// FuzzMoney shows nothing but the amount.
func FuzzMoney(f *testing.F) {
	f.Add("10000000.00", "EUR", "en-GB")
	f.Add("-0.0000001", "", "ar-EG")
	f.Fuzz(func(t *testing.T, number, code, locale string) {
		ctx := ui.WithReader(context.Background(), ui.Reader{Locale: locale})
		shown := ui.Money{Number: number, Currency: code}.SignedText(ctx)
		if strings.Contains(shown, "NaN") && !strings.Contains(number, "NaN") {
			t.Errorf("%q is shown as %q", number, shown)
		}
	})
}

// TestPlainFigures holds amounts that are written without the library to what it writes.
func TestPlainFigures(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(3, 1415))
	for _, locale := range append(locales, "en-US", "en-IN", "de-DE", "fi-FI", "da-DK", "nb-NO", "ka-GE", "ro-RO", "pt-PT", "es-MX", "it-IT", "bg-BG", "mk-MK", "lt-LT", "sl-SI", "et-EE", "my-MM", "ne-NP", "xx", "") {
		ctx := ui.WithReader(context.Background(), ui.Reader{Locale: locale})
		formatter := currency.NewFormatter(currency.NewLocale(cmp.Or(locale, "en-GB")))
		formatter.CurrencyDisplay = currency.DisplayNone
		for range 400 {
			number := fmt.Sprint(dice.Int64N([]int64{10, 1000, 10_000, 100_000, 1e7, 1e13}[dice.IntN(6)]))
			if decimals := dice.IntN(5); decimals > 0 {
				number += fmt.Sprintf(".%0*d", decimals, dice.IntN([]int{10, 100, 1000, 10_000}[decimals-1])/10*10)
			}
			if dice.IntN(2) == 0 {
				number = "-" + number
			}
			money := ui.Money{Number: number, Currency: []string{"SEK", "JPY", "KWD"}[dice.IntN(3)]}
			amount, err := currency.NewAmount(money.Number, money.Currency)
			if err != nil {
				t.Fatal(err)
			}
			for _, plus := range []bool{false, true} {
				got := money.Text(ctx)
				if plus {
					got = money.SignedText(ctx)
				}
				formatter.AddPlusSign = plus && money.In()
				if want := strings.TrimSpace(strings.NewReplacer("-", "\u2212", "\u200e", "", "\u200f", "").Replace(formatter.Format(amount))); got != want {
					t.Fatalf("%s %s (%q) is written as %q, not %q", money.Number, money.Currency, locale, got, want)
				}
			}
		}
	}
}
