package find

import (
	"regexp"
	"strings"
	"time"

	"consentry/storage/fold"
)

// likeFigures is what a person writes who means a day or an amount: 13.13.2026, 2026-13, 12,9,0, and what
// compares or stands from one to another. Whole numbers may be parts of ids and numbers.
var likeFigures = regexp.MustCompile(`^([<>].*|.*\d\.\..*|.*\.\.\d.*|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}[-/]\d{1,2}|\d+([.,]\d+)+)$`)

// AsWords lists what of what was typed looks like a day or an amount and is none, and so is looked for
// as words.
func AsWords(typed string, now time.Time) (all []string) {
	if !strings.ContainsAny(typed, ".,/<>-") { // of which one is in all of them
		return nil
	}
	for parts := partsOf(typed); len(parts) > 0; {
		n, _, is := readDays(parts, now)
		if n = max(n, 1); is {
			parts = parts[n:]
			continue
		}
		one := parts[0]
		parts = parts[1:]
		if one.quoted || !likeFigures.MatchString(one.text) || len(fold.Words(one.text)) == 0 {
			continue
		}
		if _, _, is := readRange(one); is {
			continue
		}
		if text, _ := splitCurrency(one.text); readAmount(text) == nil {
			all = append(all, one.text)
		}
	}
	return all
}
