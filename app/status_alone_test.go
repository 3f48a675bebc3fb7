package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// statusAlone is a bank that has a consent's status and calls the consent unknown.
func statusAlone(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/status") {
		fmt.Fprint(w, `{"consentStatus":"valid"}`)
		return
	}
	refuse(w, 404, "RESOURCE_UNKNOWN", "")
}

// TestStatusAloneEndsNothing keeps a consent at a bank that has its status alone,
// and calls the rest unknown, when it refuses one read.
func TestStatusAloneEndsNothing(t *testing.T) {
	b := newSmallBank(t)
	b.mu.Lock()
	b.standing = statusAlone
	b.balances = func(w http.ResponseWriter, r *http.Request) { refuse(w, 401, "CONSENT_INVALID", "") }
	b.mu.Unlock()
	b.read()
	c := b.world.consent(b.consent)
	if c.Ended() {
		t.Errorf("ended %q; %v", c.End, b.requests())
	}
}

// TestStatusAloneIsTaken asks such a bank how a consent stands.
func TestStatusAloneIsTaken(t *testing.T) {
	b := newSmallBank(t)
	b.mu.Lock()
	b.standing = statusAlone
	b.mu.Unlock()
	err := b.RefreshConsent(t.Context(), b.consent, person)
	if c := b.world.consent(b.consent); err != nil || c.Ended() {
		t.Errorf("ended %q; %v %v", c.End, err, b.requests())
	}
}

// TestConsentWithoutStatusGrantsNothing takes an answer that says no status for none
// of the consent: what was granted stays, and the status alone is asked for.
func TestConsentWithoutStatusGrantsNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"valid", ""} {
		t.Run(status, func(t *testing.T) {
			b := newSmallBank(t)
			b.mu.Lock()
			b.standing = func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/status") && status != "" {
					fmt.Fprintf(w, `{"consentStatus":%q}`, status)
					return
				}
				fmt.Fprint(w, `{"access":{"accounts":[]},"validUntil":"2026-03-03","frequencyPerDay":1}`)
			}
			b.mu.Unlock()
			before := b.world.consent(b.consent)
			err := b.RefreshConsent(t.Context(), b.consent, person)
			after := b.world.consent(b.consent)
			if (err == nil) != (status != "") || after.Status != before.Status || after.ValidUntil != before.ValidUntil || after.Granted != nil {
				t.Errorf("%q: %v, %q until %s, granted %v", status, err, after.Status, after.ValidUntil, after.Granted)
			}
		})
	}
}
