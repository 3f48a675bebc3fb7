package storage

import "testing"

// TestBanksBelongToTheCaller lets a caller change the banks of an environment it read: who reads
// it next has those that are stored.
func TestBanksBelongToTheCaller(t *testing.T) {
	s, _ := open(t)
	put := Environment{ID: "e", Name: "Test", Banks: []Bank{{ID: "a", Name: "A", Cities: []string{"Falun"}, Products: []string{"domestic"}}}}
	if err := s.PutEnvironment(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		e, err := s.Environment(t.Context(), "e")
		if err != nil || len(e.Banks) != 1 || e.Banks[0].Name != "A" || e.Banks[0].Cities[0] != "Falun" || e.Banks[0].Products[0] != "domestic" {
			t.Fatalf("%+v, %v", e.Banks, err)
		}
		e.Banks[0].Name, e.Banks[0].Cities[0], e.Banks[0].Products[0] = "changed", "changed", "changed"
	}
	put.Banks[0].Name = "B"
	if err := s.PutEnvironment(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if e, err := s.Environment(t.Context(), "e"); err != nil || e.Banks[0].Name != "B" {
		t.Errorf("%+v, %v", e.Banks, err)
	}
}
