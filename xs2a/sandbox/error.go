package sandbox

import (
	"fmt"
	"net/http"
)

// refusal is a request that a bank turns down: an HTTP status, a message code
// that the definition allows with it (tppMessages, Open Payments 1.3.3), words for
// the TPP's developer, and the header, parameter or field that is to blame.
type refusal struct {
	status int
	code   string
	text   string
	path   string
	header http.Header
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%d %s: %s", r.status, r.code, r.text)
}

func refuse(status int, code, text string) *refusal {
	return &refusal{status: status, code: code, text: text}
}

// refuseField is a refusal that names what it is about.
func refuseField(status int, code, path, text string) *refusal {
	return &refusal{status: status, code: code, path: path, text: text}
}

// formatError is the refusal of a field whose form is wrong.
func formatError(path, text string) *refusal {
	return refuseField(http.StatusBadRequest, "FORMAT_ERROR", path, text)
}

// tppMessage is one message of an error body.
type tppMessage struct {
	Category string `json:"category"`
	Code     string `json:"code"`
	Text     string `json:"text,omitempty"`
	Path     string `json:"path,omitempty"`
}

func (r *refusal) messages() []tppMessage {
	return []tppMessage{{Category: "ERROR", Code: r.code, Text: r.text, Path: r.path}}
}
