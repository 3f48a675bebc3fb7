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
