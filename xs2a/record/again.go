package record

import "strings"

// Again returns a recorded exchange with what would not be recorded of it now
// taken out, too: names and looks of secrets that were not known when it was.
func (e Exchange) Again() Exchange {
	var r redactor
	e.URL, e.Error = r.address(e.URL), r.text(e.Error)
	e.Request, e.Answer = r.again(e.Request), r.again(e.Answer)
	r.sweep(&e)
	return e
}

func (r *redactor) again(m Message) Message {
	body := m.Body
	m.Body = r.body(m.Body, m.Get("Content-Type"))
	held := strings.Contains(m.Body, Redacted)
	fields := make([]HeaderField, 0, len(m.Header))
	for _, field := range m.Header {
		fields = append(fields, HeaderField{field.Name, r.header(field.Name, field.Value, held)})
	}
	if len(m.Header) > 0 { // else it stays what it was, nil or empty
		m.Header = fields
	}
	if m.Body != body && !m.Cut {
		m.Size, m.SizeUntold = 0, true
	}
	return m
}

// AnswerAgain does the same for the part of an answer that is kept by itself.
func AnswerAgain(answer string) string {
	var r redactor
	return r.body(answer, "")
}
