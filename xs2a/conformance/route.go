package conformance

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// route is an operation of a definition, by the path it is asked for at.
type route struct {
	path      string // as the definition has it
	parts     []part
	method    string
	item      *openapi3.PathItem
	operation *openapi3.Operation
}

// part is what stands between two strokes of a path: a word or a parameter.
type part struct {
	text    string   // the word, or the parameter's name
	free    bool     // a parameter
	allowed []string // its values where it is one of few; empty: any
}

// name is method and path, as in "GET /v1/accounts".
func (r route) name() string { return r.method + " " + r.path }

// place is where the operation stands in the definition.
func (r route) place() string {
	return "#/paths/" + pointerText(r.path) + "/" + strings.ToLower(r.method)
}

// services are what the parameter for it may be: an operation of payments is none of
// anything else.
var services = []string{"payments", "bulk-payments", "periodic-payments"}

// routesOf lists the operations of a definition, those with more words in their path first.
func routesOf(doc *openapi3.T) (all []route) {
	for _, path := range sorted(doc.Paths.Map()) {
		item := doc.Paths.Value(path)
		var parts []part
		for _, text := range strings.Split(strings.Trim(path, "/"), "/") {
			name, free := strings.CutPrefix(text, "{")
			one := part{text: strings.TrimSuffix(name, "}"), free: free}
			if one.text == "payment-service" {
				one.allowed = services
			}
			parts = append(parts, one)
		}
		for method, operation := range item.Operations() {
			all = append(all, route{path, parts, method, item, operation})
		}
	}
	slices.SortStableFunc(all, func(a, b route) int {
		return cmp.Or(cmp.Compare(a.unnamed(), b.unnamed()), strings.Compare(a.name(), b.name()))
	})
	return all
}

func (r route) unnamed() (n int) {
	for _, one := range r.parts {
		if one.free {
			n++
		}
	}
	return n
}

// route finds the operation a request asks for. What stands before the definition's path
// does not matter: banks have their interfaces where they like. Where a path is the
// definition's and its method is not, sort of is true.
func (d *Definition) route(method, path string) (found route, values map[string]string, defined bool, pathDefined bool) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for _, within := range []func(route) []part{whole, withoutVersion} {
		for from := range segments {
			rest := segments[from:]
			for _, each := range d.routes {
				values, fits := fit(within(each), rest)
				if !fits {
					continue
				}
				if each.method == method {
					return each, values, true, true
				}
				if !pathDefined {
					found, pathDefined = each, true
				}
			}
			if pathDefined {
				return found, nil, false, true
			}
		}
	}
	return route{}, nil, false, false
}

func whole(r route) []part { return r.parts }

// withoutVersion is a path from behind its version on, for banks that have none.
func withoutVersion(r route) []part {
	at := slices.IndexFunc(r.parts, func(one part) bool { return !one.free && one.text == "v1" })
	return r.parts[at+1:]
}

// fit returns the parameters in a path that has the parts of a definition's.
func fit(parts []part, segments []string) (values map[string]string, fits bool) {
	if len(parts) != len(segments) {
		return nil, false
	}
	values = map[string]string{}
	for i, one := range parts {
		switch {
		case !one.free && one.text != segments[i]:
			return nil, false
		case len(one.allowed) > 0 && !slices.Contains(one.allowed, segments[i]):
			return nil, false
		case one.free:
			values[one.text] = segments[i]
		}
	}
	return values, true
}

// sorted are the keys of a map in order, so that two readings give the same.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// pointerText is a name as a part of a JSON pointer (RFC 6901 section 3).
func pointerText(name string) string { return pointerEscape.Replace(name) }

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")
