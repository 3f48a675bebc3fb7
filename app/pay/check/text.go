package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"consentry/storage/fold"
)

// takes reports whether a character is one that every bank takes in the texts of a
// payment: Latin letters without marks, digits and / - ? : ( ) . , ' + and the blank
// (BG 1.3.12 section 14; EPC217-08, SEPA requirements for an extended character set).
func takes(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r != 0 && strings.ContainsRune("/-?:().,'+ ", r)
}

// Text returns a text of a payment without blanks around it. Where it holds
// characters that not every bank takes, the fault offers the text in those that do.
// Only extended says that the bank takes any letters. An empty text is no fault.
func Text(text string, longest int, extended bool) (string, *Fault) {
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	var others []rune
	for _, r := range text {
		if !takes(r) && !(extended && unicode.IsPrint(r)) && !strings.ContainsRune(string(others), r) {
			others = append(others, r)
		}
	}
	if others != nil {
		written := Transliterate(text)
		return "", &Fault{Code: TextCharacters, Text: string(others), Other: cut(written, longest), Number: utf8.RuneCountInString(written), Of: longest}
	}
	if n := utf8.RuneCountInString(text); n > longest {
		return "", &Fault{Code: TextLength, Number: n, Of: longest}
	}
	if !extended && (strings.HasPrefix(text, "/") || strings.HasSuffix(text, "/") || strings.Contains(text, "//")) {
		return "", &Fault{Code: TextSlash}
	}
	return text, nil
}

// Transliterate returns a text in the letters that every bank takes, as it may be
// offered to the person: Georgian by the national system of 2002 without its
// apostrophes, Cyrillic and all else by the tables of Unidecode, and letters with marks
// as the countries write them that have them: ä as ae, å as aa, ø as oe, ß as ss.
// What has no such letter is left out.
func Transliterate(text string) string {
	var b strings.Builder
	runes := []rune(norm.NFC.String(text))
	for i, r := range runes {
		switch written, known := spell(unicode.ToLower(r)); {
		case takes(r):
			b.WriteRune(r)
		case known && unicode.IsUpper(r):
			head := strings.ToUpper(written[:1])
			if next := i + 1; next < len(runes) && unicode.IsUpper(runes[next]) || next == len(runes) && i > 0 && unicode.IsUpper(runes[i-1]) {
				b.WriteString(strings.ToUpper(written)) // within capitals
			} else {
				b.WriteString(head + written[1:])
			}
		case known:
			b.WriteString(written)
		default:
			for _, each := range unidecode.Unidecode(string(r)) {
				if takes(each) && each != '\'' {
					b.WriteRune(each)
				} else if unicode.IsSpace(each) {
					b.WriteByte(' ')
				}
			}
		}
	}
	plain := strings.Join(strings.Fields(b.String()), " ")
	for strings.Contains(plain, "//") {
		plain = strings.ReplaceAll(plain, "//", "/")
	}
	return strings.TrimSpace(strings.Trim(plain, "/"))
}

func spell(r rune) (written string, known bool) {
	if written, known = spelled[r]; known {
		return written, true
	}
	written, known = fold.Georgian[r]
	return written, known
}

// spelled are letters whose countries write them with others where they have to.
var spelled = map[rune]string{
	'&': "+", '_': "-", // EPC217-08
	'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss", 'å': "aa", 'æ': "ae", 'ø': "oe", 'œ': "oe", 'þ': "th", 'ð': "d",
}

// cut is a text of at most so many characters.
func cut(text string, longest int) string {
	runes := []rune(text)
	return strings.TrimSpace(string(runes[:min(longest, len(runes))]))
}
