package app_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"consentry/xs2a/conformance"
)

// definitions are the official definitions of the interfaces, to which the
// exchanges with practice banks are held: those of Open Payments to its own, those
// of the Berlin Group's dialects to the Berlin Group's. Banks that depart from it
// on purpose are left out; the practice banks' own list says which. Salt Edge
// takes the Berlin Group's requests and answers in words of its own.
type definitions struct {
	world    *world
	of       []defined
	watchers []*conformance.Watcher
}

// defined is a definition with the paths that are its matter.
type defined struct {
	definition    *conformance.Definition
	path          func(string) (string, bool)
	requestsAlone bool
}

var (
	berlinPath   = regexp.MustCompile(`^/berlingroup/([^/]+)(/v1/.*)$`)
	georgianPath = regexp.MustCompile(`^/bog(/v1/.*)$`)
	// georgianProduct has products of its own in the place of the definition's.
	georgianProduct = regexp.MustCompile(`(payments)/(?:aspsp|domestic|foreign)(/|$)`)
	saltEdgePath    = regexp.MustCompile(`^/saltedge/[^/]+/api/berlingroup(/v1/.*)$`)
)

// undefined tells operations that the official definitions do not have: the
// catalogue of products (Bank of Georgia) and refreshing (Salt Edge).
func undefined(path string) bool {
	return strings.Contains(path, "/banking/products/") || strings.Contains(path, "/accounts/refresh")
}

// definitions loads the official definitions. Where they do not lie beside the
// checkout nothing is held to them, and the log says so.
func (w *world) definitions() *definitions {
	w.Helper()
	d := &definitions{world: w}
	folder := filepath.Join("..", "..", "shared", "reference", "openapi")
	berlin, err := conformance.Load(filepath.Join(folder, "berlin-group-1.3.12.json"), "")
	if errors.Is(err, conformance.ErrAbsent) {
		w.Log(err)
		return d
	}
	w.must(err)
	open, err := conformance.Load(filepath.Join(folder, "open-payments-1.3.3.yaml"), "/psd2", conformance.OpenPayments...)
	w.must(err)
	keeps := map[string]bool{}
	for _, bank := range w.info.Banks {
		keeps[bank.ID] = !bank.Quirky
	}
	d.of = []defined{
		{open, func(path string) (string, bool) { return path, strings.HasPrefix(path, "/psd2/") }, false},
		{berlin, func(path string) (string, bool) {
			if found := berlinPath.FindStringSubmatch(path); found != nil && keeps[found[1]] {
				return found[2], true
			}
			if found := georgianPath.FindStringSubmatch(path); found != nil && !undefined(path) {
				return georgianProduct.ReplaceAllString(found[1], "$1/sepa-credit-transfers$2"), true
			}
			return "", false
		}, false},
		{berlin, func(path string) (string, bool) {
			if found := saltEdgePath.FindStringSubmatch(path); found != nil && !undefined(path) {
				return found[1], true
			}
			return "", false
		}, true},
	}
	return d
}

// around puts the definitions between the program and a network.
func (d *definitions) around(network http.RoundTripper) http.RoundTripper {
	for _, one := range d.of {
		watcher := &conformance.Watcher{
			Definition: one.definition, Network: network, Path: one.path, RequestsAlone: one.requestsAlone, Undefined: toApprove, Report: d.world.Errorf,
		}
		d.watchers, network = append(d.watchers, watcher), watcher
	}
	return network
}

// toApprove reports whether a bank answers that the person has to approve the
// deletion of a consent, which no definition has.
func toApprove(res *http.Response) bool {
	return res.Request.Method == http.MethodDelete && strings.Contains(res.Request.URL.Path, "/consents/") && res.StatusCode == http.StatusAccepted
}

// hold reports whether exchanges at a path are held to a definition.
func (d *definitions) hold(path string) bool {
	for _, one := range d.of {
		if _, ours := one.path(path); ours {
			return true
		}
	}
	return false
}

// atLeast makes sure that so many kinds of exchanges were held to a definition.
func (d *definitions) atLeast(t *testing.T, n int) {
	t.Helper()
	kinds := map[string]bool{}
	for _, watcher := range d.watchers {
		for kind := range watcher.Seen() {
			kinds[kind] = true
		}
	}
	t.Logf("%d kinds of exchanges were held to the definitions", len(kinds))
	if d.of != nil && len(kinds) < n {
		t.Errorf("only %d kinds of exchanges were held to the definitions", len(kinds))
	}
}
