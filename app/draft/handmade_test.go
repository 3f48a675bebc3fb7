package draft

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestNamed bounds what a bank calls something, and asks about nothing by half a name or by a
// step within an address.
func TestNamed(t *testing.T) {
	long := strings.Repeat("é", longestNamed)
	for id, want := range map[string]bool{"c-1": true, "a/b": true, "...": true, ".": false, "..": false, long: false, "x" + long: false} {
		if shown := listed(id); named(shown) != want || len(shown) > longestNamed+len("…") || !utf8.ValidString(shown) {
			t.Errorf("%.20q is asked about: %v", shown, !want)
		}
	}
}
