package quirk

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"consentry/app/failure"
)

// mostNote is how many characters a note may have.
const mostNote = 300

var (
	// longNumber is what account numbers, cards and telephones are: eight digits and more, in groups or not.
	longNumber = regexp.MustCompile(`\p{Nd}(?:[ ./-]?\p{Nd}){7,}`)

	// iban is one in groups or not, its country in front (ISO 13616).
	iban = regexp.MustCompile(`(?i)\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,}`)

	// token is a word that nobody would write: long, with letters and digits.
	token = regexp.MustCompile(`[A-Za-z0-9_\-+/=.]{24,}`)
)

// unfit returns why a note may not stand on a card, which is made to be passed on; empty where it
// may: it is too long, no text, or has an account number, a secret or one of some names in it.
func unfit(note string, names []string) (code string) {
	switch {
	case utf8.RuneCountInString(note) > mostNote:
		return failure.LongerThan
	case !utf8.ValidString(note) || strings.ContainsFunc(note, unicode.IsControl) || strings.ContainsFunc(note, turns):
		return failure.NotShowable
	}
	read := plainly(note)
	if longNumber.MatchString(read) || iban.MatchString(read) {
		return failure.NoteWithNumber
	}
	for _, word := range token.FindAllString(read, -1) {
		if strings.ContainsAny(word, "0123456789") {
			return failure.NoteWithSecret
		}
	}
	for _, name := range names {
		if name = strings.ToLower(plainly(name)); name != "" && strings.Contains(strings.ToLower(read), name) {
			return failure.NoteWithName
		}
	}
	return ""
}

// plainly is a text as a person reads it: without what is not seen and without accents, and with
// one form of each letter, blank and dash.
func plainly(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cf, unicode.Mn):
			return -1
		case unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		}
		return r
	}, norm.NFKD.String(text))
}

// turns reports whether a character turns round how those after it are read (UAX 9), by which a
// text can look like another.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
