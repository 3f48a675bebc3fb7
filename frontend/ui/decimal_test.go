package ui

import "testing"

// TestDecimalComma goes by what people of a place write, for a spreadsheet of theirs to read.
func TestDecimalComma(t *testing.T) {
	for locale, want := range map[string]bool{"": false, "en-GB": false, "en-US": false, "sv-SE": true, "de-DE": true, "de-CH": false, "fr-FR": true, "ka-GE": true, "fi": true, "zz-ZZ": false} {
		if got := DecimalComma(locale); got != want {
			t.Errorf("%q: %t", locale, got)
		}
	}
}
