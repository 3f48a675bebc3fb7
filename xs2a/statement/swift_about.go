package statement

import (
	"cmp"
	"regexp"
	"strings"
)

// mtStructured begins a field 86 in the form of German and Austrian banks: a
// three-digit code, then parts that begin with a sign and two digits
// (DFÜ-Abkommen, annex 3, chapter 8).
var mtStructured = regexp.MustCompile(`^([0-9]{3})([^0-9A-Za-z\s])[0-9]{2}`)

// mtDescribe reads the fields 86 of an entry, which are parts, keys between
// slashes, or free text. The party in them is the other one.
func mtDescribe(e *Entry, about mtStatement) {
	var lines []string
	for _, f := range about {
		lines = append(lines, f.lines...)
	}
	if len(lines) == 0 {
		return
	}
	if form := mtStructured.FindStringSubmatch(strings.Join(about[0].lines, "")); form != nil {
		e.BankCode = strings.TrimPrefix(e.BankCode+"+"+form[1], "+")
		mtParts(e, about, form[1], form[2])
		return
	}
	if mtSlashed.MatchString(lines[0]) {
		mtKeys(e, lines)
		return
	}
	e.Remittance = strings.TrimSpace(strings.Join(lines, "\n"))
}

// mtPart is a numbered part of field 86.
type mtPart struct{ number, content string }

// mtParts reads the parts. Of several fields, those that do not go on with
// parts are text.
func mtParts(e *Entry, about mtStatement, code, sign string) {
	var whole strings.Builder
	var free, titles, names, words []string
	for _, f := range about {
		text := strings.TrimPrefix(strings.Join(f.lines, ""), code)
		if strings.HasPrefix(text, sign) {
			whole.WriteString(text)
		} else {
			free = append(free, text)
		}
	}
	var account, agent string
	for _, part := range mtDivide(whole.String(), sign) {
		switch number, content := part.number, part.content; {
		case number == "00":
			titles = append(titles, content)
		case number == "30":
			agent = content
		case number == "31":
			account = content
		case number == "32" || number == "33":
			names = append(names, content)
		case number >= "20" && number <= "29" || number >= "60" && number <= "63":
			words = append(words, content)
		}
	}
	if account = strings.TrimSpace(account); account == "" { // field 61 may have named it
		account = e.other().Account
	}
	e.Additional = strings.TrimSpace(strings.Join(titles, " ") + " " + e.Additional)
	*e.other() = Party{Name: strings.TrimSpace(strings.Join(names, "")), Account: account, Agent: strings.TrimSpace(agent)}
	sepaWords(e, words)
	e.Remittance = strings.TrimSpace(strings.Join(append([]string{e.Remittance}, free...), "\n"))
}

// mtDivide returns the parts of a field 86. The sign without two digits after it
// belongs to the text.
func mtDivide(s, sign string) []mtPart {
	var parts []mtPart
	var pieces []string
	end := func() {
		if len(parts) > 0 {
			parts[len(parts)-1].content = strings.Join(pieces, sign)
		}
		pieces = nil
	}
	for piece := range strings.SplitSeq(strings.TrimRight(s, sign), sign) {
		if len(piece) >= 2 && isDigit(piece[0]) && isDigit(piece[1]) {
			end()
			parts, piece = append(parts, mtPart{number: piece[:2]}), piece[2:]
		}
		pieces = append(pieces, piece)
	}
	end()
	return parts
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// sepaKeyword begins a piece of SEPA data inside the remittance parts, such as
// EREF+ for the end-to-end reference and SVWZ+ for the text.
var sepaKeyword = regexp.MustCompile(`(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|BREF|RREF)\+`)

// sepaWords takes the remittance parts, which are cut wherever the text
// stands, into what the keywords in them name and the text.
func sepaWords(e *Entry, parts []string) {
	const full = 27
	all := stitch(parts, full)
	keyed := map[string]string{}
	var text []string
	keyword, from := "SVWZ", 0 // text before the first keyword is text
	end := func(at int) {
		switch keyword {
		case "SVWZ":
			text = append(text, all.words(from, at))
		default:
			if keyed[keyword] == "" {
				keyed[keyword] = all.reference(from, at)
			}
		}
	}
	for _, at := range sepaKeyword.FindAllStringSubmatchIndex(all.text, -1) {
		if !all.begins(at[0]) {
			continue
		}
		end(at[0])
		keyword, from = all.text[at[2]:at[3]], at[1]
	}
	end(len(all.text))
	e.Remittance = strings.TrimSpace(strings.Join(text, " "))
	e.EndToEndID, e.MandateID, e.CreditorID = keyed["EREF"], keyed["MREF"], keyed["CRED"]
	e.PurposeCode = keyed["PURP"]
	e.Reference = cmp.Or(e.Reference, keyed["KREF"])
}
