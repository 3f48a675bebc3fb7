package xs2a

import (
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
func mtKeys(t *Transaction, lines []string) {
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
	t.keyed(keyed)
}

func (t *Transaction) keyed(by map[string]string) {
	account, agent, name := by["IBAN"], by["BIC"], by["NAME"]
	if c := strings.Split(by["CNTP"], "/"); len(c) >= 3 { // account, bank, name, town
		account, agent, name = c[0], c[1], c[2]
	}
	if account == "" {
		account = by["ACCW"]
	}
	if account == "" { // field 61 may have named it
		account = t.CreditorAccount + t.DebtorAccount
	}
	t.party(name, account, agent)
	if t.Amount.Negative() {
		t.nameCreditor(name, by["ULTNAME"])
	} else {
		t.nameDebtor(name, by["ULTNAME"])
	}
	t.Remittance = mtStructure.ReplaceAllString(by["REMI"], "")
	t.EndToEndID, t.MandateID, t.CreditorID, t.PurposeCode = by["EREF"], by["MARF"], by["CSID"], by["CD"]
	if t.PurposeCode == "" {
		t.PurposeCode = by["PURP"]
	}
	if by["RTRN"] != "" {
		t.returned(by["RTRN"], "")
	}
	if by["TRTP"] != "" {
		t.add(by["TRTP"])
	}
}
