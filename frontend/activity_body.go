package frontend

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"consentry/frontend/words"
	"consentry/xs2a/record"
)

// headerLetGo is said where only the number of a request is kept of a header.
const headerLetGo words.Text = "Header let go to make room: too much was waiting to be written."

// bodyWords says what is not kept of a body, and how much that is; nothing
// where all of it is.
func bodyWords(ctx context.Context, m record.Message) string {
	switch {
	case m.BodyLetGo:
		return strings.TrimSpace(words.T(ctx, "Body let go to make room.") + " " + sizeWords(ctx, m))
	case m.Binary:
		return strings.TrimSpace(words.T(ctx, "The body is no text and is not kept.") + " " + sizeWords(ctx, m))
	case m.Cut:
		return cutWords(ctx, m)
	case m.Body == "":
		return words.T(ctx, "No body.")
	}
	return ""
}

// sizeWords say how large a body was, where that is known.
func sizeWords(ctx context.Context, m record.Message) string {
	switch {
	case m.Size > 0:
		return words.T(ctx, "It had %s.", byteWords(ctx, m.Size))
	case m.SizeUntold:
		return words.T(ctx, "Its size is not told: it would tell how long a secret in it is.")
	}
	return ""
}

// cutWords say how much is kept of a body of which the rest is not.
func cutWords(ctx context.Context, m record.Message) string {
	kept, whole := byteWords(ctx, int64(len(m.Body))), byteWords(ctx, m.Size)
	switch {
	case m.Left == 0 && m.Size > 0:
		return words.T(ctx, "Body cut: the first %s are kept of %s as it came, packed. How much was left out is not known.", kept, whole)
	case m.Left == 0:
		return words.T(ctx, "Body cut: the first %s are kept. How much was left out is not known.", kept)
	case m.Size > 0:
		return words.N(ctx, int(m.Left), "Body cut: the first %[2]s of %[3]s are kept, %[1]d byte was left out.",
			"Body cut: the first %[2]s of %[3]s are kept, %[1]d bytes were left out.", kept, whole)
	}
	return words.N(ctx, int(m.Left), "Body cut: the first %[2]s are kept, %[1]d byte was left out.",
		"Body cut: the first %[2]s are kept, %[1]d bytes were left out.", kept)
}

// byteWords is a number of bytes as people read it.
func byteWords(ctx context.Context, n int64) string {
	switch {
	case n < 1<<10:
		return words.N(ctx, int(n), "%d byte", "%d bytes")
	case n < 1<<20:
		return words.T(ctx, "%s KB", strconv.FormatInt((n+1<<9)>>10, 10))
	}
	return words.T(ctx, "%s MB", words.Decimal(ctx, float64(n)/(1<<20), 1))
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
