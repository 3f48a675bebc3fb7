package check

import (
	"errors"
	"regexp"
	"strings"

	"github.com/jacoelho/banking/bic"
	"github.com/jacoelho/banking/iban"
)

var ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]*$`)

// IBAN returns an IBAN without blanks, in capitals (ISO 13616): the country is in
// the registry, and length, structure and check digits are those of the country.
func IBAN(text string) (string, *Fault) {
	number := compact(text)
	if number == "" {
		return "", fault(Missing)
	}
	if !ibanForm.MatchString(number) {
		return "", fault(IBANStructure)
	}
	country := number[:2]
	err := iban.Validate(number)
	var (
		length   *iban.ErrValidationLength
		checksum *iban.ErrValidationChecksum
		unknown  *iban.ErrUnsupportedCountry
	)
	switch {
	case err == nil:
		return number, nil
	case errors.As(err, &length):
		return "", &Fault{Code: IBANLength, Text: country, Number: len(number), Of: length.Expected}
	case errors.As(err, &checksum):
		return "", fault(IBANDigits)
	case errors.As(err, &unknown):
		return "", &Fault{Code: IBANCountry, Text: country}
	}
	return "", &Fault{Code: IBANStructure, Text: country}
}

// LikeIBAN reports whether a text begins as an IBAN does.
func LikeIBAN(text string) bool {
	number := compact(text)
	return len(number) > 4 && ibanForm.MatchString(number[:4])
}

// BIC returns a BIC in capitals (ISO 9362), with the branch as far as it was given.
func BIC(text string) (string, *Fault) {
	code := compact(text)
	if code == "" {
		return "", fault(Missing)
	}
	if _, err := bic.Parse(code); err != nil {
		return "", &Fault{Code: NotABIC, Text: code}
	}
	return code, nil
}

// Bankgiro returns a Swedish bankgiro number as it is written, NNN-NNNN or
// NNNN-NNNN: seven or eight digits, the last of which is a check digit by modulus 10
// (Bankgirot, Kontroll av nummer).
func Bankgiro(text string) (string, *Fault) {
	digits, fault := giro(text, 7, 8)
	if fault != nil {
		return "", fault
	}
	return digits[:len(digits)-4] + "-" + digits[len(digits)-4:], nil
}

// Plusgiro returns a Swedish plusgiro number as it is written, N-N to NN NN NN N-N
// without the blanks: two to eight digits, the last of which is a check digit by
// modulus 10.
func Plusgiro(text string) (string, *Fault) {
	digits, fault := giro(text, 2, 8)
	if fault != nil {
		return "", fault
	}
	return digits[:len(digits)-1] + "-" + digits[len(digits)-1:], nil
}

func giro(text string, shortest, longest int) (string, *Fault) {
	digits := compact(text)
	if digits == "" {
		return "", fault(Missing)
	}
	if allDigits(digits) && strings.Trim(digits, "0") == "" {
		return "", fault(GiroDigits) // it passes the check, and is nobody's
	}
	if !allDigits(digits) || len(digits) < shortest || len(digits) > longest {
		return "", &Fault{Code: GiroLength, Number: len(digits)}
	}
	if !modulus10(digits) {
		return "", fault(GiroDigits)
	}
	return digits, nil
}

// Clearing returns a Swedish clearing number: four digits from 1000 to 9999, and
// of those that begin with 8 also five, the last of which is a check digit by
// modulus 10 (Bankinfrastruktur i Sverige, Kontonummeruppbyggnad i svenska banker).
func Clearing(text string) (string, *Fault) {
	digits := compact(text)
	switch {
	case digits == "":
		return "", fault(Missing)
	case !allDigits(digits) || digits[0] == '0' || len(digits) != 4 && (len(digits) != 5 || digits[0] != '8'):
		return "", fault(ClearingNumber)
	case len(digits) == 5 && !modulus10(digits):
		return "", fault(ClearingDigits)
	}
	return digits, nil
}

var bbanForm = regexp.MustCompile(`^[A-Z0-9]{1,30}$`)

// BBAN returns an account number of a country's own form, as it goes into
// accountReference (BG 1.3.12 section 14.5): letters and digits, at most 30.
func BBAN(text string) (string, *Fault) {
	number := compact(text)
	switch {
	case number == "":
		return "", fault(Missing)
	case !bbanForm.MatchString(number):
		return "", fault(BBANForm)
	}
	return number, nil
}

// compact is a number without what people put in between to read it.
func compact(text string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\u2009', '\t', '\n', '\r', '-', '\u2010', '\u2011', '\u2013', '.':
			return -1
		}
		return r
	}, text))
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// modulus10 reports whether the last of the digits is the check digit of those
// before it: each second one from the right counts twice, and the sum of all
// digits is a multiple of ten (ISO/IEC 7812-1 annex B).
func modulus10(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return sum%10 == 0
}
