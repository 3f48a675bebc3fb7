package ui

import (
	"html"
	"strings"

	"github.com/a-h/templ"
)

// Divided is a text that may be divided at its soft hyphens. They are written as entities: as characters [SeenPage] would take
// them for what somebody has hidden in a name.
func Divided(text string) templ.Component {
	return templ.Raw(strings.ReplaceAll(html.EscapeString(text), "\u00ad", "&shy;"))
}
