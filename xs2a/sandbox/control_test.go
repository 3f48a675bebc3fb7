package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/people"
)

// control sends a request to the control.
func (p *berlin) control(method, path string, body any) result {
	p.t.Helper()
	data := []byte{}
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			p.t.Fatal(err)
		}
	}
	req, err := http.NewRequest(method, p.tpp.base+"/_control/"+path, bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	return p.tpp.do(req)
}

func TestControlClock(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	for _, wrong := range []string{"", "x", "-1h", "999999h"} {
		if res := p.control("POST", "clock", map[string]string{"advance": wrong}); res.status != 400 {
			t.Errorf("%q: %d", wrong, res.status)
		}
	}
	p.control("POST", "clock", map[string]string{"advance": "2400h"}).want(200)
	if res := p.call("GET", "/accounts", nil, with); res.status != 401 || res.code() != "CONSENT_EXPIRED" {
		t.Errorf("after a hundred days: %d %s", res.status, res.raw)
	}
	if got := p.call("GET", "/consents/"+with["Consent-ID"]+"/status", nil, nil).text("consentStatus"); got != consentExpired {
		t.Errorf("consent is %s", got)
	}
	p.control("POST", "reset", nil).want(200)
	if res := p.call("GET", "/accounts", nil, with); res.code() != "CONSENT_UNKNOWN" {
		t.Errorf("after the reset: %d %s", res.status, res.raw)
	}
	if got := p.control("GET", "state", nil).want(200); len(got.list("consents")) != 0 || got.text("ahead") != "0s" {
		t.Errorf("%s", got.raw)
	}
	linked(t, server, "rheintor", "lukas")
}

func TestControlRevokes(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	p.control("POST", "consents/"+with["Consent-ID"]+"/revoke", nil).want(200)
	if res := p.call("GET", "/accounts", nil, with); res.status != 401 || res.code() != "CONSENT_INVALID" {
		t.Errorf("%d %s", res.status, res.raw)
	}
	if got := p.call("GET", "/consents/"+with["Consent-ID"]+"/status", nil, nil).text("consentStatus"); got != consentRevoked {
		t.Errorf("consent is %s", got)
	}
	p.control("POST", "consents/"+with["Consent-ID"]+"/revoke", nil).want(409)
	p.control("POST", "consents/"+newID()+"/revoke", nil).want(404)
}

func TestControlAnswersTheTelephone(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for word, want := range map[string]string{"approve": consentValid, "deny": consentRejected} {
		p := newBerlin(t, server.URL, "sandvik")
		p.psu = "astrid"
		made := p.asks(nil)
		shown := p.control("GET", "state", nil).want(200).list("authorisations")[0]
		if phone, _ := shown["phone"].(string); !strings.Contains(made.text("psuMessage"), phone) || phone == "" {
			t.Errorf("phone %q", phone)
		}
		p.control("POST", "authorisations/"+shown["id"].(string)+"/"+word, nil).want(200)
		p.control("POST", "authorisations/"+shown["id"].(string)+"/"+word, nil).want(409)
		if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != want {
			t.Errorf("%s: %s", word, got)
		}
		p.control("POST", "reset", nil).want(200)
	}
}

// TestTelephoneShowsTheAccounts shows the accounts that the telephone speaks of, where
// it knows whose it is.
func TestTelephoneShowsTheAccounts(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newBerlin(t, server.URL, "sandvik")
	p.psu = "astrid"
	message := p.asks(nil).text("psuMessage")
	b := newBrowser(t)
	b.open(message[strings.Index(message, "http"):])
	if text := b.text(); !strings.Contains(text, "The accounts below") || !strings.Contains(text, "Lönekonto") {
		t.Errorf("the telephone shows no account: %s", text)
	}
}

