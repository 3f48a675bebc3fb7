package field

import (
	"fmt"
	"strings"
)

// LimitError says that an answer goes beyond what is taken from a bank.
type LimitError struct {
	Problem string
	// Less says that the same may be had if less of it is asked for at once.
	Less bool
}

func (e *LimitError) Error() string { return "the answer " + e.Problem }

// TooMuch returns the error for an answer of which no less can be asked for.
func TooMuch(format string, a ...any) error {
	return &LimitError{Problem: fmt.Sprintf(format, a...)}
}

// TooMuchAtOnce returns the error for an answer of which less may be asked for.
func TooMuchAtOnce(format string, a ...any) error {
	return &LimitError{Problem: fmt.Sprintf(format, a...), Less: true}
}

// TooMany returns the error for a list of more elements than are taken.
func TooMany(most int, list string) error {
	return TooMuchAtOnce("%s", strings.TrimSpace(fmt.Sprintf("has more than %d elements in its list %s", most, list)))
}
