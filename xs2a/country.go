package xs2a

import "golang.org/x/text/language"

// IsCountry reports whether a code in capitals is a country's by ISO 3166-1, or Kosovo's.
// Of those that CLDR knows beside, what is no more, a part of another or a union is none.
func IsCountry(code string) bool {
	region, err := language.ParseRegion(code)
	return err == nil && region.String() == code && region.IsCountry() && region.M49() != 0 && region.Canonicalize() == region && !withdrawn[code]
}

// withdrawn are codes of countries that are no more (ISO 3166-3) and went over to several.
var withdrawn = map[string]bool{"AN": true, "CS": true, "NT": true, "SU": true, "YU": true}
