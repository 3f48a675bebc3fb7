package app_test

import (
	"net/http"
	"slices"
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
	of       []conformance.Interface
	watchers []*conformance.Watcher
}

func (w *world) definitions() *definitions {
	quirky := map[string]bool{}
	for _, bank := range w.info.Banks {
		quirky[bank.ID] = bank.Quirky
	}
	return &definitions{world: w, of: conformance.Interfaces(func(bank string) bool { return quirky[bank] })}
}

// around puts the definitions between the program and a network.
func (d *definitions) around(network http.RoundTripper) http.RoundTripper {
	for _, one := range d.of {
		watcher := &conformance.Watcher{Dialect: one.Dialect, Network: network, Ours: one.Ours, Undefined: conformance.ToApprove, Report: d.world.Errorf}
		d.watchers, network = append(d.watchers, watcher), watcher
	}
	return network
}

// hold reports whether exchanges at a path are held to a definition.
func (d *definitions) hold(path string) bool {
	return slices.ContainsFunc(d.of, func(one conformance.Interface) bool { return one.Ours(path) })
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
	if len(kinds) < n {
		t.Errorf("only %d kinds of exchanges were held to the definitions", len(kinds))
	}
}
