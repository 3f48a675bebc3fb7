package xs2a

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// errNoList says that an answer holds nothing of what was asked for. That is
// not the same as holding an empty list of it.
var errNoList = errors.New("the answer holds no list of what was asked for")

// read is do for account data. An error that a bank sends under a status of
// success is an error all the same, whatever stands beside it.
func (c *Client) read(ctx context.Context, r request) (answer, error) {
	a, err := c.do(ctx, r)
	if err != nil {
		return a, err
	}
	for _, m := range messagesIn(a.body) {
		if strings.EqualFold(string(m.Category), "ERROR") {
			return a, c.spelt(refusedInside(r, a, refusalWords{code: string(m.Code), text: string(m.Text), field: string(m.Path)}))
		}
	}
	return a, nil
}

// messagesIn returns the messages of an answer (BG 1.3.12 section 4.13), which
// may be warnings beside the data.
func messagesIn(body []byte) tppMessages {
	body = bytes.TrimSpace(body)
	switch {
	case bytes.HasPrefix(body, []byte("[")) && bytes.Contains(body, []byte(`"category"`)):
		var bare tppMessages
		_ = json.Unmarshal(body, &bare) // what is no list of messages has none
		return bare
	case bytes.HasPrefix(body, []byte("{")) && bytes.Contains(body, []byte(`"tppMessage`)):
		var w struct {
			Messages tppMessages `json:"tppMessages"`
			Message  tppMessages `json:"tppMessage"`
		}
		_ = json.Unmarshal(body, &w)
		return append(w.Messages, w.Message...)
	}
	return nil
}

// unusable is the error for an answer under a status of success that does not
// hold what was asked for: the bank's own, where it says one in its place.
func unusable(r request, a answer, cause error) error {
	if errors.Is(cause, errNoList) {
		if said := readRefusal(a.body); !said.empty() {
			return refusedInside(r, a, said)
		}
	}
	return notUnderstood(r, a, cause)
}

func refusedInside(r request, a answer, said refusalWords) *Error {
	return &Error{
		Kind: Refused, Status: a.status, Code: clip(said.code), Text: clip(said.text), Field: clip(said.field), Method: r.method, Path: r.place(),
		RequestID: r.call.RequestID, Body: string(a.body[:min(len(a.body), maxKept)]),
	}
}

// nothing reports whether an answer is a plain success without a body.
func (a answer) nothing() bool {
	return a.status == http.StatusNoContent || a.status == http.StatusOK && len(bytes.TrimSpace(a.body)) == 0
}
