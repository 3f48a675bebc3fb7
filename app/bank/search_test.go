package bank_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

// listed returns a registry of banks that two environments name, and the directory of a third,
// which was read.
func listed(t testing.TB, banks ...storage.Bank) *bank.Registry {
	t.Helper()
	store := fresh.Store(t, time.Now)
	half := len(banks) / 2
	for id, some := range map[string][]storage.Bank{"first": banks[:half], "second": banks[half:]} {
		if err := store.PutEnvironment(t.Context(), storage.Environment{ID: id, Name: id, Banks: some}); err != nil {
			t.Fatal(err)
		}
		if err := store.ListBanks(t.Context(), id, xs2a.CountryName); err != nil {
			t.Fatal(err)
		}
	}
	return bank.New(bank.Config{Store: store, Log: slog.New(slog.DiscardHandler), Now: time.Now})
}

func someBanks() []storage.Bank {
	return []storage.Bank{
		{ID: "norrsken", BIC: "NRSKSEP0", Name: "Norrsken Bank", CountryCode: "SE", Cities: []string{"Stockholm", "Kiruna"}},
		{ID: "norrland", BIC: "NRLDSES1", Name: "Sparbanken Norrland", CountryCode: "SE", Cities: []string{"Umeå"}},
		{ID: "kust", BIC: "KUSTSES0", Name: "Kustbanken", CountryCode: "SE", Cities: []string{"Norrtälje"}},
		{ID: "fjord", BIC: "FJRDNOK0", Name: "Fjordbanken", CountryCode: "NO", Cities: []string{"Bergen"}},
		{ID: "gruen", BIC: "GRKODEH1", Name: "Grünkohl Genossenschaftsbank", CountryCode: "DE", Cities: []string{"Oldenburg"}},
		{ID: "gross", BIC: "GROSDEF1", Name: "Großmarkt Bank", CountryCode: "DE", Cities: []string{"Hamburg"}},
		{ID: "tbc", BIC: "TBILGE22", Name: "ქართული ბანკი", CountryCode: "GE", Cities: []string{"Tbilisi"}},
		{ID: "dnb", BIC: "DNBANOKK", Name: "DNB", CountryCode: "NO"},
		{ID: "two", BIC: "ZWEIDEB1", Name: "Zweihafen", CountryCode: "DE", Note: "embedded: two people"},
	}
}

// TestFind looks for banks by what people type.
func TestFind(t *testing.T) {
	t.Parallel()
	banks := listed(t, someBanks()...)
	for _, test := range []struct {
		what, typed string
		want        []string
		near        bool
	}{
		{what: "a beginning", typed: "norrs", want: []string{"norrsken"}},
		{what: "names begun so before words, and words before places", typed: "norr", want: []string{"norrsken", "norrland", "kust"}},
		{what: "a word of the name", typed: "norrland", want: []string{"norrland"}},
		{what: "something within a word", typed: "banken", want: []string{"fjord", "kust", "norrland"}},
		{what: "several words in any order", typed: "bank NORRSKEN", want: []string{"norrsken"}},
		{what: "words without a blank", typed: "norrskenbank", want: []string{"norrsken"}},
		{what: "a BIC", typed: "nrsksep0", want: []string{"norrsken"}},
		{what: "the beginning of BICs", typed: "NRSK", want: []string{"norrsken"}},
		{what: "a city", typed: "bergen", want: []string{"fjord"}},
		{what: "a name and a city", typed: "norr kiruna", want: []string{"norrsken"}},
		{what: "a country as the person calls it", typed: "norge", want: []string{"dnb", "fjord"}},
		{what: "a note", typed: "two people", want: []string{"two"}},
		{what: "marks left out", typed: "grunkohl", want: []string{"gruen"}},
		{what: "marks of another form", typed: "Gru\u0308nkohl", want: []string{"gruen"}},
		{what: "ß", typed: "grossmarkt", want: []string{"gross"}},
		{what: "another script", typed: "kartuli", want: []string{"tbc"}},
		{what: "nothing but a blank", typed: " ", want: []string{"dnb", "fjord", "gross", "gruen", "kust", "norrsken", "norrland", "two", "tbc"}},

		{what: "a letter too few", typed: "Norsken", want: []string{"norrsken"}, near: true},
		{what: "neighbours changed", typed: "Norrskne", want: []string{"norrsken"}, near: true},
		{what: "a letter too many", typed: "fjoord", want: []string{"fjord"}, near: true},
		{what: "another letter", typed: "fjurd", want: []string{"fjord"}, near: true},
		{what: "the first letter", typed: "vjordbanken", want: []string{"fjord"}, near: true},
		{what: "ue for ü", typed: "gruenkohl", want: []string{"gruen"}, near: true},
		{what: "two mistakes in a long word", typed: "fjordbakne", want: []string{"fjord"}, near: true},
		{what: "two mistakes in a short word", typed: "fjurt"},
		{what: "three mistakes in a long word", typed: "fyortbakne"},
		{what: "a mistake in a BIC", typed: "NRKSSEP0", want: []string{"norrsken"}, near: true},
		{what: "a mistake in a city", typed: "brgen", want: []string{"fjord"}, near: true},
		{what: "a mistake in a name of three letters", typed: "dbn", want: []string{"dnb"}, near: true},
		{what: "a mistake beside a word as it stands", typed: "sparbanken nrorland", want: []string{"norrland"}, near: true},
		{what: "a blank within a word, and a letter too few", typed: "nors ken", want: []string{"norrsken"}, near: true},
		{what: "two letters that nothing has", typed: "xq"},
		{what: "no letter", typed: "…", want: []string{"dnb", "fjord", "gross", "gruen", "kust", "norrsken", "norrland", "two", "tbc"}},
		{what: "a very long word", typed: strings.Repeat("norrsken", 40)},
	} {
		t.Run(test.what, func(t *testing.T) {
			found, err := banks.Find(t.Context(), bank.Search{Text: test.typed, CountryName: func(code, name string) string {
				if code == "NO" {
					return "Norge"
				}
				return name
			}})
			if err != nil {
				t.Fatal(err)
			}
			if got := ids(found.All()); !slices.Equal(got, test.want) || found.Near != test.near || len(found.Elsewhere) > 0 {
				t.Errorf("%q finds %q (near: %t), want %q (%t)", test.typed, got, found.Near, test.want, test.near)
			}
		})
	}
}

