package frontend

import (
	"bytes"
	"context"
	"flag"
	"fmt"
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

// golden holds screens to the files in testdata that are called as they are. A
// screen whose name goes on after that of another, as "consents-empty" does, is
// a variant: its file holds the parts in which it differs. Nothing inline may
// stand in any of them, nor what never shall, and no link leaves the session.
func golden(t *testing.T, screens map[string]templ.Component, never ...string) {
	t.Helper()
	ctx := ui.WithReader(t.Context(), ui.Reader{Locale: "sv-SE", Now: now})
	rendered := map[string][]byte{}
	for name, screen := range screens {
		rendered[name] = render(t, ctx, screen)
	}
	for name, html := range rendered {
		t.Run(name, func(t *testing.T) {
			got := onLines(html)
			if page := rendered[variantOf(name, rendered)]; page != nil {
				got = parts(t, page, html)
			}
			asFile(t, filepath.Join("testdata", name+".html"), got)
			staysInTheSession(t, ctx, screens[name])
			text := strings.ToLower(string(html))
			for _, forbidden := range slices.Concat(inline, never) {
				if strings.Contains(text, strings.ToLower(forbidden)) {
					t.Errorf("contains %s", forbidden)
				}
			}
		})
	}
}

// variantOf is the longest name that a name goes on after.
func variantOf(name string, screens map[string][]byte) string {
	for i := strings.LastIndex(name, "-"); i > 0; i = strings.LastIndex(name, "-") {
		if name = name[:i]; screens[name] != nil {
			return name
		}
	}
	return ""
}

func asFile(t *testing.T, file string, got []byte) {
	t.Helper()
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
		t.Errorf("differs from %s; look at it, then run with -update\n%s", file, firstDifference(got, want))
	}
}

// firstDifference returns the lines around the first that differs, as they are now.
func firstDifference(got, want []byte) string {
	lines, wanted := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	n := 0
	for n < len(lines)-1 && n < len(wanted)-1 && lines[n] == wanted[n] {
		n++
	}
	from, to := max(n-10, 0), min(n+30, len(lines))
	return fmt.Sprintf("line %d was %q; lines %d to %d are now:\n%s", n+1, wanted[n], from+1, to, strings.Join(lines[from:to], "\n"))
}

func render(t *testing.T, ctx context.Context, component templ.Component) []byte {
	t.Helper()
	var html bytes.Buffer
	if err := component.Render(ctx, &html); err != nil {
		t.Fatal(err)
	}
	return withoutVersion(html.Bytes())
}

// onLines returns each element a line of its own, but for what an icon is drawn by.
func onLines(html []byte) []byte {
	lines := bytes.ReplaceAll(html, []byte("><"), []byte(">\n<"))
	for _, inIcon := range []string{"<path", "</path", "</svg"} {
		lines = bytes.ReplaceAll(lines, []byte(">\n"+inIcon), []byte(">"+inIcon))
	}
	return append(lines, '\n')
}

// withoutVersion takes the hash out of static addresses, so that a change of
// the stylesheet changes no page.
func withoutVersion(html []byte) []byte {
	return bytes.ReplaceAll(html, []byte(static.Path("")), []byte("/static/…/"))
}
