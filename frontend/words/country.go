package words

import (
	"cmp"
	"context"

	"consentry/xs2a"
)

// Country returns a country's name in the reader's language, by its ISO 3166 code.
// In English, and where the language has no name for it, it is the name given.
func Country(ctx context.Context, code, given string) string {
	l := Of(ctx)
	if l.texts == nil || !xs2a.IsCountry(code) {
		return given
	}
	return cmp.Or(l.texts()[Text(xs2a.CountryName(code))].Other, given)
}
