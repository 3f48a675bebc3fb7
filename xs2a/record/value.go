package record

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Redacted stands where a secret was. It says nothing about its length.
const Redacted = "«redacted»"

// minEcho is the length from which a secret is looked for wherever it may
// stand. Shorter ones would be found in words and amounts that have nothing to
// do with them; they are taken out in the field they were sent in.
const minEcho = 6

// values take secrets out of texts by what they are, under whatever name and in
// whatever spelling.
type values []spelling

// spelling is one way to write a secret.
type spelling struct {
	text string
	// whole says that only a whole token counts. A secret that is a word or a
	// number may be a part of another one.
	whole bool
	// around are the characters that go along with it on both sides, where the
	// secret is written within something longer.
	around func(c byte) bool
}

// newValues makes the spellings of secrets.
func newValues(secrets []string) values {
	var v values
	for _, secret := range withoutBlanks(secrets) {
		if len(secret) < minEcho || strings.Contains(Redacted, secret) {
			continue
		}
		whole := ordinary(secret)
		for _, text := range spelled(secret) {
			v = append(v, spelling{text: text, whole: whole})
		}
		for _, text := range base64Forms(secret) {
			v = append(v, spelling{text: text, around: inBase64})
		}
		for _, text := range []string{hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))} {
			v = append(v, spelling{text: text, around: inHex})
		}
	}
	slices.SortFunc(v, func(a, b spelling) int { return strings.Compare(a.text, b.text) })
	return slices.CompactFunc(v, func(a, b spelling) bool { return a.text == b.text && a.whole == b.whole })
}

// withoutBlanks adds to secrets with blanks, such as a code typed in groups, what
// banks make of them.
func withoutBlanks(secrets []string) []string {
	all := slices.Clone(secrets)
	for _, secret := range secrets {
		if words := strings.Fields(secret); len(words) > 0 {
			all = append(all, strings.TrimSpace(secret), strings.Join(words, ""))
		}
	}
	return all
}

// ordinary reports whether a secret may stand by chance in what is no secret.
func ordinary(secret string) bool {
	letters, digits, others := 0, 0, 0
	for _, r := range secret {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		default:
			others++
		}
	}
	return len(secret) < 16 && (letters == 0 || digits == 0) && (others == 0 || digits == 0)
}

// spelled are the forms in which a secret is written that may hold what looks
// like an escape itself. All other escapes are read, see layer.
func spelled(secret string) []string {
	quoted := jsonText(secret)
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), quoted, htmlSafe.Replace(quoted), html.EscapeString(secret),
		strings.ReplaceAll(secret, " ", "+")}
	if latin, ok := latin1(secret); ok {
		forms = append(forms, latin)
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// latin1 is a text in ISO 8859-1, where it is another one there.
func latin1(s string) (encoded string, ok bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return "", false
		}
		b = append(b, byte(r))
	}
	return string(b), len(b) < len(s)
}

// base64Forms are the forms of a secret within something longer in base64: which one
// it is depends on how many bytes are before it.
func base64Forms(secret string) (forms []string) {
	for shift := range 3 {
		padded := strings.Repeat("\x00", shift) + secret
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString([]byte(padded))
			// The first and the last character may hold bits of what is beside it.
			from, to := (shift*8+5)/6, len(padded)*8/6
			forms = append(forms, encoded[from:to])
		}
	}
	return forms
}

func inBase64(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '+' || c == '/' || c == '-' || c == '_' || c == '='
}

func inHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// longest is the length of the longest spelling.
func (v values) longest() (most int) {
	for _, each := range v {
		most = max(most, len(each.text))
	}
	return most
}

// maxLayers bounds how deep escapes within escapes are read.
const maxLayers = 8

// clean takes the secrets out of a text. Whatever is no secret stays as it was
// written.
func (v values) clean(s string) string {
	if len(v) == 0 || s == "" {
		return s
	}
	var found []span
	for l, n := (layer{text: s}), 0; n < maxLayers; n++ {
		found = v.find(l, found)
		if folded, changed := l.fold(); changed {
			found = v.within().find(folded, found)
		}
		next, changed := l.read()
		if !changed {
			break
		}
		l = next
	}
	return without(s, found)
}

// within are the spellings that are looked for in something longer.
func (v values) within() values {
	return slices.DeleteFunc(slices.Clone(v), func(s spelling) bool { return s.around == nil })
}

// span is a part of a text.
type span struct{ from, to int }

// find notes where secrets stand in a layer, as places of the text itself.
func (v values) find(l layer, found []span) []span {
	for _, each := range v {
		for from := 0; from < len(l.text); {
			at := strings.Index(l.text[from:], each.text)
			if at < 0 {
				break
			}
			at += from
			end := at + len(each.text)
			if each.whole && partOfToken(l.text, at, end) {
				from = at + 1
				continue
			}
			for each.around != nil && at > 0 && each.around(l.text[at-1]) {
				at--
			}
			for each.around != nil && end < len(l.text) && each.around(l.text[end]) {
				end++
			}
			found = append(found, span{l.place(at), l.place(end)})
			from = end
		}
	}
	return found
}

// partOfToken reports whether a part of a text is only a part of a token, or of what
// stands for a secret.
func partOfToken(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return inToken(before) || inToken(after) || before == '«' && after == '»'
}

