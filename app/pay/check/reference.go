package check

import (
	"regexp"
	"strings"
)

// The longest references.
const (
	longestOCR      = 25 // Bankgirot, OCR-referenskontroll
	longestCreditor = 25 // ISO 11649
)

// OCR returns the reference of a Swedish invoice: two to 25 digits, the last of
// which is a check digit by modulus 10. Whether the payee also checks its length is
// known to their bank alone.
func OCR(text string) (string, *Fault) {
	digits := compact(text)
	switch {
	case digits == "":
		return "", fault(Missing)
	case !allDigits(digits):
		return "", fault(ReferenceForm)
	case len(digits) < 2 || len(digits) > longestOCR:
		return "", &Fault{Code: ReferenceLength, Number: len(digits), Of: longestOCR}
	case !modulus10(digits):
		return "", fault(ReferenceDigits)
	}
	return digits, nil
}

var creditorForm = regexp.MustCompile(`^RF[0-9]{2}[A-Z0-9]+$`)

var purposeForm = regexp.MustCompile(`^[A-Z0-9]{4}$`)

// Purpose returns a code that says what a payment is for: four letters, some with digits
// (ISO 20022 ExternalPurpose1Code). Which of them there are changes four times a year, so
// that a bank knows more than this program.
func Purpose(text string) (string, *Fault) {
	code := strings.ToUpper(strings.TrimSpace(text))
	if !purposeForm.MatchString(code) {
		return "", &Fault{Code: PurposeForm, Text: text}
	}
	return code, nil
}

// CreditorReference returns a structured creditor reference, RF with two check
// digits by modulus 97 and up to 21 letters and digits (ISO 11649).
func CreditorReference(text string) (string, *Fault) {
	reference := compact(text)
	switch {
	case reference == "":
		return "", fault(Missing)
	case len(reference) > longestCreditor:
		return "", &Fault{Code: ReferenceLength, Number: len(reference), Of: longestCreditor}
	case !creditorForm.MatchString(reference):
		return "", fault(CreditorForm)
	case modulus97(reference[4:]+reference[:4]) != 1:
		return "", fault(ReferenceDigits)
	}
	return reference, nil
}

// LikeReference reports whether a text has the form of a structured creditor reference,
// whatever its check digits.
func LikeReference(text string) bool { return creditorForm.MatchString(compact(text)) }

// modulus97 is the remainder of ISO 7064 MOD 97-10, with A as 10 to Z as 35.
func modulus97(s string) int {
	rest := 0
	for _, c := range strings.ToUpper(s) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}
