package imports

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"consentry/xs2a/field"
)

// How decimals are written.
const (
	DecimalPoint = "point"
	DecimalComma = "comma"
)

const isoDates = "2006-01-02"

// dateForms are the ways in which tables write days, in the form of package time; of those that
// fit, the first counts until a person says otherwise.
var dateForms = []string{
	isoDates, "2.1.2006", "2/1/2006", "1/2/2006", "2-1-2006", "2006/1/2", "2006.1.2", "20060102", "2.1.06", "2/1/06", "1/2/06", "06-01-02", "2 Jan 2006", "Jan 2, 2006", "2-Jan-2006",
}

// DateForms lists the ways in which tables write days, in the form of package time.
func DateForms() []string { return dateForms }

// dayOf reads a day in a form; a time after it is left out.
func dayOf(text, form string) (string, bool) {
	text = strings.TrimSpace(text)
	if at := strings.IndexAny(text, "T "); at > 0 && !strings.Contains(form, " ") {
		text = text[:at]
	}
	day, err := time.Parse(form, text)
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		return "", false
	}
	return day.Format(time.DateOnly), true
}

var (
	withPoint = regexp.MustCompile(`^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$|^[0-9]*(?:\.[0-9]*)?$`)
	withComma = regexp.MustCompile(`^[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?$|^[0-9]*(?:,[0-9]*)?$`)
)

// numberOf reads an amount whose decimals are written in a way. Blanks and apostrophes between
// thousands, a currency at either end, and a minus before or after it or brackets around it are
// taken. Where a column says only how much it was, the sign is the column's.
func numberOf(text, decimal string) (string, bool) {
	digits, negative := bare(text)
	form, thousands := withPoint, ","
	if decimal == DecimalComma {
		form, thousands = withComma, "."
	}
	if !strings.ContainsFunc(digits, unicode.IsDigit) || !form.MatchString(digits) {
		return "", false
	}
	digits = strings.ReplaceAll(strings.ReplaceAll(digits, thousands, ""), ",", ".")
	number, err := field.Number(strings.TrimSuffix(digits, "."))
	if err != nil {
		return "", false
	}
	if negative {
		number = field.Negated(number)
	}
	return number, true
}

// bare takes all off an amount but its digits and what stands between them.
func bare(text string) (digits string, negative bool) {
	text = strings.TrimSpace(text)
	inside, opens := strings.CutPrefix(text, "(")
	if inside, closes := strings.CutSuffix(inside, ")"); opens && closes {
		text, negative = inside, true
	}
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) || unicode.IsSpace(r) })
	for _, minus := range []string{"-", "−", "–"} {
		for _, cut := range []func(string, string) (string, bool){strings.CutPrefix, strings.CutSuffix} {
			if rest, is := cut(text, minus); is && !negative {
				text, negative = rest, true
			}
		}
	}
	text = strings.TrimPrefix(text, "+")
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) || unicode.IsSpace(r) })
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, text), negative
}

// directions are the words that say which way money went.
var directions = map[string]bool{ // in: true
	"c": true, "cr": true, "crdt": true, "credit": true, "h": true, "haben": true, "in": true, "+": true, "kredit": true, "incoming": true,
	"d": false, "dr": false, "dbit": false, "debit": false, "s": false, "soll": false, "out": false, "-": false, "debet": false, "outgoing": false,
}
