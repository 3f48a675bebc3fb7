package pay

import "testing"

// TestPlainWords compares texts as people do, in any script.
func TestPlainWords(t *testing.T) {
	for _, same := range [][2]string{
		{"Hyresbostäder  AB", "HYRESBOSTADER ab"}, {"Müller & Söhne", "muller sohne"}, {"Straße", "STRASSE"}, {"Ελλάς", "ΕΛΛΑΣ"},
		{"Жанна", "ЖАННА"}, {"ლუკა", "ლუკა"}, {"5050-1055", "5050 1055"}, {"ﬁne", "fine"},
	} {
		if plainWords(same[0]) != plainWords(same[1]) {
			t.Errorf("%q is %q, and %q is %q", same[0], plainWords(same[0]), same[1], plainWords(same[1]))
		}
	}
	if plainWords("Anna") == plainWords("Anne") {
		t.Error("two names are one")
	}
}
