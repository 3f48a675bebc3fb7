package xs2a

import (
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// TestCountries compares the countries with those of CLDR. Of what it knows beside, what is no more,
// a part of another or a union is none.
func TestCountries(t *testing.T) {
	t.Parallel()
	withdrawn := map[string]bool{"AN": true, "CS": true, "NT": true, "SU": true, "YU": true} // ISO 3166-3, went over to several
	renamed := map[string]string{"MK": "North Macedonia", "SZ": "Eswatini"}                  // since the library's CLDR 32
	names := display.English.Regions()
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			code := string(first) + string(second)
			region, err := language.ParseRegion(code)
			is := err == nil && region.String() == code && region.IsCountry() && region.M49() != 0 && region.Canonicalize() == region && !withdrawn[code]
			want := code
			if is {
				want = names.Name(region)
			}
			if renamed[code] != "" {
				want = renamed[code]
			}
			if IsCountry(code) != is || CountryName(code) != want {
				t.Errorf("%s: %v, %q; want %v, %q", code, IsCountry(code), CountryName(code), is, want)
			}
		}
	}
	for _, none := range []string{"", "se", "SWE", "Atlantis"} {
		if IsCountry(none) || CountryName(none) != none {
			t.Errorf("%q is a country", none)
		}
	}
}
