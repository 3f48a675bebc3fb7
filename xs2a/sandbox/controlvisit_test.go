package sandbox

import (
	"net/http"
	"strings"
	"testing"

	"consentry/xs2a/sandbox/bank"
)

// TestControlVisits has a person open the page that a link leads to, and approve there: a consent and a
// payment, once. Nothing is approved to which no link leads, for nobody, and from no account of others.
func TestControlVisits(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	visits := func(address, login string) result {
		t.Helper()
		return p.control("POST", "visit", map[string]string{"address": address, "psu": login})
	}
	made := p.asks(nil)
	link := made.follow("scaRedirect")
	if strings.HasPrefix(link, "/") {
		link = server.URL + link
	}
	for name, each := range map[string]struct {
		address, login string
		status         int
	}{
		"nobody": {link, "nobody", http.StatusBadRequest}, "elsewhere": {"https://bank.example/bank/open/x", "lukas", http.StatusBadRequest},
		"the control": {server.URL + "/_control/state", "lukas", http.StatusBadRequest}, "a way around": {server.URL + "/bank/../_control/state", "lukas", http.StatusBadRequest},
		"a link nobody made": {server.URL + "/bank/open/guessed", "lukas", http.StatusConflict}, "no page": {server.URL + "/nowhere", "lukas", http.StatusConflict}, "no address": {"", "lukas", http.StatusBadRequest},
	} {
		if got := visits(each.address, each.login); got.status != each.status {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != consentReceived {
		t.Fatalf("approved already: %s", got)
	}
	if back := visits(link, "lukas").want(http.StatusOK).text("back"); !strings.HasPrefix(back, callback) {
		t.Errorf("sent back to %q", back)
	}
	if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != consentValid {
		t.Errorf("after the visit: %s", got)
	}
	visits(link, "lukas").want(http.StatusConflict)

	paid := p.call("POST", "/payments/sepa-credit-transfers", paymentOrder(ownIBAN(t, c, "RHTRDEB0", "lukas"), "12.50"), nil).want(http.StatusCreated)
	visits(paid.follow("scaRedirect"), "astrid").want(http.StatusConflict)
	visits(paid.follow("scaRedirect"), "lukas").want(http.StatusOK)
	c.pass(bank.UsualPace.Settle)
	if got := p.status(paid); got != paymentSettled {
		t.Errorf("the payment: %s", got)
	}
}

// TestControlAuthorisesAPayment approves one wherever the bank wants that, once, from the person's own account.
func TestControlAuthorisesAPayment(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	paid := p.call("POST", "/payments/sepa-credit-transfers", paymentOrder(ownIBAN(t, c, "RHTRDEB0", "lukas"), "12.50"), nil).want(http.StatusCreated)
	address := "payments/" + paid.text("paymentId") + "/authorise"
	for _, each := range []struct {
		path, login string
		status      int
	}{
		{"payments/none/authorise", "lukas", http.StatusNotFound}, {address, "nobody", http.StatusBadRequest}, {address, "astrid", http.StatusConflict},
		{address, "lukas", http.StatusOK}, {address, "lukas", http.StatusConflict},
	} {
		if got := p.control("POST", each.path, map[string]string{"psu": each.login}); got.status != each.status {
			t.Errorf("%s by %s: %d %s", each.path, each.login, got.status, got.raw)
		}
	}
	c.pass(bank.UsualPace.Settle)
	if got := p.status(paid); got != paymentSettled {
		t.Errorf("the payment: %s", got)
	}
}
