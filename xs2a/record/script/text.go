package script

import (
	"net/url"
	"regexp"
	"strings"

	"consentry/xs2a/record"
)

// How the parts of a request are told apart in which a variable may stand: segments and
// parameters of an address, fields of a header and of a form, texts in JSON.

// signedDate tells of a signature that the date is signed, too.
var signedDate = regexp.MustCompile(`headers="[^"]*\bdate\b`)

// host is the beginning of an address.
var host = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+`)

// address reads the address of a request.
func (w *writer) address(s string) Text {
	var t Text
	if found := host.FindString(s); found != "" && !strings.Contains(found, record.Redacted) {
		t = append(t, Part{Variable: w.base(found)})
		s = s[len(found):]
	}
	return append(t, w.link(s)...)
}

// link reads a path with a query.
func (w *writer) link(s string) (t Text) {
	path, query, asks := strings.Cut(s, "?")
	for i, segment := range strings.Split(path, "/") {
		if i > 0 {
			t = append(t, Part{Text: "/"})
		}
		t = append(t, w.value("", segment, false)...)
	}
	if asks {
		t = append(t, Part{Text: "?"})
		t = append(t, w.form(query)...)
	}
	return joined(t)
}

// form reads names with values, as a query and a form have them.
func (w *writer) form(s string) (t Text) {
	for i, pair := range strings.Split(s, "&") {
		if i > 0 {
			t = append(t, Part{Text: "&"})
		}
		name, value, has := strings.Cut(pair, "=")
		t = append(t, Part{Text: name})
		if has {
			t = append(t, Part{Text: "="})
			t = append(t, w.value(unescape(name), value, true)...)
		}
	}
	return joined(t)
}

// field reads the value of a header field.
func (w *writer) field(name, value string) Text {
	if scheme, rest, found := strings.Cut(value, " "); found && rest == record.Redacted && (name == "Authorization" || name == "Proxy-Authorization") {
		return Text{{Text: scheme + " "}, {Variable: w.secret(secretOf(name, scheme))}}
	}
	if value == record.Redacted {
		return Text{{Variable: w.secret(secretOf(name, ""))}}
	}
	if strings.Contains(value, record.Redacted) && strings.ContainsAny(value, "?") {
		before, after, _ := strings.Cut(value, "?")
		return joined(append(Text{{Text: before + "?"}}, w.form(after)...))
	}
	return w.value(strings.ToLower(name), value, false)
}

// body reads the body of a request.
func (w *writer) body(m record.Message) Text {
	if m.Body == "" {
		return nil
	}
	if isForm(m) {
		return w.form(m.Body)
	}
	return w.json(m.Body)
}

// Form reports whether the body of a step is a form.
func (s Step) Form() bool { return isForm(s.Recorded.Request) }

func isForm(m record.Message) bool {
	return strings.HasPrefix(strings.ToLower(m.Get("Content-Type")), "application/x-www-form-urlencoded")
}

// jsonString is a text in JSON with the sign behind it that makes a name of it.
var jsonString = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"(\s*:)?`)

// json reads the texts of JSON, and of what looks like it.
func (w *writer) json(s string) (t Text) {
	at, name := 0, ""
	for _, found := range jsonString.FindAllStringSubmatchIndex(s, -1) {
		text := s[found[2]:found[3]]
		if found[4] >= 0 {
			name = text
			continue
		}
		t = append(t, Part{Text: s[at:found[2]]})
		t = append(t, w.value(name, text, true)...)
		at = found[3]
	}
	return joined(append(t, w.value("", s[at:], false)...))
}

// value reads what stands under a name: all of it is a variable, or parts that were
// taken out are.
func (w *writer) value(name, value string, days bool) (t Text) {
	if v := w.takenBy(value); v != nil {
		return Text{{Variable: v}}
	}
	if days {
		if v := w.day(value); v != nil {
			return Text{{Variable: v}}
		}
	}
	for {
		before, after, found := strings.Cut(value, record.Redacted)
		t = append(t, Part{Text: before})
		if !found {
			return joined(t)
		}
		t = append(t, Part{Variable: w.secret(secretOf(name, ""))})
		value = after
	}
}

// joined is a text without empty parts, and with those beside each other as one.
func joined(t Text) (short Text) {
	for _, part := range t {
		switch last := len(short) - 1; {
		case part.Variable == nil && part.Text == "":
		case part.Variable == nil && last >= 0 && short[last].Variable == nil:
			short[last].Text += part.Text
		default:
			short = append(short, part)
		}
	}
	return short
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
