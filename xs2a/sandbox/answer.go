package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"

	"consentry/xs2a/sandbox/bank"
)

// refusal is the answer to a call that is turned down, in the bank's shape.
func (c *call) refusal(r *refusal) answer {
	a := answer{status: r.status, header: r.header}
	form := bank.TPPMessages
	if c.bank != nil && c.bank.Behaviour != nil {
		form = c.bank.Behaviour.Errors
	}
	switch form {
	case bank.TPPMessageOne:
		a.body = map[string]any{"tppMessage": r.messages()}
	case bank.BareMessages:
		a.body = r.messages()
	case bank.ProblemDocument:
		a.kind = "application/problem+json"
		a.body = map[string]any{"type": "https://bank.example/problems/" + r.code, "title": r.code, "status": r.status, "code": r.code, "detail": r.text}
	case bank.HTMLPage:
		a.kind, a.body = "text/html", []byte("<html><body><h1>"+http.StatusText(r.status)+"</h1></body></html>")
	case bank.ErrorClass:
		a.status, a.body = r.classed(c)
	case bank.NoBody:
	default:
		a.body = map[string]any{"tppMessages": r.messages()}
	}
	return a
}

// write sends an answer of a bank with a behaviour: in another form than JSON, or with
// its quirks.
func (c *call) write(w http.ResponseWriter, a answer) {
	if _, raw := a.body.([]byte); !raw && len(c.bank.Behaviour.Quirks) > 0 {
		body, err := plain(a.body)
		if err != nil {
			writeJSON(w, http.StatusInternalServerError, nil)
			return
		}
		x := &bank.Exchange{Request: c.request, Address: c.address, Bank: c.bank, Status: a.status, Header: a.header}
		for _, q := range c.bank.Behaviour.Quirks {
			body = q(x, body)
		}
		a.status, a.header, a.body = x.Status, x.Header, body
	}
	for name, values := range a.header { // quirks may have changed them
		w.Header()[name] = values
	}
	if a.kind != "" {
		w.Header().Set("Content-Type", a.kind)
	}
	raw, is := a.body.([]byte)
	if !is {
		writeJSON(w, a.status, a.body)
		return
	}
	w.Header().Set("Content-Type", cmp.Or(a.kind, "application/json"))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.status)
	_, _ = w.Write(raw) // the only error left is a TPP that hung up
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
