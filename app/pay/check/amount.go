package check

import (
	"strings"

	"github.com/bojanz/currency"
)

// mostDigits is how many digits an amount has before its point (BG 1.3.12 section
// 14.1: up to 14 with those after it).
const mostDigits = 14

// Currency returns a currency that is in use, in capitals (ISO 4217).
func Currency(text string) (string, *Fault) {
	code := strings.ToUpper(strings.TrimSpace(text))
	switch {
	case code == "":
		return "", fault(Missing)
	case !currency.IsValid(code):
		return "", &Fault{Code: UnknownCurrency, Text: code}
	}
	return code, nil
}

// Amount returns an amount of a currency as it goes over the wire: 1234.50, with as
// many decimals as were given, at most those of the currency. It takes what people
// write in any country: 1.234,50 and 1,234.50, 1 234,50 and 1'234.50, and a sign or
// code of the currency before or after it is for the form to take off. What may be
// two amounts, such as 1,234 or 1.234, is no amount: which of them is meant is asked.
// In a currency with three decimals 1.234 is one, as programs and banks write it.
func Amount(text, code string) (string, *Fault) {
	given := strings.TrimSpace(text)
	if given == "" {
		return "", fault(Missing)
	}
	negative := strings.HasPrefix(given, "-") || strings.HasPrefix(given, "\u2212")
	given = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(given, "-"), "\u2212"), "+")
	decimals, known := currency.GetDigits(code)
	if !known {
		return "", &Fault{Code: UnknownCurrency, Text: code}
	}
	whole, fraction, fault := split(given, int(decimals))
	switch {
	case fault != nil:
		return "", fault
	case len(strings.TrimRight(fraction, "0")) > int(decimals):
		return "", &Fault{Code: Decimals, Text: code, Of: int(decimals)}
	}
	whole, fraction = strings.TrimLeft(whole, "0"), fraction[:min(len(fraction), int(decimals))]
	if whole == "" {
		whole = "0"
	}
	amount := whole
	if fraction != "" {
		amount += "." + fraction
	}
	switch {
	case negative || strings.Trim(amount, "0.") == "":
		return "", &Fault{Code: NotPositive}
	case len(whole)+int(decimals) > mostDigits:
		return "", &Fault{Code: TooMuch, Of: mostDigits - int(decimals)}
	}
	return amount, nil
}

// split parts the digits before the decimal separator from those after it.
func split(given string, decimals int) (whole, fraction string, _ *Fault) {
	// What parts groups alone is taken first: blanks and apostrophes.
	groups := strings.FieldsFunc(given, func(r rune) bool { return strings.ContainsRune(" \u00a0\u202f\u2009'\u2019", r) })
	if len(groups) == 0 {
		return "", "", &Fault{Code: NotAnAmount}
	}
	last := groups[len(groups)-1]
	for i, group := range groups[:len(groups)-1] {
		if !allDigits(group) || i > 0 && len(group) != 3 || len(group) > 3 {
			return "", "", &Fault{Code: NotAnAmount}
		}
	}
	mark := strings.LastIndexAny(last, ".,")
	if len(groups) > 1 {
		head, tail := last, ""
		if mark >= 0 {
			head, tail = last[:mark], last[mark+1:]
		}
		if len(head) != 3 || !allDigits(head) || !allDigits(tail) || mark >= 0 && tail == "" {
			return "", "", &Fault{Code: NotAnAmount}
		}
		return strings.Join(groups[:len(groups)-1], "") + head, tail, nil
	}
	if mark < 0 {
		if !allDigits(last) {
			return "", "", &Fault{Code: NotAnAmount}
		}
		return last, "", nil
	}
	head, tail, sign := last[:mark], last[mark+1:], last[mark]
	if !allDigits(tail) || tail == "" {
		return "", "", &Fault{Code: NotAnAmount}
	}
	switch other := ",."[strings.IndexByte(".,", sign)]; {
	case strings.IndexByte(head, sign) >= 0: // 1.234.567: the same mark twice parts groups
		if strings.IndexByte(head, other) >= 0 || !grouped(last, sign) {
			return "", "", &Fault{Code: NotAnAmount}
		}
		return strings.ReplaceAll(last, string(sign), ""), "", nil
	case strings.IndexByte(head, other) >= 0: // 1.234,50
		if !grouped(head, other) {
			return "", "", &Fault{Code: NotAnAmount}
		}
		return strings.ReplaceAll(head, string(other), ""), tail, nil
	case !allDigits(head):
		return "", "", &Fault{Code: NotAnAmount}
	case len(tail) == 3 && len(head) <= 3 && strings.Trim(head, "0") != "" && (sign == ',' || decimals < 3):
		return "", "", &Fault{Code: Ambiguous, Text: head + tail, Other: head + "." + tail}
	}
	return head, tail, nil
}

// grouped reports whether digits are parted into threes by a mark.
func grouped(text string, mark byte) bool {
	for i, group := range strings.Split(text, string(mark)) {
		if !allDigits(group) || i > 0 && len(group) != 3 || i == 0 && (len(group) == 0 || len(group) > 3) {
			return false
		}
	}
	return true
}
