package storage

import (
	"testing"
	"time"

	"consentry/xs2a"
)

// TestStoredMomentsNameThePersonsDay reads what was stored shortly before
// midnight in UTC, where it is the next day's noon.
func TestStoredMomentsNameThePersonsDay(t *testing.T) {
	zone := time.Local
	time.Local = time.FixedZone("far in the east", 13*60*60)
	t.Cleanup(func() { time.Local = zone })
	s, _ := open(t)
	addConsent(t, s)
	at := time.Date(2028, 2, 29, 23, 50, 0, 0, time.UTC)
	if _, err := s.At(func() time.Time { return at }).EndConsent(t.Context(), "c", EndWithdrawn, FromPerson, Event{Kind: EventWithdrawn}); err != nil {
		t.Fatal(err)
	}
	c, err := s.Consent(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if day := c.EndedOn().Format(time.DateOnly); !c.EndedAt.Equal(at) || day != "2028-03-01" {
		t.Errorf("it ended on %s", day)
	}
}

// TestApprovalLastsFromThePersonsDay counts 180 days from the day on which the
// person approved, though it was still the day before in UTC.
func TestApprovalLastsFromThePersonsDay(t *testing.T) {
	zone := time.Local
	time.Local = time.FixedZone("far in the east", 13*60*60)
	t.Cleanup(func() { time.Local = zone })
	s, _ := open(t)
	addConsent(t, s)
	if c, err := s.Consent(t.Context(), "c"); err != nil || c.RenewBy != "" {
		t.Errorf("before it was approved: renew by %q, %v", c.RenewBy, err)
	}
	at := time.Date(2026, 2, 28, 23, 50, 0, 0, time.UTC) // 1 March there
	if err := s.At(func() time.Time { return at }).SetConsentStatus(t.Context(), "c", "", xs2a.ConsentValid); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Consent(t.Context(), "c"); err != nil || c.RenewBy != "2026-08-28" {
		t.Errorf("renew by %q, want 2026-08-28; %v", c.RenewBy, err)
	}
}
