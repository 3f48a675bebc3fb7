package script

import (
	"net/url"
	"slices"
	"strings"

	"consentry/xs2a/record"
)

// Renewed is the exchange of a step with other values in its request: those that now
// returns for a variable, in the spelling of the place they stand in. What it does not
// return stays as it was recorded. The answer stays.
func (s Step) Renewed(now func(*Variable) (string, bool)) record.Exchange {
	return s.with(func(v *Variable) (string, bool) {
		value, has := now(v)
		return value, has && !strings.ContainsAny(value, "\r\n\x00")
	}, plainSegment)
}

// plainSegment writes a value as it stands in an address: one that a bank's link had is
// written as it ought to be already. No value leaves its place: what would be more than one
// part of a path is spelled out.
func plainSegment(value string) string {
	if plain, err := url.PathUnescape(value); err == nil && made.MatchString(value) && !strings.ContainsAny(plain, `/\?#`) {
		return value
	}
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}

// In is what stands at a source in another answer, as it is written there; false where
// nothing does, or a secret was taken out.
func (s Source) In(answer record.Message) (value string, found bool) {
	if s.Header != "" {
		return s.part(answer.Get(s.Header))
	}
	for _, v := range jsonValues(answer.Body) {
		if slices.Equal(v.path, s.Path) {
			return s.part(v.text)
		}
	}
	return "", false
}

// part is what a source means of the text that stands there.
func (s Source) part(text string) (string, bool) {
	if strings.Contains(text, record.Redacted) && s.Segment == 0 && s.Query == "" {
		return "", false
	}
	path, query, _ := strings.Cut(host.ReplaceAllString(text, ""), "?")
	switch {
	case s.Query != "":
		query, _, _ = strings.Cut(query, "#")
		for _, pair := range strings.Split(query, "&") {
			if name, value, has := strings.Cut(pair, "="); has && name == s.Query {
				return given(value)
			}
		}
		return "", false
	case s.Segment > 0:
		segments := strings.Split(path, "/")
		if s.Segment > len(segments) {
			return "", false
		}
		text = segments[len(segments)-s.Segment]
	}
	return given(text)
}

// given takes no step within a path for an id (RFC 3986 section 3.3): with one, a request
// would be about something else.
func given(text string) (string, bool) {
	if plain, err := url.PathUnescape(text); err == nil && (plain == "." || plain == "..") {
		return "", false
	}
	if text == "" || len(text) > longestValue || strings.Contains(text, record.Redacted) {
		return "", false
	}
	return text, true
}
