// Package failure is what may be said of something that did not come about: to
// a person, and to a tester. Whatever app does for a person fails with an
// [Error], or with a fault of the program's own.
//
// It holds no sentences. An Error has a code with what the sentences of that code
// name; they are made where they are shown.
package failure

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
)

// Error is a failure a person may read about. All other errors are the program's
// own and are shown as such.
type Error struct {
	storage.Reason        // what happened
	Effect         Effect // what else than usual was lost; empty: what the code says
	// Fields holds why the fields of a form cannot be taken as they are, by the
	// field's name.
	Fields map[string]storage.Reason
	Host   *NewHost // what the person may name to go on; nil where that would not help
	Detail string   // for testers: status, code, request id, the bank's words
	Cause  error
}

// Effect says what a failure left behind.
type Effect string

// The effects that depend on what was done rather than on what happened.
const (
	NothingChanged Effect = "nothingChanged"
	NothingShared  Effect = "nothingShared"
	NothingSaved   Effect = "nothingSaved"
	NothingTaken   Effect = "nothingTaken"
	NothingSent    Effect = "nothingSent"
	NothingPaid    Effect = "nothingPaid"

	PaymentNotSent    Effect = "paymentNotSent"
	PaymentMayBeTaken Effect = "paymentMayBeTaken"
	OutcomeUnknown    Effect = "outcomeUnknown" // of what was sent about something that the bank has
)

// NewHost is a host that a bank's answer leads to and nobody named for the bank.
// Nothing was sent there. Once the person has named it, it counts as the bank's.
type NewHost struct {
	Origin xs2a.Origin
	Sends  []storage.Reason // what would go there
}

// New returns a failure of a code alone.
func New(code string) *Error { return &Error{Reason: storage.Reason{Code: code}} }

// Invalid returns the failure of a form whose fields are to be corrected.
func Invalid(fields map[string]storage.Reason) *Error {
	return &Error{Reason: storage.Reason{Code: CheckFields}, Fields: fields}
}

// Field returns the failure of a form with one field that is to be corrected.
func Field(name, code string) *Error {
	return Invalid(map[string]storage.Reason{name: {Code: code}})
}

// Unchanged is Invalid for a form that changes something here.
func Unchanged(fields map[string]storage.Reason) *Error {
	e := Invalid(fields)
	e.Effect = NothingChanged
	return e
}

// Unsent is Invalid for a form that sends something to a bank.
func Unsent(fields map[string]storage.Reason) *Error {
	e := Invalid(fields)
	e.Effect = NothingSent
	return e
}

// By adds the cause of a failure, and its technical side.
func (e *Error) By(cause error) *Error {
	e.Cause, e.Detail = cause, cause.Error()
	return e
}

func (e *Error) Error() string {
	text := strings.TrimSpace("failure " + e.Code + " " + e.Bank + " " + e.Name)
	for field, reason := range e.Fields {
		text += ", " + field + ": " + reason.Code
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// RequestID is the X-Request-ID of the exchange that failed; empty where none
// is known.
func (e *Error) RequestID() string {
	var failed *xs2a.Error
	if errors.As(e.Cause, &failed) {
		return failed.RequestID
	}
	return ""
}

// Detail is the technical side of a failed exchange, for testers.
func Detail(e *xs2a.Error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", e.Method, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, "Status: %d %s\n", e.Status, http.StatusText(e.Status))
	}
	for _, line := range []struct{ name, value string }{
		{"Code", e.Code}, {"Text", e.Text}, {"Field", e.Field}, {"X-Request-ID", e.RequestID},
	} {
		if line.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", line.name, line.value)
		}
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, "Cause: %v\n", e.Cause)
	}
	return strings.TrimSpace(b.String())
}
