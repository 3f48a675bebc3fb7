package main

import (
	"strings"
	"testing"
)

// TestSkipsAreTold holds that nothing is left out in silence, and nothing at all
// on a build server.
func TestSkipsAreTold(t *testing.T) {
	t.Parallel()
	const pass = `{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}` + "\n" + `{"Action":"pass","Package":"p"}` + "\n"
	const skip = `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:7: no bus\n"}` + "\n" + `{"Action":"skip","Package":"p","Test":"TestA"}` + "\n"
	for name, test := range map[string]struct {
		events, says string
		here, onCI   bool
	}{
		"all is well":    {pass, "ok  \tp", true, true},
		"left out":       {skip + pass, "not tested here: TestA because no bus", true, false},
		"run on request": {`{"Action":"skip","Package":"p","Test":"TestJourneyFar"}` + "\n" + pass, "ok", true, true},
		"failed":         {`{"Action":"output","Package":"p","Test":"TestB","Output":"got 1\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestB"}` + "\n", "got 1", false, false},
		"did not end": {`{"Action":"output","Package":"p","Test":"TestC","Output":"panic: test timed out after 2s\n"}` + "\n" + `{"Action":"fail","Package":"p"}` + "\n",
			"TestC did not end:\npanic: test timed out", false, false},
		"nothing was run": {"go: no such package\n", "no such package", false, false},
	} {
		for strict, want := range map[bool]bool{false: test.here, true: test.onCI} {
			var said strings.Builder
			if got := report(strings.NewReader(test.events), &said, strict); got != want || !strings.Contains(said.String(), test.says) {
				t.Errorf("%s (CI %v): %v, said %q", name, strict, got, said.String())
			}
		}
	}
}
