package words

import (
	"context"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country returns a country's name in the reader's language, by its ISO 3166 code.
// In English, and where the language's name of it is not known, it is the name given.
func Country(ctx context.Context, code, given string) string {
	l := Of(ctx)
	region, err := language.ParseRegion(code)
	if l.catalogue == nil || err != nil {
		return given
	}
	regions := display.Regions(l.tag)
	if regions == nil {
		return given
	}
	if name := regions.Name(region); name != "" {
		return name
	}
	return given
}
