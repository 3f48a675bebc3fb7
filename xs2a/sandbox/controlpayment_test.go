package sandbox

import (
	"encoding/json"
	"testing"
)

// TestControlShowsTheBooks sends one payment twice under one X-Request-ID, and another: the
// books have two, each under its own.
func TestControlShowsTheBooks(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	from := ownIBAN(t, c, "RHTRDEB0", "lukas")
	books := func() (list []bookedPayment) {
		t.Helper()
		if err := json.Unmarshal(p.control("GET", "payments", nil).want(200).raw, &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := books(); got == nil || len(got) != 0 {
		t.Errorf("before anything was sent: %v", got)
	}
	id := newID()
	order := paymentOrder(from, "12.50")
	order["endToEndIdentification"] = "my own"
	made := p.pays("/payments/sepa-credit-transfers", order, map[string]string{"X-Request-ID": id})
	p.call("POST", "/payments/sepa-credit-transfers", order, map[string]string{"X-Request-ID": id}).want(201)
	got := books()
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	want := bookedTransfer{EndToEnd: "my own", Amount: "12.50", Currency: "EUR", From: from, To: payee}
	if one := got[0]; one.ID != made.text("paymentId") || one.Bank != "RHTRDEB0" || one.RequestID != id || one.PSU != "lukas" || one.Status != paymentChecked || one.Transfers[0] != want {
		t.Errorf("%+v", one)
	}
	p.call("POST", "/payments/sepa-credit-transfers", order, nil).want(201)
	if got := books(); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}
