package storage

import (
	"testing"

	"consentry/xs2a"
)

// TestArrivals counts what came since the first reading, until it was shown.
func TestArrivals(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-06-10", Booked: []xs2a.Transaction{
		booked("T1", "2026-06-01", "-1", "A"), booked("T2", "2026-06-02", "-2", "B"),
	}}
	read := func(want int) {
		t.Helper()
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
		if counts, err := s.Arrivals(t.Context()); err != nil || counts[1] != want {
			t.Errorf("%d are new, want %d (%v)", counts[1], want, err)
		}
	}
	read(0) // all of a first reading is known
	f.Booked = append([]xs2a.Transaction{booked("T0", "2026-02-01", "-9", "history")}, f.Booked...)
	f.To = "2026-06-12"
	read(0) // so is what is long over
	f.Booked = append(f.Booked, booked("T3", "2026-06-11", "-3", "C"), booked("T4", "2026-06-12", "-4", "D"))
	f.Pending = []xs2a.Transaction{booked("P", "", "-5", "E")}
	read(2)
	read(2)
	all, err := s.BookedTransactions(t.Context(), 1, 0, 9)
	if err != nil || len(all) != 5 || !all[0].New || !all[1].New || all[2].New {
		t.Fatalf("%+v (%v)", all, err)
	}
	if err := s.SetSeen(t.Context(), []int64{all[0].ID}); err != nil {
		t.Fatal(err)
	}
	read(1)
	if one, err := s.Transaction(t.Context(), all[0].ID); err != nil || one.New {
		t.Errorf("%+v (%v)", one, err)
	}
	if err := s.SetAllSeen(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	read(1)
	if err := s.SetAllSeen(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	read(0)
}
