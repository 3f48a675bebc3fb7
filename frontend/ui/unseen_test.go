package ui

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestUnseenMarksAreNotWritten keeps joiners where a script is written with them.
func TestUnseenMarksAreNotWritten(t *testing.T) {
	for given, want := range map[string]string{
		"Åsa & Söner":            "Åsa & Söner",
		"\u202eevil":             "evil",
		"می\u200cخواهم":          "می\u200cخواهم",
		"क्\u200dष":              "क्\u200dष",
		"👩\u200d👧":               "👩\u200d👧",
		"Ham\u200dn\u200cbanken": "Hamnbanken",
		"one\ntwo\tthree":        "one\ntwo\tthree",
		"\u200d\u200d":           "",
	} {
		if got := Seen(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
		if got := string(SeenPage([]byte(given))); got != want {
			t.Errorf("a page of %q: %q, want %q", given, got, want)
		}
	}
	if got := spelled("a\u202eb"); got != `a\u202Eb` {
		t.Errorf("for testers: %q", got)
	}
}

// TestUnseen holds what is asked first of a character to the tables of Unicode.
func TestUnseen(t *testing.T) {
	for r := range unicode.MaxRune + 1 {
		want := unicode.In(r, unicode.Cf, unicode.Cc, unicode.Zl, unicode.Zp) && !strings.ContainsRune("\n\t\r", r) ||
			strings.ContainsRune("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc", r) && utf8.ValidRune(r)
		if unseen(r) != want {
			t.Errorf("%U: %v", r, !want)
		}
	}
}
