package field

import (
	"strings"
	"time"
)

// Day returns the day of a date that may be absent, or come with a time and a
// zone; the error names the field. The day is the bank's own: it is not moved
// into another zone.
func Day(name, s string) (string, error) {
	if s = dateOf(s); s != "" && !IsDay(s) {
		return "", Errorf(name, "%q is not a date", Excerpt([]byte(s)))
	}
	return s, nil
}

// IsDay reports whether a text is an ISO date.
func IsDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dateOf takes a time and a zone off a date.
func dateOf(s string) string {
	if len(s) > len(time.DateOnly) && strings.ContainsRune("T Z+-", rune(s[len(time.DateOnly)])) {
		return s[:len(time.DateOnly)]
	}
	return s
}
