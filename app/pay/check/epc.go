package check

import (
	"errors"
	"regexp"
	"strings"
)

// Pasted is what a text or a code holds of a payment. A member is empty where it
// holds none, and each is checked as if it had been typed.
type Pasted struct {
	IBAN, BIC, Name  string
	Amount, Currency string
	Reference        string // structured
	Text             string // unstructured
	Purpose          string // ISO 20022 external purpose code
}

// ErrNothing says that a text holds nothing of a payment.
var ErrNothing = errors.New("check: there is nothing of a payment")

// longestPasted bounds what is looked through: a code holds 331 bytes.
const longestPasted = 16 << 10

// Paste reads a text: the content of a QR code in the EPC's form, or any text with
// exactly one IBAN in it. Faults are by the name of the member they concern.
func Paste(text string) (Pasted, map[string]*Fault, error) {
	if len(text) > longestPasted {
		return Pasted{}, nil, ErrNothing
	}
	text = strings.TrimPrefix(strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")), "\ufeff")
	if strings.HasPrefix(text, "BCD\n") {
		return readEPC(strings.Split(text, "\n"))
	}
	var found []string
	for rest := text; ; {
		place := ibanInText.FindStringIndex(rest)
		if place == nil {
			break
		}
		number, taken := longestIBAN(rest[place[0]:place[1]])
		if number != "" && (found == nil || found[0] != number) {
			found = append(found, number)
		}
		rest = rest[place[0]+taken:]
	}
	if len(found) != 1 { // of two nobody knows which is meant
		return Pasted{}, nil, ErrNothing
	}
	return Pasted{IBAN: found[0]}, nil, nil
}

// The lines of the code (EPC069-12 v2.1 table 2).
const (
	epcTag = iota
	epcVersion
	epcCharacters
	epcIdentification
	epcBIC
	epcName
	epcIBAN
	epcAmount
	epcPurpose
	epcReference
	epcText
)

// The longest name and text of a credit transfer (EPC069-12 v2.1 table 2).
const (
	longestName = 70
	longestText = 140
)

func readEPC(lines []string) (p Pasted, faults map[string]*Fault, err error) {
	line := func(n int) string {
		if n < len(lines) {
			return strings.TrimSpace(lines[n])
		}
		return ""
	}
	faults = map[string]*Fault{}
	take := func(name, given string, to *string, read func(string) (string, *Fault)) {
		if given == "" {
			return
		}
		value, wrong := read(given)
		if wrong != nil {
			faults[name] = wrong
			return
		}
		*to = value
	}
	if line(epcIdentification) != "SCT" {
		return Pasted{}, nil, ErrNothing // it asks for something else than a credit transfer
	}
	take("iban", line(epcIBAN), &p.IBAN, IBAN)
	take("bic", line(epcBIC), &p.BIC, BIC)
	take("name", line(epcName), &p.Name, func(s string) (string, *Fault) { return Text(s, longestName, true) })
	if amount := line(epcAmount); amount != "" {
		p.Currency = "EUR" // the only one there is in a code
		take("amount", strings.TrimPrefix(amount, "EUR"), &p.Amount, func(s string) (string, *Fault) { return Amount(s, "EUR") })
	}
	take("purpose", line(epcPurpose), &p.Purpose, Purpose)
	take("reference", line(epcReference), &p.Reference, func(s string) (string, *Fault) {
		if strings.HasPrefix(strings.ToUpper(s), "RF") {
			return CreditorReference(s)
		}
		return Text(s, longestCreditor, false) // a country's own
	})
	take("text", line(epcText), &p.Text, func(s string) (string, *Fault) { return Text(s, longestText, true) })
	return p, faults, nil
}

// ibanInText is what may be an IBAN within a text: whoever writes one leaves a
// blank after each four characters, or none.
var ibanInText = regexp.MustCompile(`\b[A-Za-z]{2}[0-9]{2}(?:[ \x{00a0}]?[A-Za-z0-9]){11,30}`)

// longestIBAN returns the longest beginning of a text that is an IBAN, with how much
// of the text that takes: the word after it may have been matched along. Where there
// is none, the country is passed over.
func longestIBAN(text string) (number string, taken int) {
	for n := len(text); n >= 15; n-- {
		if whole, fault := IBAN(text[:n]); fault == nil {
			return whole, n
		}
	}
	return "", 2
}
