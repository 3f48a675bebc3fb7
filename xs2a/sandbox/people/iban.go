package people

import (
	"fmt"
	"regexp"
)

// IBANLengths are the lengths of the IBAN registry (ISO 13616), by country.
var IBANLengths = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24,
	"DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
	"GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
	"PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}

var ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]+$`)

// ValidIBAN reports whether country, length and check digits are those of an IBAN.
func ValidIBAN(s string) bool {
	return ibanForm.MatchString(s) && len(s) == IBANLengths[s[:2]] && mod97(s[4:]+s[:4]) == 1
}

// mod97 is the remainder of ISO 7064, with A as 10 to Z as 35.
func mod97(s string) int {
	rest := 0
	for _, c := range s {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}

func makeIBAN(country, bban string) string {
	return fmt.Sprintf("%s%02d%s", country, 98-mod97(bban+country+"00"), bban)
}

// newBBAN draws an account number in the form of a country; code is the bank's
// own four digits.
func newBBAN(country, code string, d *Dice) string {
	switch country {
	case "SE": // bank 3, account 17
		return code[:3] + "0000" + d.Digits(13)
	case "FI": // bank and branch 6, account 7, check digit
		number := code + d.Digits(9)
		return number + string(luhn(number))
	case "NO": // bank 4, account 6, check digit
		return norwegian(code, d)
	case "DK": // bank 4, account 10
		return code + d.Digits(10)
	case "GE": // bank 2 letters, account 16
		return string(rune('A'+code[0]-'0')) + string(rune('K'+code[1]-'0')) + "00000" + d.Digits(11)
	}
	return code + "0000" + d.Digits(10) // DE: bank 8, account 10
}

// luhn returns the check digit of Finnish account numbers.
func luhn(number string) byte {
	sum := 0
	for i := range len(number) {
		digit := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			digit *= 2
		}
		sum += digit/10 + digit%10
	}
	return byte('0' + (10-sum%10)%10)
}

// norwegian draws until the check digit of modulus 11 is one that exists.
func norwegian(code string, d *Dice) string {
	for {
		number := code + d.Digits(6)
		sum := 0
		for i, weight := range []int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2} {
			sum += weight * int(number[i]-'0')
		}
		if check := (11 - sum%11) % 11; check < 10 {
			return number + string(byte('0'+check))
		}
	}
}
