package app_test

import (
	"errors"
	"net/http"
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

// definitions loads the official definitions. Where they do not lie beside the
// checkout nothing is held to them, and the log says so.
func (w *world) definitions() *definitions {
	w.Helper()
	d := &definitions{world: w}
	quirky := map[string]bool{}
	for _, bank := range w.info.Banks {
		quirky[bank.ID] = bank.Quirky
	}
	var err error
	d.of, err = conformance.Interfaces(conformance.Folder(1), func(bank string) bool { return quirky[bank] })
	if errors.Is(err, conformance.ErrAbsent) {
		w.Log(err)
		return d
	}
	w.must(err)
	return d
}

// around puts the definitions between the program and a network.
func (d *definitions) around(network http.RoundTripper) http.RoundTripper {
	for _, one := range d.of {
		watcher := &conformance.Watcher{
			Definition: one.Definition, Network: network, Path: one.Path, RequestsAlone: one.RequestsAlone, Undefined: conformance.ToApprove, Report: d.world.Errorf,
		}
		d.watchers, network = append(d.watchers, watcher), watcher
	}
	return network
}

// hold reports whether exchanges at a path are held to a definition.
func (d *definitions) hold(path string) bool {
	for _, one := range d.of {
		if _, ours := one.Path(path); ours {
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
