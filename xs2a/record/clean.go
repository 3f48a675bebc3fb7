package record

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxBrought bounds a body that comes with a file: an answer that is to be given
	// again has to be whole.
	maxBrought = 1 << 20

	// maxBroughtHeader bounds the lines of a header that comes with a file.
	maxBroughtHeader = 100
)

// Clean takes the secrets out of exchanges that somebody else recorded, and bounds
// them. Nothing is known of their flows: what is found by its name or looks in one of
// them is taken out of all, since a token that one answer gives is sent in the next
// requests. The sides hold bodies as text and no sizes.
func Clean(exchanges []Exchange) []Exchange {
	var found Secrets
	for _, e := range exchanges {
		var r redactor
		r.brought(e)
		found.Add(r.seen...)
	}
	cleaned := make([]Exchange, len(exchanges))
	for i, e := range exchanges {
		r := newRedactor(found.all())
		cleaned[i] = r.brought(e)
	}
	return cleaned
}

// brought returns an exchange of a file without its secrets.
func (r *redactor) brought(e Exchange) Exchange {
	request, answer := e.Request.Body, e.Answer.Body
	e.URL, e.Error = r.address(r.values.clean(e.URL)), r.text(r.values.clean(e.Error))
	e.Request, e.Answer = r.side(e.Request), r.side(e.Answer)
	r.sweep(&e)
	e.Step, e.Method = r.values.clean(e.Step), r.values.clean(e.Method)
	e.Request.measure(request)
	e.Answer.measure(answer)
	for _, s := range []*string{&e.Step, &e.URL, &e.Error} {
		if len(*s) > maxAddress {
			*s = cutText(*s, maxAddress) + "…"
		}
	}
	return e
}

// side redacts one side, with its header in the order and the spelling of our own.
func (r *redactor) side(m Message) Message {
	m.Body = r.body(r.values.clean(m.Body), m.Get("Content-Type"))
	held := strings.Contains(m.Body, Redacted)
	fields := make([]HeaderField, 0, len(m.Header))
	for _, field := range m.Header[:min(len(m.Header), maxBroughtHeader)] {
		name := http.CanonicalHeaderKey(cutText(field.Name, maxAddress))
		value := r.header(name, r.values.clean(cutText(field.Value, maxAddress)), held)
		fields = append(fields, HeaderField{r.values.clean(name), value})
	}
	slices.SortStableFunc(fields, func(a, b HeaderField) int { return strings.Compare(a.Name, b.Name) })
	m.Header = fields
	return m
}

// measure notes how long a body was that came with a file, and cuts it.
func (m *Message) measure(plain string) {
	if m.Binary || plain == "" {
		return // as the file says
	}
	if m.Cut { // likewise, and what there is may be too much
		m.Body = cutText(m.Body, maxBrought)
		return
	}
	if m.Size = int64(len(plain)); strings.Contains(m.Body, Redacted) {
		m.Size, m.SizeUntold = 0, true
	}
	if len(m.Body) > maxBrought {
		whole := len(m.Body)
		m.Body = cutText(m.Body, maxBrought)
		m.Cut, m.Left = true, int64(whole-len(m.Body))
	}
}

// Text returns a body of a file as text, and whether it is one; header is that of its
// side.
func Text(raw []byte, header http.Header) (plain string, text bool) {
	plain, text = readable(raw, header)
	return plain, text && utf8.ValidString(plain)
}
