package ui

import "testing"

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
	}
	if got := spelled("a\u202eb"); got != `a\u202Eb` {
		t.Errorf("for testers: %q", got)
	}
}
