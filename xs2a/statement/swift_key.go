package statement

import (
	"cmp"
	"regexp"
	"strings"
)

// The keys of a field 86 between slashes, as banks of the Netherlands and of
// the SWIFT network write them (SWIFT's MT940 usage for SEPA). Others stay
// text.
const mtKeyNames = `ACCW|ADDR|BENM|BIC|BUSP|CD|CNTP|CREF|CSID|EREF|EXCH|IBAN|ID|IREF|ISDT|MARF|NAME|NRTX|OCMT|ORDP|PREF|PURP|REMI|RTRN|RTYP|SVCL|TRCD|TRTP|ULTB|ULTC|ULTD`

var (
	mtSlashed = regexp.MustCompile(`^/(?:` + mtKeyNames + `)/`)
	mtKey     = regexp.MustCompile(`/(` + mtKeyNames + `)/`)

	// mtStructure begins remittance information and says of what kind it is.
	mtStructure = regexp.MustCompile(`^(?:USTD/+|STRD/[A-Z]{0,4}/)`)
)

// mtKeys reads what the keys name, of each the first. A name after the key of
// an ultimate party is that party's.
func mtKeys(e *Entry, lines []string) {
	const full = 65
	all := stitch(lines, full)
	keyed := map[string]string{}
	places := mtKey.FindAllStringSubmatchIndex(all.text, -1)
	whose := ""
	for i, at := range places {
		to := len(all.text)
		if i+1 < len(places) {
			to = places[i+1][0]
		}
		key := all.text[at[2]:at[3]]
		switch key {
		case "ULTB", "ULTC", "ULTD":
			whose = "ULT"
		case "BENM", "ORDP", "CNTP":
			whose = ""
		}
		if key == "NAME" {
			key = whose + key
		}
		if keyed[key] == "" {
			keyed[key] = strings.Trim(all.words(at[1], to), "/ ")
		}
	}
	e.keyed(keyed)
}

func (e *Entry) keyed(by map[string]string) {
	account, agent, name := by["IBAN"], by["BIC"], by["NAME"]
	if c := strings.Split(by["CNTP"], "/"); len(c) >= 3 { // account, bank, name, town
		account, agent, name = c[0], c[1], c[2]
	}
	account = cmp.Or(account, by["ACCW"], e.other().Account) // field 61 may have named it
	*e.other() = Party{name, by["ULTNAME"], account, agent}
	e.Remittance = mtStructure.ReplaceAllString(by["REMI"], "")
	e.EndToEndID, e.MandateID, e.CreditorID = by["EREF"], by["MARF"], by["CSID"]
	e.PurposeCode = cmp.Or(by["CD"], by["PURP"])
	e.ReturnCode, e.Kind = by["RTRN"], by["TRTP"]
}
