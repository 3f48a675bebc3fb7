package frontend

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"consentry/frontend/static"
	"consentry/frontend/ui"
)

var update = flag.Bool("update", false, "write what is rendered to testdata")

// inline is what the content security policy forbids, and what a bank's words
// would have to become to do harm.
var inline = []string{" style=", "<script>", " onclick=", "<img src=x", `href="javascript:`, "<style"}

// golden holds screens to the files in testdata that are called as they are.
// Nothing inline may stand in them, nor what never shall.
func golden(t *testing.T, screens map[string]templ.Component, never ...string) {
	t.Helper()
	ctx := ui.WithReader(t.Context(), ui.Reader{Locale: "sv-SE", Now: now})
	for name, screen := range screens {
		t.Run(name, func(t *testing.T) {
			got := withoutVersion(render(t, ctx, screen))
			file := filepath.Join("testdata", name+".html")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s; look at it, then run with -update\n%s", file, got)
			}
			html := strings.ToLower(string(got))
			for _, forbidden := range slices.Concat(inline, never) {
				if strings.Contains(html, strings.ToLower(forbidden)) {
					t.Errorf("contains %s", forbidden)
				}
			}
		})
	}
}

func render(t *testing.T, ctx context.Context, component templ.Component) []byte {
	t.Helper()
	var html bytes.Buffer
	if err := component.Render(ctx, &html); err != nil {
		t.Fatal(err)
	}
	return append(bytes.ReplaceAll(html.Bytes(), []byte("><"), []byte(">\n<")), '\n')
}

// withoutVersion takes the hash out of static addresses, so that a change of
// the stylesheet changes no page.
func withoutVersion(html []byte) []byte {
	return bytes.ReplaceAll(html, []byte(static.Path("")), []byte("/static/…/"))
}
