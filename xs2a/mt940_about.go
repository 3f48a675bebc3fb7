package xs2a

import (
	"regexp"
	"strings"
)

// mtStructured begins a field 86 in the form of German and Austrian banks: a
// three-digit code, then parts that begin with a sign and two digits
// (DFÜ-Abkommen, annex 3, chapter 8).
var mtStructured = regexp.MustCompile(`^([0-9]{3})([^0-9A-Za-z\s])[0-9]{2}`)

// mtDescribe reads field 86, which is free text or parts. The party in it is
// the other one.
func mtDescribe(t *Transaction, lines []string) {
	whole := strings.Join(lines, "")
	form := mtStructured.FindStringSubmatch(whole)
	if form == nil {
		t.Remittance = strings.TrimSpace(strings.Join(lines, "\n"))
		return
	}
	if t.BankCode != "" {
		t.BankCode += "+"
	}
	t.BankCode += form[1]
	var name, account string
	var about []string
	for part := range strings.SplitSeq(whole[len(form[1]):], form[2]) {
		if len(part) < 2 {
			continue
		}
		number, content := part[:2], part[2:]
		switch {
		case number == "00":
			t.Additional = strings.TrimSpace(content + " " + t.Additional)
		case number == "31":
			account = content
		case number == "32" || number == "33":
			name += content
		case number >= "20" && number <= "29" || number >= "60" && number <= "63":
			about = append(about, content)
		}
	}
	t.party(strings.TrimSpace(name), strings.TrimSpace(account))
	t.Remittance, t.EndToEndID = mtRemittance(about)
}

// party names the other side: the creditor when money left the account.
func (t *Transaction) party(name, account string) {
	if t.Amount.Negative() {
		t.CreditorName, t.CreditorAccount = name, account
	} else {
		t.DebtorName, t.DebtorAccount = name, account
	}
}

// sepaKeyword begins a piece of SEPA data inside the remittance parts, such as
// EREF+ for the end-to-end reference and SVWZ+ for the text.
var sepaKeyword = regexp.MustCompile(`^([A-Z]{4}|IBAN|BIC)\+`)

// mtRemittance joins the parts, which are cut at 27 characters wherever the
// text stands, and takes the end-to-end reference out where keywords name it.
func mtRemittance(parts []string) (remittance, endToEnd string) {
	const full = 27
	var keyword string
	pieces := map[string]string{}
	cut := false
	for _, part := range parts {
		length := len([]rune(part))
		if found := sepaKeyword.FindStringSubmatch(part); found != nil {
			keyword, part, cut = found[1], part[len(found[0]):], true
		}
		if !cut && pieces[keyword] != "" && !strings.HasPrefix(part, " ") {
			pieces[keyword] += " "
		}
		pieces[keyword] += part
		cut = length >= full
	}
	text, keyed := pieces["SVWZ"]
	if !keyed {
		text = pieces[""]
	} else if pieces[""] != "" {
		text = pieces[""] + " " + text
	}
	return strings.TrimSpace(text), strings.TrimSpace(pieces["EREF"])
}
