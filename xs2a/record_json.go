package xs2a

import (
	"encoding/json"
	"strings"
)

// quoted redacts JSON, and whatever looks like it: members with secret names
// lose their values, and texts are looked into. It reads token by token and
// needs neither a beginning nor an end, because a body may be cut or broken.
// All but the secrets stays as it was written.
func (r *redactor) quoted(s string, depth int) string {
	if depth <= 0 || !strings.Contains(s, `"`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		open := strings.IndexByte(s[i:], '"')
		if open < 0 {
			b.WriteString(s[i:])
			break
		}
		b.WriteString(s[i : i+open])
		i += open
		raw, end := quotedText(s, i)
		colon := skipSpace(s, end)
		if colon >= len(s) || s[colon] != ':' {
			b.WriteString(r.leaf(s[i:end], raw, depth))
			i = end
			continue
		}
		value := skipSpace(s, colon+1)
		name := unquote(raw)
		b.WriteString(s[i:value])
		i = value
		if secretName(name) {
			clean, after := r.member(s, value)
			b.WriteString(clean)
			i = after
		}
	}
	return b.String()
}

// leaf redacts a text of JSON that is no name; whole is raw with its quotes.
func (r *redactor) leaf(whole, raw string, depth int) string {
	plain := unquote(raw)
	clean := r.deep(r.quoted(plain, depth-1), depth-1)
	if clean == plain {
		return whole
	}
	return `"` + jsonText(clean) + `"`
}

// member redacts the value of a member with a secret name, and gives where it
// ends.
func (r *redactor) member(s string, at int) (clean string, end int) {
	if at >= len(s) {
		return "", at
	}
	switch s[at] {
	case '"':
		raw, end := quotedText(s, at)
		plain := unquote(raw)
		if plain == "" || messageCode.MatchString(plain) {
			return s[at:end], end
		}
		r.take(raw)
		return `"` + r.take(plain) + `"`, end
	case '{', '[':
		return `"` + Redacted + `"`, r.skipNested(s, at)
	}
	end = at
	for end < len(s) && !strings.ContainsRune(",}] \t\r\n", rune(s[end])) {
		end++
	}
	literal := s[at:end]
	if literal == "" || literal == "null" || literal == "true" || literal == "false" || messageCode.MatchString(literal) {
		return literal, end
	}
	return `"` + r.take(literal) + `"`, end
}

// skipNested gives the end of an object or array, and remembers its texts.
func (r *redactor) skipNested(s string, at int) int {
	depth := 0
	for i := at; i < len(s); i++ {
		switch s[i] {
		case '"':
			raw, end := quotedText(s, i)
			if next := skipSpace(s, end); next >= len(s) || s[next] != ':' {
				r.take(unquote(raw))
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// quotedText reads the text that begins with the quote at a place, and gives
// where it ends; one that does not end goes to the end of s.
func quotedText(s string, at int) (raw string, end int) {
	for i := at + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[at+1 : i], i + 1
		}
	}
	return s[at+1:], len(s)
}

func skipSpace(s string, at int) int {
	for at < len(s) && strings.IndexByte(" \t\r\n", s[at]) >= 0 {
		at++
	}
	return at
}

// unquote gives what a JSON text means; one that cannot be read means itself.
func unquote(raw string) string {
	var plain string
	if !strings.Contains(raw, `\`) || json.Unmarshal([]byte(`"`+raw+`"`), &plain) != nil {
		return raw
	}
	return plain
}
