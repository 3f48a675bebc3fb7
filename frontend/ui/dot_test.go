package ui

import (
	"strings"
	"testing"
)

// TestNoLineBeginsWithADot: where a line of parts is broken, the dot between two
// stays with the first.
func TestNoLineBeginsWithADot(t *testing.T) {
	for name, html := range map[string]string{
		"row":     string(render(t, t.Context(), Line(Row{Title: "Savings", Sub: "SE45 · Private · Åsa"}))),
		"heading": string(render(t, t.Context(), Head(Heading{Title: "Savings", Sub: "SE45 · Private"}, nil, nil))),
	} {
		if strings.Contains(html, " · ") || !strings.Contains(html, "SE45\u00a0· Private") {
			t.Errorf("%s: %s", name, html)
		}
	}
}
