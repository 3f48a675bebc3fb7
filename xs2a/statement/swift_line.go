package statement

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"consentry/xs2a/field"
)

// mtLine is the form of field 61 up to the amount: value date, entry date,
// direction, the last letter of the currency. Banks leave blanks where the
// optional entry date goes.
var mtLine = regexp.MustCompile(`^([0-9]{6})\s*([0-9]{4})?\s*([RE]?[CD])([A-Z])?\s*([+-]?[0-9.,]+)(.*)$`)

// mtKind is the transaction type identification code of field 61.
var mtKind = regexp.MustCompile(`^(?:S[0-9]{3}|[NF][A-Z0-9]{3})`)

// mtIBAN is how an account looks, alone on a line.
var mtIBAN = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$`)

// mtLineParts is a field 61 in its parts.
type mtLineParts struct {
	value, entry, mark, amount string
	kind                       string
	reference, bankReference   string
	supplement                 []string // further lines
}

// mtSplit takes a field 61 apart. Some banks wrap it anywhere, so where the
// first line has no type after its amount, the next ones may hold the rest.
func mtSplit(lines []string) (e mtLineParts, found bool) {
	const most = 3
	var text string
	for i, line := range lines[:min(len(lines), most)] {
		line = strings.TrimSpace(line)
		if i > 0 && mtIBAN.MatchString(line) {
			break
		}
		text += line
		parts := mtLine.FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		one := mtLineParts{value: parts[1], entry: parts[2], mark: parts[3], amount: parts[5], supplement: lines[i+1:]}
		one.refer(strings.TrimSpace(parts[6]))
		if !found || one.kind != "" {
			e, found = one, true
		}
		if one.kind != "" {
			break
		}
	}
	return e, found
}

// refer reads what follows the amount: the type, the account owner's reference
// and, after two slashes, the bank's. References longer than the 16 characters
// of the standard are taken; what a wide gap divides from one is none.
func (e *mtLineParts) refer(rest string) {
	if !strings.HasPrefix(rest, "NONREF") { // no type stands before it
		e.kind = mtKind.FindString(rest)
	}
	reference, bank, _ := strings.Cut(rest[len(e.kind):], "//")
	reference, more, gap := strings.Cut(strings.TrimSpace(reference), "  ")
	if gap {
		e.supplement = append([]string{strings.TrimSpace(more)}, e.supplement...)
	}
	e.reference, e.bankReference = mtReference(reference), mtReference(bank)
}

// mtReference leaves out the words that say that there is no reference, or
// that it stands in field 86.
func mtReference(s string) string {
	switch s = strings.TrimSpace(s); s {
	case "NONREF", "EREF", "PREF", "MARF", "KREF+":
		return ""
	}
	return s
}

// mtEntry reads a statement line with the fields 86 that follow it.
func mtEntry(line mtField, about mtStatement, currency string) (e Entry, err error) {
	parts, found := mtSplit(line.lines)
	if !found {
		return Entry{}, fmt.Errorf("%q is not a statement line", field.Excerpt([]byte(line.lines[0])))
	}
	if currency == "" {
		return Entry{}, field.Errorf("currency", "no balance of the report says which")
	}
	out, reversal, err := mtDirection(parts.mark)
	if err != nil {
		return Entry{}, err
	}
	if e.Amount, err = mtAmount(parts.amount, currency, out); err != nil {
		return Entry{}, err
	}
	if e.ValueDate, err = mtDay(parts.value); err != nil {
		return Entry{}, field.Within("valueDate", err)
	}
	if parts.entry != "" {
		if e.BookingDate, err = mtEntryDay(parts.entry, e.ValueDate); err != nil {
			return Entry{}, field.Within("entryDate", err)
		}
	}
	e.Reversal = reversal
	e.BankCode, e.BankReference, e.Reference = parts.kind, parts.bankReference, parts.reference
	e.Raw = mtRaw(line, about)
	mtSupplement(&e, parts.supplement)
	mtDescribe(&e, about)
	return e, nil
}

// mtSupplement reads the further lines of field 61. An account on the first is
// the other party's.
func mtSupplement(e *Entry, lines []string) {
	if len(lines) > 0 && mtIBAN.MatchString(strings.TrimSpace(lines[0])) {
		*e.other() = Party{Account: strings.TrimSpace(lines[0])}
		lines = lines[1:]
	}
	e.Additional = strings.Join(lines, " ")
}

// mtDirection reads C and D, and with R the reversal of either: taking back a
// credit is money out. Entries to be expected (E) stand in MT942 only.
func mtDirection(mark string) (out, reversal bool, err error) {
	switch mark {
	case "C", "EC":
		return false, false, nil
	case "D", "ED":
		return true, false, nil
	case "RC":
		return true, true, nil
	case "RD":
		return false, true, nil
	}
	return false, false, fmt.Errorf("%q is no direction", mark)
}

// mtNumber is an amount: digits, with decimals after a comma (SWIFT's type
// 15d). Banks leave the comma out, write a point, or put a sign before it.
var mtNumber = regexp.MustCompile(`^([+-]?)([0-9]+)(?:([.,])([0-9]*))?$`)

// mtAmount reads an amount and returns it the sign of its direction; a minus of
// its own turns that. Three digits after a point may be thousands, and the
// amount is not taken.
func mtAmount(s, currency string, out bool) (Amount, error) {
	parts := mtNumber.FindStringSubmatch(s)
	if parts == nil || parts[3] == "." && len(parts[4]) == 3 {
		return Amount{}, field.Errorf("amount", "%q is not an amount", field.Excerpt([]byte(s)))
	}
	number, err := field.Number(strings.TrimSuffix(parts[2]+"."+parts[4], "."))
	if err != nil {
		return Amount{}, field.Within("amount", err)
	}
	amount := Amount{number, currency}
	if out != (parts[1] == "-") {
		amount = amount.negated()
	}
	return amount, nil
}

// mtDay reads YYMMDD; the standard counts years from 80 on to the last
// century. Days that a short month lacks, with which some banks reckon
// interest (30 February), are its last.
func mtDay(s string) (string, error) {
	month, err := time.Parse("060102", s[:4]+"01")
	if err != nil {
		return "", fmt.Errorf("%q is not a date", s)
	}
	switch year := month.Year(); {
	case year < 1980:
		month = month.AddDate(100, 0, 0)
	case year >= 2080:
		month = month.AddDate(-100, 0, 0)
	}
	last := month.AddDate(0, 1, -1).Day()
	d := int(s[4]-'0')*10 + int(s[5]-'0')
	if d < 1 || d > 31 {
		return "", fmt.Errorf("%q is not a date", s)
	}
	return month.AddDate(0, 0, min(d, last)-1).Format(time.DateOnly), nil
}

// mtEntryDay reads MMDD in the year that brings it nearest to the value date:
// around New Year they differ.
func mtEntryDay(s, value string) (string, error) {
	near, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return "", err
	}
	var best time.Time
	for _, years := range []int{-1, 0, 1} {
		d, err := time.Parse("20060102", fmt.Sprintf("%04d%s", near.Year()+years, s))
		if err == nil && (best.IsZero() || near.Sub(d).Abs() < near.Sub(best).Abs()) {
			best = d
		}
	}
	if best.IsZero() {
		return "", fmt.Errorf("%q is not a day", s)
	}
	return best.Format(time.DateOnly), nil
}
