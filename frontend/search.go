package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
)

// What the button beside a field to look for something does with the filter below it.
const (
	filterOpen  = "open"
	filterClear = "clear"
)

// withForm makes a button of a form open or clear its filter, with what was typed until then.
func withForm(ctx context.Context, path, filter string) templ.Attributes {
	return templ.Attributes{
		"id": "filter", "name": "filter", "value": filter, "hx-get": ui.To(ctx, path), "hx-include": "closest form",
		"hx-target": "#content", "hx-select": "#content", "hx-swap": "outerHTML", "hx-push-url": "true",
	}
}

// changedAddress is the address of a list by what the person chose, with changes to it: a name and a
// value each. An empty value takes a choice back.
func changedAddress(path string, chosen map[string]string, changes []string) string {
	for i := 0; i+1 < len(changes); i += 2 {
		chosen[changes[i]] = changes[i+1]
	}
	names := make([]string, 0, len(chosen))
	for name, value := range chosen {
		if value != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder // a page has some ten of these
	b.WriteString(path)
	for i, name := range names {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(chosen[name]))
	}
	return b.String()
}

// clears leads to what was typed alone where the filter is to be cleared, and reports whether it is.
func clears(w http.ResponseWriter, r *http.Request, path string) bool {
	asked := r.URL.Query()
	if asked.Get("filter") != filterClear {
		return false
	}
	kept := url.Values{}
	for _, name := range []string{"q", "group"} {
		if asked.Get(name) != "" {
			kept.Set(name, asked.Get(name))
		}
	}
	redirect(w, r, withQuery(path, kept))
	return true
}
