// Package failure is what may be said of something that did not come about: to
// a person, and to a tester. Whatever app does for a person fails with an
// [Error], or with a fault of the program's own.
package failure

import (
	"errors"

	"consentry/xs2a"
)

// Error is a failure with the words a person may read. All other errors are
// the program's own and are shown as such.
type Error struct {
	Message string // what happened
	Lost    string // whether anything was lost
	Do      string // what to do now
	// Fields holds messages for the fields of a form that caused the failure,
	// by the field's name.
	Fields map[string]string
	Host   *NewHost // what the person may name to go on; nil where that would not help
	Detail string   // for testers: status, code, request id, the bank's words
	Cause  error
}

// NewHost is a host that a bank's answer leads to and nobody named for the bank.
// Nothing was sent there. Once the person has named it, it counts as the bank's.
type NewHost struct {
	Origin xs2a.Origin
	Sends  []string // what would go there, in words
}

// Invalid is the failure of a form whose fields are to be corrected.
func Invalid(fields map[string]string) *Error {
	return &Error{Message: "Please check the marked fields.", Lost: "Nothing was sent.", Fields: fields}
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
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