func TestFaults(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	set := func(f map[string]any) { p.control("POST", "faults", f).want(200) }
	read := func() result { return p.call("GET", "/accounts", nil, with) }

	set(map[string]any{"method": "GET", "path": "/accounts", "status": 503, "retryAfter": 7, "count": 2})
	for range 2 {
		if res := read(); res.status != 503 || res.header.Get("Retry-After") != "7" {
			t.Errorf("%d %q", res.status, res.header.Get("Retry-After"))
		}
	}
	read().want(200)

	set(map[string]any{"path": "/accounts", "delay": "60ms"})
	before := time.Now()
	read().want(200)
	if took := time.Since(before); took < 60*time.Millisecond {
		t.Errorf("took %s", took)
	}

	set(map[string]any{"path": "/consents", "method": "POST", "drop": true, "after": true})
	req, err := http.NewRequest("POST", p.root+"/consents", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := http.DefaultTransport.RoundTrip(req); err == nil {
		t.Errorf("answered %s", res.Status)
	}

	set(map[string]any{"garbage": true, "path": "/accounts"})
	raw, err := http.Get(p.root + "/accounts")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Body.Close()
	if json.NewDecoder(raw.Body).Decode(&map[string]any{}) == nil {
		t.Error("this is JSON")
	}

	for _, wrong := range []map[string]any{{}, {"status": 99}, {"status": 500, "count": 0}, {"delay": "1h"}, {"colour": "red"}} {
		if res := p.control("POST", "faults", wrong); res.status != 400 {
			t.Errorf("%v: %d", wrong, res.status)
		}
	}
	set(map[string]any{"status": 500})
	p.control("DELETE", "faults", nil).want(200)
	read().want(200)
}

// A web page that a person happens to look at must not play the banks.
func TestControlIsNotForPages(t *testing.T) {
	server := startSandbox(t, Config{})
	req, err := http.NewRequest("POST", server.URL+"/_control/reset", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://evil.example")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("%s", res.Status)
	}
}

// TestControlBendsAConsent: what the bank changes by itself stands in what it tells
// from then on, and the control still shows the truth.
func TestControlBendsAConsent(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p, with := linked(t, server, "rheintor", "lukas")
	id := with["Consent-ID"]
	bend := func(body any) result { return p.control("POST", "consents/"+id, body) }
	told := func() result { return p.call("GET", "/consents/"+id, nil, nil).want(200) }
	whole := len(p.call("GET", "/accounts", nil, with).want(200).list("accounts"))

	bend(map[string]any{"accounts": 1}).want(200)
	if n := len(p.call("GET", "/accounts", nil, with).want(200).list("accounts")); n != 1 || whole < 3 {
		t.Errorf("%d of %d accounts are left", n, whole)
	}
	if got := told(); bytes.Count(got.raw, []byte(`"iban"`)) != 2 { // in each of the lists that were asked for
		t.Errorf("the bank tells %s", got.raw)
	}
	bend(map[string]any{"others": true}).want(200)
	if n := len(p.call("GET", "/accounts", nil, with).want(200).list("accounts")); n != whole {
		t.Errorf("%d accounts with the others", n)
	}
	bend(map[string]any{"others": true}).want(409)

	until := people.DayOf(clock.now()) + 3
	bend(map[string]any{"validUntil": until.String()}).want(200)
	if got := told().text("validUntil"); got != until.String() {
		t.Errorf("valid until %s", got)
	}
	bend(map[string]any{"stuckValid": true}).want(200)
	p.control("POST", "clock", map[string]string{"advance": "120h"}).want(200)
	if got := told().text("consentStatus") + p.call("GET", "/consents/"+id+"/status", nil, nil).text("consentStatus"); got != consentValid+consentValid {
		t.Errorf("a bank that is stuck says %s", got)
	}
	if res := p.call("GET", "/accounts", nil, with); res.status != 401 || res.code() != "CONSENT_EXPIRED" {
		t.Errorf("a read is answered %d %s", res.status, res.raw)
	}
	if got := p.shown(id); got["status"] != consentExpired || got["reads"] != 4.0 || got["readsAfterEnd"] != 1.0 || got["ended"] == nil || len(got["readLog"].([]any)) != 4 {
		t.Errorf("the control shows %v", got)
	}

	bend(map[string]any{"forget": true}).want(200)
	for _, res := range []result{p.call("GET", "/consents/"+id, nil, nil), p.call("DELETE", "/consents/"+id, nil, nil), p.call("GET", "/accounts", nil, with)} {
		if res.status != 403 || res.code() != "CONSENT_UNKNOWN" {
			t.Errorf("forgotten: %d %s", res.status, res.raw)
		}
	}
	if got := p.shown(id); got["readsAfterEnd"] != 2.0 || got["forgotten"] != true {
		t.Errorf("forgotten, the control shows %v", got)
	}
	for _, wrong := range []any{map[string]any{"validUntil": "soon"}, map[string]any{"accounts": 9}, map[string]any{"accounts": -1}, map[string]any{"colour": "red"}} {
		bend(wrong).want(400)
	}
	p.control("POST", "consents/"+newID(), map[string]any{"forget": true}).want(404)
	made := p.asks(nil)
	p.control("POST", "consents/"+made.text("consentId"), map[string]any{"accounts": 0}).want(409)
}

// shown is a consent as the control shows it.
func (p *berlin) shown(id string) map[string]any {
	p.t.Helper()
	for _, one := range p.control("GET", "state", nil).want(200).list("consents") {
		if one["id"] == id {
			return one
		}
	}
	p.t.Fatalf("the control shows no consent %s", id)
	return nil
}

// TestControlAuthorises: a consent that somebody approved elsewhere is valid, with
// all their accounts; where two have to sign, it takes two.
func TestControlAuthorises(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for bank, want := range map[string][]string{"rheintor": {consentValid}, "zwillingsbach": {consentPartly, consentValid}} {
		p := newBerlin(t, server.URL, bank)
		made := p.asks(nil)
		id := made.text("consentId")
		if res := p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": id}); res.status != 401 {
			t.Errorf("%s, before: %d", bank, res.status)
		}
		for i, login := range []string{"lukas", "nino"}[:len(want)] {
			p.control("POST", "consents/"+id+"/authorise", map[string]string{"psu": login}).want(200)
			if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != want[i] {
				t.Errorf("%s, signed by %s: %s", bank, login, got)
			}
			p.control("POST", "consents/"+id+"/authorise", map[string]string{"psu": login}).want(409)
		}
		if n := len(p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": id}).want(200).list("accounts")); n < 3 {
			t.Errorf("%s: %d accounts", bank, n)
		}
		if got := p.shown(id); got["reads"] != 2.0 || got["readsAfterEnd"] != 0.0 && got["readsAfterEnd"] != nil {
			t.Errorf("%s: %v", bank, got)
		}
		p.control("POST", "consents/"+id+"/authorise", map[string]string{"psu": "nobody"}).want(400)
	}
}

// TestControlTellsTheTime: cheaply, and as it was moved.
func TestControlTellsTheTime(t *testing.T) {
	clock := newClock()
	p := newBerlin(t, startSandbox(t, Config{Now: clock.now}).URL, "rheintor")
	p.control("POST", "clock", map[string]string{"advance": "36h"}).want(200)
	got := p.control("GET", "clock", nil).want(200)
	if at, err := time.Parse(time.RFC3339, got.text("now")); err != nil || !at.Equal(clock.now().Add(36*time.Hour)) || got.text("ahead") != "36h0m0s" {
		t.Errorf("%s, %v", got.raw, err)
	}
}
