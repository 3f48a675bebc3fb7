package mask

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/jacoelho/banking/iban"
)

// compact is a number without what it is grouped by, in capitals.
func compact(number string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, number))
}

// number returns an invented number in place of another, compact: letters for letters and digits for digits, of an
// IBAN with its country and check digits that are right, of a card's with the right last digit.
func (m *Mask) number(real string) string {
	if fake, known := m.toNumber.Load(real); known {
		return fake.(string)
	}
	draw, made := m.draw("number", real), []byte(real)
	kept := 0
	if isIBAN(real) {
		kept = 4
	}
	for i := kept; i < len(made); i++ {
		switch c := made[i]; {
		case c >= '0' && c <= '9':
			made[i] = '0' + byte(draw.below(10))
		case c >= 'A' && c <= 'Z':
			made[i] = 'A' + byte(draw.below(26))
		}
	}
	switch {
	case kept > 0:
		made = withCheck(made)
	case isCard(real):
		made[0] = real[0]
		for made[len(made)-1] = '0'; !isCard(string(made)); made[len(made)-1]++ {
		}
	}
	fake := string(made)
	m.toNumber.Store(real, fake)
	m.fromNumber.Store(fake, real)
	return fake
}

// withCheck sets the check digits of an IBAN (ISO 13616: ISO 7064 MOD 97-10).
func withCheck(number []byte) []byte {
	rest := 0
	for _, c := range string(number[4:]) + string(number[:2]) + "00" {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	copy(number[2:4], fmt.Sprintf("%02d", 98-rest))
	return number
}

// isIBAN reports whether a compact number is one: a known country's, as long as its are, with the right check digits.
// What stands between is not held to the country's own rules, which invented ones do not keep to.
func isIBAN(number string) bool {
	if len(number) < 15 || len(number) > 34 {
		return false
	}
	length, known := lengths[number[:2]]
	if !known {
		return iban.Validate(number) == nil
	}
	return len(number) == length && string(withCheck([]byte(number))) == number
}

// lengths of IBANs (SWIFT's registry) in the countries where invented ones would break rules of the country's own.
var lengths = map[string]int{
	"AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22,
	"GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
	"PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}

// isCard reports whether a compact number is one of a card (ISO/IEC 7812: those in use have 15 to 19 digits, the last by Luhn's rule).
func isCard(number string) bool {
	if len(number) < 15 || len(number) > 19 {
		return false
	}
	sum := 0
	for i := range len(number) {
		c := number[len(number)-1-i]
		if c < '0' || c > '9' {
			return false
		}
		digit := int(c - '0')
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}

// likeNumber is where an IBAN or a card's number may begin, with what groups it.
var likeNumber = regexp.MustCompile(`[A-Za-z]{2}[0-9]{2}(?:[ \x{a0}]?[A-Za-z0-9]){11,30}|[0-9](?:[ \x{a0}-]?[0-9]){14,18}`)

// numberAt returns where the first IBAN or card's number in a text stands; ok is false where there is none.
func numberAt(text string) (from, to int, ok bool) {
	for begun := 0; begun < len(text); {
		at := likeNumber.FindStringIndex(text[begun:])
		if at == nil {
			return 0, 0, false
		}
		from, to = begun+at[0], begun+at[1]
		if from == 0 || !isLetterOrDigit(text[from-1]) {
			for end := to; end-from >= 15; end-- {
				if (end == len(text) || !isLetterOrDigit(text[end])) && isLetterOrDigit(text[end-1]) {
					if number := compact(text[from:end]); isIBAN(number) || isCard(number) {
						return from, end, true
					}
				}
			}
		}
		begun = from + 1
	}
	return 0, 0, false
}

func isLetterOrDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// inFours writes a number in groups of four characters, as screens do with all of them.
func inFours(number string) string {
	var b strings.Builder
	for i, r := range []rune(strings.ReplaceAll(number, " ", "")) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// grouped writes a number as another is written: with what stands between its groups, and small letters for small.
func grouped(number, like string) string {
	var b strings.Builder
	for _, r := range like {
		switch {
		case r < 0x80 && isLetterOrDigit(byte(r)) && number != "":
			c := number[:1]
			if number = number[1:]; r >= 'a' && r <= 'z' {
				c = strings.ToLower(c)
			}
			b.WriteString(c)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
