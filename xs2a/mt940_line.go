package xs2a

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// mtLine is the form of field 61: value date, entry date, direction, the last
// letter of the currency, amount, type, the account owner's reference and,
// after two slashes, the bank's. References longer than the 16 characters of
// the standard are taken.
var mtLine = regexp.MustCompile(`^([0-9]{6})([0-9]{4})?([RE]?[CD])([A-Z])?([0-9]{1,15},[0-9]*)([A-Z][A-Z0-9]{3})?(.*?)(?://(.*))?$`)

// mtTransaction reads a statement line with the field 86 that may follow it.
func mtTransaction(line mtField, about *mtField, currency string) (t Transaction, err error) {
	parts := mtLine.FindStringSubmatch(strings.TrimSpace(line.lines[0]))
	if parts == nil {
		return Transaction{}, fmt.Errorf("%q is not a statement line", excerpt([]byte(line.lines[0])))
	}
	if currency == "" {
		return Transaction{}, &FieldError{"currency", "no balance of the statement says which"}
	}
	out, reversal, err := mtDirection(parts[3])
	if err != nil {
		return Transaction{}, err
	}
	if t.Amount, err = mtAmount(parts[5], currency, out); err != nil {
		return Transaction{}, err
	}
	if t.ValueDate, err = mtDay(parts[1]); err != nil {
		return Transaction{}, within("valueDate", err)
	}
	if parts[2] != "" {
		if t.BookingDate, err = mtEntryDay(parts[2], t.ValueDate); err != nil {
			return Transaction{}, within("entryDate", err)
		}
	}
	t.Reversal, t.signed = reversal, true
	t.BankCode, t.ID = parts[6], strings.TrimSpace(parts[8])
	if reference := strings.TrimSpace(parts[7]); reference != "NONREF" {
		t.EntryReference = reference
	}
	t.Additional = strings.Join(line.lines[1:], " ")
	raw := line.raw()
	if about != nil {
		mtDescribe(&t, about.lines)
		raw += "\n" + about.raw()
	}
	t.Raw = []byte(raw)
	return t, nil
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

// mtAmount reads an amount with its comma (SWIFT's type 15d).
func mtAmount(s, currency string, out bool) (Amount, error) {
	whole, decimals, comma := strings.Cut(s, ",")
	if !comma || whole == "" || strings.Contains(decimals, ",") {
		return Amount{}, &FieldError{"amount", fmt.Sprintf("%q is not an amount", s)}
	}
	number, err := canonicalDecimal(strings.TrimSuffix(whole+"."+decimals, "."))
	if err != nil {
		return Amount{}, within("amount", err)
	}
	amount := Amount{number, currency}
	if out {
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
