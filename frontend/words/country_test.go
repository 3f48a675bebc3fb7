package words

import (
	"testing"
)

// TestCountry calls countries as the language's catalogue does, and leaves alone what is none
// and what it has no name for.
func TestCountry(t *testing.T) {
	t.Parallel()
	swedish := spoken(t, "sv", `{"Germany": "Tyskland"}`)
	for _, test := range []struct{ code, given, want string }{
		{"DE", "Germany", "Tyskland"},
		{"DE", "Federal Republic of Germany", "Tyskland"}, // as a bank calls it
		{"AT", "Austria", "Austria"},
		{"", "Nowhere", "Nowhere"},
		{"Atlantis", "Germany", "Germany"},
	} {
		if got := Country(swedish, test.code, test.given); got != test.want {
			t.Errorf("%s: %q, want %q", test.code, got, test.want)
		}
	}
	if got := Country(t.Context(), "GB", "Great Britain"); got != "Great Britain" {
		t.Errorf("in English the name given becomes %q", got)
	}
}
