package storage

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// Tally is an exact sum of amounts of one currency; the zero value is nothing. Nearly all are a
// whole number of their last decimal place, which is added up ten times as fast as decimals are: a
// chart of ten years adds up thousands. What is too large for that is kept as a decimal.
type Tally struct {
	units  int64 // of the last decimal place
	places int
	large  *apd.Decimal // instead of both
}

const (
	mostFigures = 18 // that a number of units has for certain
	mostUnits   = 1_000_000_000_000_000_000
)

// ReadTally reads a decimal number: digits, one point, a leading minus at most.
func ReadTally(text string) (Tally, error) {
	t, figures := Tally{}, 0
	digits := strings.TrimPrefix(text, "-")
	for i := range len(digits) {
		switch c := digits[i]; {
		case c >= '0' && c <= '9' && figures < mostFigures:
			t.units, figures = t.units*10+int64(c-'0'), figures+1
		case c == '.' && t.places == 0 && i+1 < len(digits):
			t.places = len(digits) - i - 1
		default:
			return readLarge(text)
		}
	}
	if figures == 0 {
		return Tally{}, fmt.Errorf("storage: %q is no amount", text)
	}
	if len(digits) < len(text) {
		t.units = -t.units
	}
	return t, nil
}

// readLarge reads what has more figures than a number of units has.
func readLarge(text string) (Tally, error) {
	n, _, err := apd.NewFromString(text)
	if err != nil || n.Form != apd.Finite {
		return Tally{}, fmt.Errorf("storage: %q is no amount", text)
	}
	return Tally{large: n}, nil
}

// TallyOf returns an amount as a sum; nothing of one whose number is none.
func TallyOf(a xs2a.Amount) Tally {
	if t, err := ReadTally(a.Number); err == nil {
		return t
	}
	return Tally{large: a.Decimal()}
}

// Plus returns the sum of both, with as many decimal places as either has.
func (t Tally) Plus(u Tally) Tally {
	if t.large == nil && u.large == nil {
		places := max(t.places, u.places)
		a, fits := t.scaled(places)
		b, too := u.scaled(places)
		if sum := a + b; fits && too && sum < mostUnits && sum > -mostUnits {
			return Tally{units: sum, places: places}
		}
	}
	sum := new(apd.Decimal)
	_, _ = exact.Add(sum, t.Decimal(), u.Decimal()) // errs only where the context traps, and this one has nothing to trap
	return Tally{large: sum}
}

// Minus returns the difference.
func (t Tally) Minus(u Tally) Tally { return t.Plus(u.Negated()) }

// Negated returns the sum with the other sign.
func (t Tally) Negated() Tally {
	if t.large != nil {
		return Tally{large: new(apd.Decimal).Neg(t.large)}
	}
	t.units = -t.units
	return t
}

// scaled is the number of units of another decimal place, and whether it is small enough.
func (t Tally) scaled(places int) (int64, bool) {
	n := t.units
	for range places - t.places {
		if n >= mostUnits/10 || n <= -mostUnits/10 {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

// Sign returns -1, 0 or 1.
func (t Tally) Sign() int {
	switch {
	case t.large != nil:
		return t.large.Sign()
	case t.units > 0:
		return 1
	case t.units < 0:
		return -1
	}
	return 0
}

// Cmp compares both as cmp.Compare does.
func (t Tally) Cmp(u Tally) int { return t.Minus(u).Sign() }

// Decimal returns the sum as a decimal number.
func (t Tally) Decimal() *apd.Decimal {
	if t.large != nil {
		return new(apd.Decimal).Set(t.large)
	}
	return apd.New(t.units, -int32(t.places))
}

// String returns the sum as ReadTally reads it.
func (t Tally) String() string { return string(t.Append(nil)) }

// Append adds what String returns to some text.
func (t Tally) Append(text []byte) []byte {
	if t.large != nil {
		return t.large.Append(text, 'f')
	}
	n := t.units
	if n < 0 {
		text, n = append(text, '-'), -n
	}
	if t.places == 0 {
		return strconv.AppendInt(text, n, 10)
	}
	var figures [mostFigures + 2]byte
	digits := strconv.AppendInt(figures[:0], n, 10)
	whole := len(digits) - t.places
	if whole <= 0 {
		text = append(text, '0')
	} else {
		text = append(text, digits[:whole]...)
	}
	text = append(text, '.')
	for range -whole {
		text = append(text, '0')
	}
	return append(text, digits[max(whole, 0):]...)
}

// Amount returns the sum as an amount of a currency.
func (t Tally) Amount(currency string) xs2a.Amount {
	return xs2a.Amount{Number: t.String(), Currency: currency}
}
