package words

import (
	"context"
	"slices"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"consentry/xs2a"
)

// spoken is a context of a language with a catalogue.
func spoken(t *testing.T, tag, catalogue string) context.Context {
	t.Helper()
	l, err := Read(tag+".json", []byte(catalogue))
	if err != nil {
		t.Fatal(err)
	}
	return With(t.Context(), l)
}

// TestOrder: where a letter stands depends on the language.
func TestOrder(t *testing.T) {
	t.Parallel()
	german, swedish := spoken(t, "de", "{}"), spoken(t, "sv", `{"abcdefghijklmnopqrstuvwxyz": "abcdefghijklmnopqrstuvwxyzåäö"}`)
	for _, test := range []struct {
		ctx  context.Context
		want []string
	}{
		{german, []string{"Norwegen", "Österreich", "Ungarn"}},
		{swedish, []string{"Norge", "Österrike"}},
		{swedish, []string{"Zambia", "Åland", "A\u0308rt", "Österrike"}}, // a letter with a mark behind it is that letter
		{t.Context(), []string{"", "1st", "Bosnia", "bosnia & Herzegovina", "Bosnian", "Łódź", "Lund", "Øst", "Oz", "საქართველო", "Z"}},
	} {
		got := slices.Clone(test.want)
		slices.Reverse(got)
		slices.SortFunc(got, Order(test.ctx))
		if !slices.Equal(got, test.want) {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// TestOrderOfCountries compares the order of all countries with that of CLDR, in a language that has letters of its own,
// in one whose letters all bear marks alone, and in one of another script.
func TestOrderOfCountries(t *testing.T) {
	t.Parallel()
	for tag, letters := range map[string]string{
		"en": "abcdefghijklmnopqrstuvwxyz", "sv": "abcdefghijklmnopqrstuvwxyzåäö", "de": "abcdefghijklmnopqrstuvwxyz", "ka": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
	} {
		var names []string
		for code := range xs2a.Countries() {
			names = append(names, display.Regions(language.Make(tag)).Name(language.MustParseRegion(code)))
		}
		want := slices.Clone(names)
		slices.SortFunc(want, collate.New(language.Make(tag)).CompareString)
		slices.SortFunc(names, Order(spoken(t, tag, `{"abcdefghijklmnopqrstuvwxyz": "`+letters+`"}`)))
		if !slices.Equal(names, want) {
			t.Errorf("%s: %q, want %q", tag, names, want)
		}
	}
}
