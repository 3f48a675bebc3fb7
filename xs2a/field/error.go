// Package field has what the answers of banks share in whatever form they come:
// what stands in a field – an exact number, a day –, and the errors that name a
// field, or say that there is too much of one.
//
// It lies below the client and the statements, which would each have it otherwise,
// and imports nothing of the module.
package field

import (
	"errors"
	"fmt"
	"strings"
)

// Error says which field of an answer cannot be used, and why. The path
// leads from the top of the answer to the leaf, such as
// transactions.booked[1].transactionAmount.amount.
type Error struct {
	Path    string // empty for the answer as a whole
	Problem string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + ": " + e.Problem
}

// Errorf returns the error for a field, with the problem in words.
func Errorf(path, format string, a ...any) error { return &Error{path, fmt.Sprintf(format, a...)} }

// Missing returns the error for a field that has to be there.
func Missing(name string) error { return &Error{name, "is missing"} }

// Within puts the way to a value before the path of the field inside it.
func Within(path string, err error) error {
	var inner *Error
	switch {
	case !errors.As(err, &inner):
		return &Error{path, err.Error()}
	case inner.Path == "" || path == "":
		return &Error{path + inner.Path, inner.Problem}
	case inner.Path[0] == '[':
		return &Error{path + inner.Path, inner.Problem}
	}
	return &Error{path + "." + inner.Path, inner.Problem}
}

// Excerpt returns a value short enough for a message.
func Excerpt(raw []byte) string {
	const enough = 40
	if len(raw) > enough {
		return strings.ToValidUTF8(string(raw[:enough]), "") + "…"
	}
	return string(raw)
}
