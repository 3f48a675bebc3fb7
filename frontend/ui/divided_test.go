package ui

import (
	"strings"
	"testing"
)

// TestDivided has soft hyphens outlast what takes unseen characters off a page, and all else escaped.
func TestDivided(t *testing.T) {
	var page strings.Builder
	if err := Divided("Ein<b>wil\u00adligungen").Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	if got := string(SeenPage([]byte(page.String()))); got != "Ein&lt;b&gt;wil&shy;ligungen" {
		t.Errorf("%q", got)
	}
}
