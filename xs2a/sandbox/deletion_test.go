package sandbox

import "testing"

// TestDeletionIsApproved keeps a consent valid until the person has approved
// the deletion that the TPP asked for.
func TestDeletionIsApproved(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	path := "/consents/" + with["Consent-ID"]
	status := func() string { return p.call("GET", path+"/status", nil, nil).text("consentStatus") }
	p.control("POST", path[1:], map[string]bool{"authoriseDeletion": true}).want(200)
	p.control("POST", path[1:]+"/delete", nil).want(409) // nobody has asked for it
	res := p.call("DELETE", path, nil, nil)
	if res.want(202); res.text("consentStatus") != consentValid || status() != consentValid {
		t.Errorf("asked for: %s", res.raw)
	}
	p.call("GET", "/accounts", nil, with).want(200)
	p.control("POST", path[1:]+"/delete", nil).want(200)
	if got := status(); got != consentTerminated {
		t.Errorf("approved: %s", got)
	}
}
