package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// errorForm is the shape of a bank's error bodies.
type errorForm int

const (
	tppMessages     errorForm = iota // {"tppMessages": […]}, as the definition has it
	tppMessageOne                    // {"tppMessage": […]}
	bareMessages                     // […]
	problemDocument                  // RFC 7807
	htmlPage                         // of a gateway
	noBody
	errorClass // Salt Edge's {"error_class", "error_message"}
)

// refusal is the answer to a call that is turned down, in the bank's shape.
func (c *call) refusal(r *refusal) answer {
	a := answer{status: r.status, header: r.header}
	form := tppMessages
	if c.bank != nil && c.bank.habit != nil {
		form = c.bank.habit.errors
	}
	switch form {
	case tppMessageOne:
		a.body = map[string]any{"tppMessage": r.messages()}
	case bareMessages:
		a.body = r.messages()
	case problemDocument:
		a.kind = "application/problem+json"
		a.body = map[string]any{"type": "https://bank.example/problems/" + r.code, "title": r.code, "status": r.status, "code": r.code, "detail": r.text}
	case htmlPage:
		a.kind, a.body = "text/html", []byte("<html><body><h1>"+http.StatusText(r.status)+"</h1></body></html>")
	case errorClass:
		a.status, a.body = r.classed(c)
	case noBody:
	default:
		a.body = map[string]any{"tppMessages": r.messages()}
	}
	return a
}

// quirk is one way in which a bank's answers depart from the definition. It gets
// the body as decoded JSON and gives what goes out instead.
type quirk func(c *call, a *answer, body any) any

// write sends an answer of a bank with a habit: in another form than JSON, or with
// its quirks.
func (b *bank) write(w http.ResponseWriter, c *call, a answer) {
	if raw, is := a.body.([]byte); is {
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(a.status)
		_, _ = w.Write(raw) // the only error left is a TPP that hung up
		return
	}
	if len(b.habit.quirks) > 0 {
		body, err := plain(a.body)
		if err != nil {
			writeJSON(w, http.StatusInternalServerError, nil)
			return
		}
		for _, q := range b.habit.quirks {
			body = q(c, &a, body)
		}
		a.body = body
	}
	for name, values := range a.header { // quirks may have changed them
		w.Header()[name] = values
	}
	if a.kind != "" {
		w.Header().Set("Content-Type", a.kind)
	}
	writeJSON(w, a.status, a.body)
}

// plain is a value as JSON decodes it, with numbers as they are written.
func plain(v any) (out any, err error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	err = decoder.Decode(&out)
	return out, err
}
