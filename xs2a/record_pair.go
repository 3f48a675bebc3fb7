package xs2a

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pairs redacts names with values as they stand in plain text and in lines of
// headers: "password: sommer", "the code is 123".
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
	b.WriteString(s[at:])
	return said.ReplaceAllStringFunc(b.String(), func(found string) string {
		parts := said.FindStringSubmatch(found)
		if !secretName(parts[1]+parts[2]) || r.messageCode(parts[1]+parts[2], parts[4]) {
			return found
		}
		return parts[1] + parts[2] + parts[3] + r.take(parts[4])
	})
}

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

// said is a secret in a sentence. It holds a digit: without, it is a word such as
// "wrong".
var said = regexp.MustCompile(`(?i)\b([a-z]+[ \-])?(pass(?:word|code|wort|phrase)?|kennwort|pin|otp|tan|code)(\s+(?:is\s+|was\s+|ist\s+|war\s+)?["'(]?)([a-z0-9_\-]*[0-9][a-z0-9_\-]*)`)