func ids(banks []bank.Match) (ids []string) {
	for _, one := range banks {
		ids = append(ids, one.BIC)
	}
	return ids
}

// TestFindGoesAcrossCountries holds that a chosen place says which banks come first, and hides none.
func TestFindGoesAcrossCountries(t *testing.T) {
	t.Parallel()
	banks := listed(t, someBanks()...)
	for _, test := range []struct {
		what            string
		in              storage.ASPSPQuery
		typed           string
		here, elsewhere []string
	}{
		{"a country", storage.ASPSPQuery{CountryCode: "NO"}, "banken", []string{"fjord"}, []string{"kust", "norrland"}},
		{"a city", storage.ASPSPQuery{CountryCode: "SE", CityID: "SE-umeå"}, "norr", []string{"norrland"}, []string{"norrsken", "kust"}},
		{"a country without it", storage.ASPSPQuery{CountryCode: "GE"}, "norrsken", nil, []string{"norrsken"}},
		{"a mistake", storage.ASPSPQuery{CountryCode: "SE"}, "fjoord", nil, []string{"fjord"}},
		{"nothing typed", storage.ASPSPQuery{CountryCode: "NO"}, "", []string{"dnb", "fjord"}, nil},
		{"a country that there is not", storage.ASPSPQuery{CountryCode: "XX"}, "dnb", nil, []string{"dnb"}},
	} {
		found, err := banks.Find(t.Context(), bank.Search{ASPSPQuery: test.in, Text: test.typed})
		if err != nil || !slices.Equal(ids(found.Here), test.here) || !slices.Equal(ids(found.Elsewhere), test.elsewhere) {
			t.Errorf("%s: %q here and %q elsewhere, %v; want %q and %q", test.what, ids(found.Here), ids(found.Elsewhere), err, test.here, test.elsewhere)
		}
	}
	found, err := banks.Find(t.Context(), bank.Search{Text: "norrsken"})
	want := []storage.Place{{CountryCode: "SE", Country: "Sweden", City: "Kiruna"}, {CountryCode: "SE", Country: "Sweden", City: "Stockholm"}}
	if err != nil || len(found.Here) != 1 || !slices.Equal(found.Here[0].Places, want) {
		t.Errorf("found at %v, %v; want %v", found.Here, err, want)
	}
}

// BenchmarkFind looks for banks among as many as large directories have, each time after a write,
// as while a fetch goes on, and with nothing written.
func BenchmarkFind(b *testing.B) {
	var many []storage.Bank
	for i := range 10_000 {
		many = append(many, storage.Bank{
			ID: fmt.Sprintf("bank%05d", i), BIC: fmt.Sprintf("B%03XDE%02X", i%4096, i%251), Name: fmt.Sprintf("Volksbank Raiffeisenbank %s-%d eG", someBanks()[i%9].Name, i),
			CountryCode: []string{"DE", "SE", "NO", "FR"}[i%4], Cities: []string{fmt.Sprintf("Stadt %d", i%700)},
		})
	}
	banks := listed(b, many...)
	for _, typed := range []string{"norrsken", "raifeisenbnak 77", "stadt 77 fjordbakne"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				if _, err := banks.Find(context.Background(), bank.Search{Text: typed}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
