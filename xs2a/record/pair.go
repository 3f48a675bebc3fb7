package record

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pairs redacts names with values as they stand in plain text and in lines of
// headers: "password: sommer".
func (r *redactor) pairs(s string) string {
	return replaceEach(s, func(s string, from int) (begin, end int) {
		for at := from; ; {
			colon := strings.IndexByte(s[at:], ':')
			if colon < 0 {
				return -1, -1
			}
			colon += at
			at = colon + 1
			if colon > from && s[colon-1] == '"' {
				continue // a name in JSON, of which a report holds thousands
			}
			name := nameBefore(s[from:colon])
			if name == "" || !secretName(name) {
				continue
			}
			begin, end = valueAfter(s, at)
			plain := s[begin:end]
			if plain != "" && !schemes[strings.ToLower(plain)] && !strings.Contains(plain, Redacted) && !r.messageCode(name, plain) {
				return begin, end
			}
		}
	}, r.take)
}

// sentences redacts what a sentence says of a secret: "the code is 123". It holds
// a digit: without, it is a word such as "wrong".
func (r *redactor) sentences(s string) string {
	return replaceEach(s, func(s string, from int) (begin, end int) {
		for at := from; ; {
			blank := strings.IndexByte(s[at:], ' ')
			if blank < 0 {
				return -1, -1
			}
			blank += at
			at = blank + 1
			if !spoken[strings.ToLower(s[lastWord(s, from, blank):blank])] {
				continue
			}
			name := nameBefore(s[from:blank])
			found := said.FindStringSubmatchIndex(s[blank:min(blank+longestSaid, len(s))])
			if found == nil || !secretName(name) {
				continue
			}
			begin, end = blank+found[2], blank+found[3]
			for end < len(s) && inBase64(s[end]) { // to the end of a longer one
				end++
			}
			if !r.messageCode(name, s[begin:end]) {
				return begin, end
			}
		}
	}, r.take)
}

// spoken are the words for secrets in sentences.
var spoken = wordSet("password", "passcode", "passwort", "passphrase", "kennwort", "pin", "otp", "tan", "code")

// lastWord returns where the word begins that ends at a place.
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
