package frontend

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"consentry/xs2a/record"
)

// headerLetGo is said where only the number of a request is kept of a header.
const headerLetGo = "Header let go to make room: too much was waiting to be written."

// bodyWords says what is not kept of a body, and how much that is; nothing
// where all of it is.
func bodyWords(m record.Message) string {
	switch {
	case m.BodyLetGo:
		return "Body let go to make room." + sizeWords(m, " It had %s.")
	case m.Binary:
		return "The body is no text and is not kept." + sizeWords(m, " It had %s.")
	case m.Cut && m.Left == 0:
		return "Body cut: the first " + byteWords(int64(len(m.Body))) + " are kept" + sizeWords(m, " of %s as it came, packed") + ". How much was left out is not known."
	case m.Cut:
		return "Body cut: the first " + byteWords(int64(len(m.Body))) + sizeWords(m, " of %s") + " are kept, " + plural(int(m.Left), "byte was", "bytes were") + " left out."
	case m.Body == "":
		return "No body."
	}
	return ""
}

// sizeWords puts the size of a body into a text, where it is known.
func sizeWords(m record.Message, text string) string {
	switch {
	case m.Size > 0:
		return fmt.Sprintf(text, byteWords(m.Size))
	case m.SizeUntold && !m.Cut:
		return " Its size is not told: it would tell how long a secret in it is."
	}
	return ""
}

// byteWords is a number of bytes as people read it.
func byteWords(n int64) string {
	switch {
	case n < 1<<10:
		return plural(int(n), "byte", "bytes")
	case n < 1<<20:
		return strconv.FormatInt((n+1<<9)>>10, 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}

// prettyBody sets out a body by what it is: JSON and XML indented, a form one
// value a line. What is none of them, or broken, stays as it came.
func prettyBody(m record.Message) string {
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
