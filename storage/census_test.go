package storage

import "testing"

// TestCensus counts an environment of one's own among what would be missed, and the practice banks not.
func TestCensus(t *testing.T) {
	if c, err := CensusOf(t.Context(), t.TempDir()); err != nil || !c.Empty() {
		t.Fatalf("nothing there: %+v, %v", c, err)
	}
	s, dir := open(t)
	for id, practice := range map[string]bool{"sandbox": true, "mine": false} {
		if err := s.PutEnvironment(t.Context(), Environment{ID: id, Name: id, Sandbox: practice}); err != nil {
			t.Fatal(err)
		}
		c, err := CensusOf(t.Context(), dir)
		if err != nil || id == "mine" && c.Empty() {
			t.Errorf("with %s: %+v, %v", id, c, err)
		}
	}
	if c, err := CensusOf(t.Context(), dir); err != nil || c.Environments != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}
