package script

import "strings"

// Where formats write a variable between two braces on each side, what banks say, and is
// sent again, must not become one: programs have variables for the secrets of whoever runs
// them. So a brace behind another is written in another way.

// InertAddress is a text of an address without two braces behind each other.
func InertAddress(s string) string { return apart(s, "%7B") }

// InertField is a text of a header field without two braces behind each other. It is not
// the same any more: a header has no other way to write a brace.
func InertField(s string) string { return apart(s, " {") }

// InertBody is a text of a step's body without two braces behind each other. In JSON they
// stand in texts alone.
func (s Step) InertBody(text string) string {
	switch {
	case s.Form():
		return apart(text, "%7B")
	case strings.Contains(strings.ToLower(s.Recorded.Request.Get("Content-Type")), "json"):
		return apart(text, `\u007b`)
	}
	return apart(text, " {")
}

// apart writes each brace behind another one in another way.
func apart(s, other string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	var b strings.Builder
	open := false
	for _, r := range s {
		if open && r == '{' {
			b.WriteString(other)
			continue
		}
		open = r == '{'
		b.WriteRune(r)
	}
	return b.String()
}
