package field

import (
	"fmt"
	"regexp"

	"github.com/cockroachdb/apd/v3"
)

// maxDigits bounds numbers: more digits than any currency needs, and few
// enough that an exponent cannot blow up memory.
const maxDigits = 40

// decimal is what may stand for a number, in JSON and in text.
var decimal = regexp.MustCompile(`^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$`)

// Number returns the plain form of a decimal number: without exponent, plus
// sign, superfluous leading zeros or the minus of a zero.
func Number(s string) (string, error) {
	if len(s) > 3*maxDigits { // reading the digits alone would take long
		return "", fmt.Errorf("%q is out of bounds", Excerpt([]byte(s)))
	}
	// The library takes a sign after the point, too.
	if !decimal.MatchString(s) {
		return "", fmt.Errorf("%q is not a decimal number", s)
	}
	d, _, err := apd.NewFromString(s)
	if err != nil || d.Form != apd.Finite {
		return "", fmt.Errorf("%q is not a decimal number", s)
	}
	if d.NumDigits()+int64(max(d.Exponent, 0)) > maxDigits || d.Exponent < -maxDigits {
		return "", fmt.Errorf("%q is out of bounds", s)
	}
	if d.IsZero() {
		d.Negative, d.Exponent = false, min(d.Exponent, 0)
	}
	return d.Text('f'), nil
}

// Decimal returns what Number returned for arithmetic.
func Decimal(number string) *apd.Decimal {
	d, _, err := apd.NewFromString(number)
	if err != nil {
		return new(apd.Decimal) // only a number nobody read
	}
	return d
}

// Negated returns a number with the other sign; zero has none.
func Negated(number string) string {
	d := Decimal(number)
	if !d.IsZero() {
		d.Negative = !d.Negative
	}
	return d.Text('f')
}