func inToken(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// without puts Redacted in the place of parts of a text.
func without(s string, parts []span) string {
	if len(parts) == 0 {
		return s
	}
	slices.SortFunc(parts, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for i := 0; i < len(parts); {
		from, to := parts[i].from, parts[i].to
		for i++; i < len(parts) && parts[i].from <= to; i++ {
			to = max(to, parts[i].to)
		}
		b.WriteString(s[at:from] + Redacted)
		at = to
	}
	return b.String() + s[at:]
}

// layer is a text of which the escapes of some layers were read, and where each
// of its bytes was written.
type layer struct {
	text   string
	places []int // one more than there are bytes; nil where nothing was read yet
}

func (l layer) place(at int) int {
	if l.places == nil {
		return at
	}
	return l.places[at]
}

// read reads the escapes of percent-encoding, JSON and HTML, and reports whether
// there were any.
func (l layer) read() (next layer, changed bool) {
	if !strings.ContainsAny(l.text, `%\&`) {
		return l, false
	}
	plain, places := make([]byte, 0, len(l.text)), make([]int, 0, len(l.text)+1)
	for i := 0; i < len(l.text); {
		meant, length := escape1(l.text[i:])
		if length == 0 {
			meant, length = l.text[i:i+1], 1
		} else {
			changed = true
		}
		for j := range len(meant) {
			plain, places = append(plain, meant[j]), append(places, l.place(i))
		}
		i += length
	}
	return layer{string(plain), append(places, l.place(len(l.text)))}, changed
}

// shortestLine is less than the lines have into which long base64 is cut: 64 in PEM,
// 76 in MIME (RFC 7468 section 2, RFC 2045 section 6.8).
const shortestLine = 48

// fold joins lines of base64, and reports whether there were any.
func (l layer) fold() (next layer, changed bool) {
	var plain []byte
	var places []int
	run, copied := 0, 0
	for i := 0; i < len(l.text); i++ {
		if inBase64(l.text[i]) {
			run++
			continue
		}
		end := i
		for end < len(l.text) && (l.text[end] == '\r' || l.text[end] == '\n') {
			end++
		}
		if run < shortestLine || end == i {
			run = 0
			continue
		}
		for ; copied < i; copied++ {
			plain, places = append(plain, l.text[copied]), append(places, l.place(copied))
		}
		i, copied, run = end-1, end, 0
	}
	if plain == nil {
		return l, false
	}
	for ; copied < len(l.text); copied++ {
		plain, places = append(plain, l.text[copied]), append(places, l.place(copied))
	}
	return layer{string(plain), append(places, l.place(len(l.text)))}, true
}

// escape1 reads the escape a text begins with; none has no length.
func escape1(s string) (meant string, length int) {
	switch s[0] {
	case '%':
		if len(s) >= 3 {
			if b, err := hex.DecodeString(s[1:3]); err == nil {
				return string(b), 3
			}
		}
	case '\\':
		return escapeJSON(s)
	case '&':
		if strings.HasPrefix(s, "&#") {
			return numericReference(s)
		}
		if end := strings.IndexAny(s[1:min(len(s), longestEntity)], "&;") + 1; end > 1 && s[end] == ';' {
			if meant := html.UnescapeString(s[:end+1]); meant != s[:end+1] {
				return meant, end + 1
			}
		}
	}
	return "", 0
}

// longestEntity is more than those take that stand for a sign in a secret.
const longestEntity = 12

// longestReference is more than the digits take of a reference, with those that
// mean nothing.
const longestReference = 64

// numericReference reads a numeric reference to a character, with or without the sign at
// its end: HTML section 13.2.5.80.
func numericReference(s string) (meant string, length int) {
	at, base := len("&#"), 10
	if at < len(s) && (s[at] == 'x' || s[at] == 'X') {
		at, base = at+1, 16
	}
	end := at
	for end < len(s) && end-at < longestReference && inHex(s[end]) && (base == 16 || s[end] <= '9') {
		end++
	}
	n, err := strconv.ParseInt(s[at:end], base, 32)
	if err != nil {
		return "", 0
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return string(rune(n)), end
}

// escapeJSON reads an escape of JSON, and those of script beside: ECMA-262 section 12.9.4.
func escapeJSON(s string) (meant string, length int) {
	if len(s) < 2 {
		return "", 0
	}
	if at := strings.IndexByte(`"\/bfnrt'`, s[1]); at >= 0 {
		return "\"\\/\b\f\n\r\t'"[at : at+1], 2
	}
	if s[1] == 'x' && len(s) >= 4 {
		if b, err := hex.DecodeString(s[2:4]); err == nil {
			return string(b), 4
		}
	}
	if strings.HasPrefix(s, `\u{`) {
		end := strings.IndexByte(s[:min(len(s), longestEntity)], '}')
		if n, err := strconv.ParseInt(s[3:max(end, 3)], 16, 32); err == nil {
			return string(rune(n)), end + 1
		}
	}
	first, ok := unit(s)
	if !ok {
		return "", 0
	}
	if second, more := unit(s[6:]); more && utf16.IsSurrogate(first) {
		if r := utf16.DecodeRune(first, second); r != unicode.ReplacementChar {
			return string(r), 12
		}
	}
	return string(first), 6
}

// unit reads a \uXXXX.
func unit(s string) (r rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
