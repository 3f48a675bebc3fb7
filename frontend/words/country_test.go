package words

import (
	"context"
	"slices"
	"testing"
)

// spoken is a context of a language whose catalogue is empty.
func spoken(t *testing.T, tag string) context.Context {
	t.Helper()
	l, err := Read(tag+".json", []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	return With(t.Context(), l)
}

// TestCountry calls countries as each language does, and leaves alone what is none
// and what it has no name for.
func TestCountry(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tag, code, given, want string }{
		{"sv", "DE", "Germany", "Tyskland"},
		{"ka", "GE", "Georgia", "საქართველო"},
		{"de", "AT", "Austria", "Österreich"},
		{"sv", "", "Nowhere", "Nowhere"},
		{"sv", "Atlantis", "Atlantis", "Atlantis"},
	} {
		if got := Country(spoken(t, test.tag), test.code, test.given); got != test.want {
			t.Errorf("%s of %s: %q, want %q", test.code, test.tag, got, test.want)
		}
	}
	if got := Country(t.Context(), "GB", "Great Britain"); got != "Great Britain" {
		t.Errorf("in English the name given becomes %q", got)
	}
}

// TestOrder: where Ö stands depends on the language.
func TestOrder(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string][]string{"de": {"Norwegen", "Österreich", "Ungarn"}, "sv": {"Norwegen", "Ungarn", "Österreich"}} {
		got := []string{"Ungarn", "Österreich", "Norwegen"}
		slices.SortFunc(got, Order(spoken(t, tag)).CompareString)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}
