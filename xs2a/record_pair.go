package xs2a

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pairs redacts names with values as they stand in plain text and in lines of
// headers: "password: sommer".
func (r *redactor) pairs(s string) string {
	var b strings.Builder
	at := 0
	for from := 0; ; {
		colon := strings.IndexByte(s[from:], ':')
		if colon < 0 {
			break
		}
		colon += from
		from = colon + 1
		name := nameBefore(s[at:colon])
		if name == "" || !secretName(name) {
			continue
		}
		value, end := valueAfter(s, colon+1)
		plain := s[value:end]
		if plain == "" || schemes[strings.ToLower(plain)] || strings.Contains(plain, Redacted) || r.messageCode(name, plain) {
			continue
		}
		b.WriteString(s[at:value] + r.take(plain))
		at, from = end, end
	}
	if at == 0 {
		return s
	}
	b.WriteString(s[at:])
	return b.String()
}

// sentences redacts what a sentence says of a secret: "the code is 123". It holds
// a digit: without, it is a word such as "wrong".
func (r *redactor) sentences(s string) string {
	var b strings.Builder
	at := 0
	for from := 0; ; {
		blank := strings.IndexByte(s[from:], ' ')
		if blank < 0 {
			break
		}
		blank += from
		from = blank + 1
		if !spoken[strings.ToLower(s[lastWord(s, at, blank):blank])] {
			continue
		}
		name := nameBefore(s[at:blank])
		found := said.FindStringSubmatchIndex(s[blank:min(blank+longestSaid, len(s))])
		if found == nil || !secretName(name) {
			continue
		}
		value, end := blank+found[2], blank+found[3]
		for end < len(s) && inBase64(s[end]) { // to the end of a longer one
			end++
		}
		if plain := s[value:end]; !r.messageCode(name, plain) {
			b.WriteString(s[at:value] + r.take(plain))
			at, from = end, end
		}
	}
	if at == 0 {
		return s
	}
	b.WriteString(s[at:])
	return b.String()
}

// spoken are the words for secrets in sentences.
var spoken = wordSet("password", "passcode", "passwort", "passphrase", "kennwort", "pin", "otp", "tan", "code")

// lastWord gives where the word begins that ends at a place.
func lastWord(s string, from, end int) int {
	at := end
	for at > from && end-at <= len("passphrase") && (s[at-1] >= 'a' && s[at-1] <= 'z' || s[at-1] >= 'A' && s[at-1] <= 'Z') {
		at--
	}
	return at
}

// longestSaid bounds how far behind the word for it a secret begins.
const longestSaid = 256

var said = regexp.MustCompile(`(?i)^\s+(?:(?:is|was|ist|war)\s+)?["'(]?([a-z0-9_\-]*[0-9][a-z0-9_\-]*)`)

// schemes are words before credentials, which are found by them.
var schemes = wordSet("bearer", "basic", "dpop", "signature")

// longestLabel bounds the words before a colon that are taken for a name.
const longestLabel = 64

// nameBefore is the name a text ends with: up to two words, for "sort code" is
// another name than "code". What ends with a quote is JSON's, and read as that.
func nameBefore(s string) string {
	s = strings.TrimRight(s[max(len(s)-longestLabel, 0):], " \t")
	s = strings.TrimSuffix(s, "'")
	blanks := 0
	from := len(s)
	for from > 0 {
		c, size := utf8.DecodeLastRuneInString(s[:from])
		if c == ' ' {
			blanks++
		}
		if blanks > 1 || c != ' ' && c != '-' && c != '_' && c != '.' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			break
		}
		from -= size
	}
	return strings.TrimSpace(s[from:])
}

// valueAfter is the word after a colon, without quotes.
func valueAfter(s string, at int) (from, end int) {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '"' || s[at] == '\'') {
		at++
	}
	end = at
	for end < len(s) && strings.IndexByte(" \t\r\n\"'<>&,;{}[]()", s[end]) < 0 {
		end++
	}
	return at, end
}
