package words

import (
	"cmp"
	"context"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country returns a country's name in the reader's language, by its ISO 3166 code.
// In English, and where the language has no name for it, it is the name given.
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
	return cmp.Or(regions.Name(region), given)
}

// Order is the order in which the reader's language lists names.
func Order(ctx context.Context) *collate.Collator { return collate.New(Of(ctx).tag) }
