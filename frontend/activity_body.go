package frontend

import (
	"encoding/json"
	"net/url"
	"strings"

	"consentry/xs2a"
)

// prettyBody sets out a body by what it is: JSON and XML indented, a form one
// value a line. What is none of them, or broken, stays as it came.
func prettyBody(m xs2a.Message) string {
	body := strings.TrimSpace(strings.TrimPrefix(m.Body, "\ufeff"))
	switch {
	case body == "":
		return ""
	case json.Valid([]byte(body)):
		return pretty(json.RawMessage(body))
	case strings.HasPrefix(strings.ToLower(m.Get("Content-Type")), "application/x-www-form-urlencoded"):
		return prettyForm(body)
	case strings.HasPrefix(body, "<"):
		return prettyXML(body)
	}
	return m.Body
}

// prettyForm writes each value of a form on a line of its own, decoded.
func prettyForm(body string) string {
	pairs := strings.Split(body, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		pairs[i] = name + " = " + value
	}
	return strings.Join(pairs, "\n")
}

// deepest is how far elements are indented; deeper ones stand there, too.
const deepest = 24

// prettyXML begins a line at each tag but the one that ends the element whose
// text stands before it. It changes nothing but blanks between tags.
func prettyXML(body string) string {
	var b strings.Builder
	depth, afterOpen := 0, false
	for rest := body; rest != ""; {
		text, tag, more := nextTag(rest)
		rest = more
		closing := strings.HasPrefix(tag, "</")
		if closing {
			depth = max(depth-1, 0)
		}
		if strings.TrimSpace(text) != "" {
			b.WriteString(text)
		}
		inline := closing && afterOpen
		if b.Len() > 0 && !inline && tag != "" {
			b.WriteString("\n" + strings.Repeat("  ", min(depth, deepest)))
		}
		b.WriteString(tag)
		afterOpen = tag != "" && !closing && !strings.HasSuffix(tag, "/>") && !strings.HasPrefix(tag, "<?") && !strings.HasPrefix(tag, "<!")
		if afterOpen {
			depth++
		}
	}
	return b.String()
}

// nextTag cuts a text before and behind its first tag.
func nextTag(s string) (text, tag, rest string) {
	start := strings.IndexByte(s, '<')
	if start < 0 {
		return s, "", ""
	}
	end := strings.IndexByte(s[start:], '>')
	if end < 0 {
		return s, "", ""
	}
	return s[:start], s[start : start+end+1], s[start+end+1:]
}
