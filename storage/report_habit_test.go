package storage

import (
	"errors"
	"testing"
)

// TestPlainHabitsAreKnown tells a bank whose reads showed nothing out of the usual from
// one that was never read: what its profile says of reports holds for the second alone.
func TestPlainHabitsAreKnown(t *testing.T) {
	s, _ := open(t)
	if err := s.PutEnvironment(t.Context(), Environment{ID: "e1", Name: "Test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReportHabits(t.Context(), "e1", "HAMNSEG0"); !errors.Is(err, ErrNotFound) {
		t.Errorf("never read: %v", err)
	}
	if err := s.SetReportHabits(t.Context(), "e1", "HAMNSEG0", ReportHabits{}); err != nil {
		t.Fatal(err)
	}
	if habits, err := s.ReportHabits(t.Context(), "e1", "HAMNSEG0"); err != nil || habits != (ReportHabits{}) {
		t.Errorf("%+v, %v", habits, err)
	}
}
