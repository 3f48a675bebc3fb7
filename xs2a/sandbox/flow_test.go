package sandbox

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/people"
)

func TestOAuthFlow(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for _, bic := range []string{"NRSKSEP0", "HAMNSEG0", "KLKHGET0"} {
		p := newTPP(t, server.URL, bic)
		a := p.ask(consentBody(chosenAtBank()), nil)
		b := newBrowser(t)
		back := b.approve(a.link, people.Find("nino"))
		query := back.Query()
		if query.Get("state") != a.state || query.Get("flow") != "7" || query.Get("iss") != server.URL || query.Get("code") == "" {
			t.Fatalf("came back to %s", back)
		}
		if got := p.scaStatus(a); got != scaMethodSelected {
			t.Errorf("before the exchange: scaStatus %s", got)
		}
		if got := p.consentStatus(a); got != consentReceived {
			t.Errorf("before the exchange: consentStatus %s", got)
		}
		p.exchange(a, back, nil, nil).want(http.StatusOK)
		if got := p.scaStatus(a); got != scaFinalised {
			t.Errorf("after the exchange: scaStatus %s", got)
		}
		accounts := p.read(a, accountPath).want(http.StatusOK).list("accounts")
		if len(accounts) < 2 || len(accounts) > 5 {
			t.Errorf("%d accounts", len(accounts))
		}
		given := p.call("GET", consentPath+"/"+a.consent, nil, nil).want(http.StatusOK)
		if got := len(given.list("access.balances")); got != len(accounts) {
			t.Errorf("the consent names %d accounts, not %d", got, len(accounts))
		}
		b.open(a.link)
		if b.status != http.StatusGone {
			t.Errorf("the link again: %d", b.status)
		}
	}
}

func TestRedirectFlow(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "DALBSEF0")
	own := callback + "?state=abc"
	a := p.ask(consentBody(map[string]any{"allPsd2": "allAccounts"}), map[string]string{"TPP-Redirect-URI": own, "TPP-Nok-Redirect-URI": callback + "?state=nok"})
	if back := newBrowser(t).approve(a.link, people.Find("johan")); back.String() != own {
		t.Errorf("came back to %s", back)
	}
	if got := p.scaStatus(a) + " " + p.consentStatus(a); got != "finalised valid" {
		t.Error(got)
	}
	if got := p.call("GET", consentPath+"/"+a.consent, nil, nil).text("access.allPsd2"); got != allAccounts {
		t.Errorf("allPsd2 %q", got)
	}
}

func TestCodeIsBound(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	other := newTPP(t, server.URL, "NRSKSEP0")
	other.client = otherClient
	a := p.ask(consentBody(chosenAtBank()), nil)
	back := newBrowser(t).approve(a.link, people.Find("astrid"))

	for name, res := range map[string]result{
		"another verifier":      p.exchange(a, back, url.Values{"code_verifier": {secret()}}, nil),
		"another redirect_uri":  p.exchange(a, back, url.Values{"redirect_uri": {callback}}, nil),
		"another consent":       p.exchange(a, back, nil, map[string]string{"X-ConsentId": newID()}),
		"another authorisation": p.exchange(a, back, nil, map[string]string{"X-ConsentAuthorisationId": newID()}),
		"another code":          p.exchange(a, back, url.Values{"code": {secret()}}, nil),
		"another client":        other.exchange(a, back, nil, nil),
	} {
		if res.status != http.StatusBadRequest || res.text("error") != "invalid_grant" {
			t.Errorf("%s: %d %s", name, res.status, res.raw)
		}
	}
	for _, header := range []string{"X-ConsentId", "X-ConsentAuthorisationId"} {
		if res := p.exchange(a, back, nil, map[string]string{header: ""}); res.text("error") != "invalid_request" {
			t.Errorf("without %s: %s", header, res.raw)
		}
	}
	bearer := p.exchange(a, back, nil, nil).want(http.StatusOK).text("access_token")
	if again := p.exchange(a, back, nil, nil); again.text("error") != "invalid_grant" {
		t.Errorf("a second time: %s", again.raw)
	}
	p.bearer = bearer
	if res := p.read(a, accountPath); res.code() != "TOKEN_UNKNOWN" {
		t.Errorf("the token outlived the second use of its code: %d %s", res.status, res.raw)
	}

	p = newTPP(t, server.URL, "NRSKSEP0")
	a = p.ask(consentBody(chosenAtBank()), nil)
	back = newBrowser(t).approve(a.link, people.Find("astrid"))
	clock.pass(61 * time.Second)
	if res := p.exchange(a, back, nil, nil); res.text("error") != "invalid_grant" {
		t.Errorf("after a minute: %s", res.raw)
	}
	if got := p.scaStatus(a); got != scaFailed {
		t.Errorf("a code that was never exchanged: scaStatus %s", got)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	a := p.ask(consentBody(chosenAtBank()), nil)
	good, err := url.Parse(a.link)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, parameter, value string
		toTPP                  string // the error told to the TPP, or "" for a page
	}{
		{"a method of PKCE alone", "code_challenge", "", "invalid_request"},
		{"PKCE of another form", "code_challenge", "short", "invalid_request"},
		{"plain PKCE", "code_challenge_method", "plain", "invalid_request"},
		{"no method, which means plain", "code_challenge_method", "", "invalid_request"},
		{"placeholder for state", "state", "[TPP_STATE]", "invalid_request"},
		{"token", "response_type", "token", "unsupported_response_type"},
		{"another bank", "acr_values", strings.Replace(good.Query().Get("acr_values"), "NRSKSEP0", "HAMNSEG0", 1), "invalid_request"},
		{"placeholder for client", "client_id", "[CLIENT_ID]", ""},
		{"another client's", "client_id", otherClient.id, "invalid_request"},
		{"foreign address", "redirect_uri", "https://example.com/callback", ""},
		{"another path", "redirect_uri", "http://127.0.0.1:1/elsewhere", ""},
		{"look-alike", "redirect_uri", "http://127.0.0.1.example.com/callback", ""},
	} {
		query := good.Query()
		query.Set(test.parameter, test.value)
		if test.value == "" {
			query.Del(test.parameter)
		}
		b := newBrowser(t)
		b.open(server.URL + "/connect/authorize?" + query.Encode())
		if got := b.at.Query().Get("error"); b.at.Path == "/callback" && got != test.toTPP || b.at.Path != "/callback" && (test.toTPP != "" || b.status != http.StatusBadRequest) {
			t.Errorf("%s: at %s (%d), want error %q", test.name, b.at, b.status, test.toTPP)
		}
	}
	if got := p.scaStatus(a); got != scaReceived {
		t.Errorf("scaStatus %s after refusals", got)
	}
}

func TestDenial(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	person := people.Find("aino")
	steps := map[string]func(*browser, string){
		"login":    func(b *browser, link string) { b.open(link) },
		"accounts": func(b *browser, link string) { b.logIn(link, person) },
		"code":     func(b *browser, link string) { b.logIn(link, person); b.submit("next", nil) },
		"cancel": func(b *browser, link string) {
			b.open(link)
			b.open(strings.Replace(b.at.String(), "/login", "/cancel", 1))
		},
	}
	for name, reach := range steps {
		a := p.ask(consentBody(chosenAtBank()), nil)
		b := newBrowser(t)
		reach(b, a.link)
		if b.at.Path != "/bank/"+a.authorisation+"/"+name {
			t.Fatalf("%s: at %s", name, b.at)
		}
		b.submit("deny", nil)
		if q := b.at.Query(); q.Get("error") != "access_denied" || q.Get("state") != a.state || q.Get("flow") != "7" {
			t.Errorf("%s: came back to %s", name, b.at)
		}
		if got := p.scaStatus(a) + " " + p.consentStatus(a); got != "failed rejected" {
			t.Errorf("%s: %s", name, got)
		}
	}

	p = newTPP(t, server.URL, "LCHTDEH0")
	nok := callback + "?state=nok"
	a := p.ask(consentBody(chosenAtBank()), map[string]string{"TPP-Nok-Redirect-URI": nok})
	b := newBrowser(t)
	b.open(a.link)
	b.submit("deny", nil)
	if b.at.String() != nok {
		t.Errorf("redirect bank: came back to %s", b.at)
	}
}

func TestWrongAttempts(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	person := people.Find("mette")

	a := p.ask(consentBody(chosenAtBank()), nil)
	b := newBrowser(t)
	b.open(a.link)
	for range 2 {
		b.submit("next", url.Values{"login": {person.Login}, "password": {"wrong"}})
		if b.status != http.StatusUnprocessableEntity || !strings.Contains(b.text(), "The password is wrong") {
			t.Fatalf("%d %s", b.status, b.text())
		}
	}
	if got := p.scaStatus(a); got != scaPSUIdentified {
		t.Errorf("scaStatus %s", got)
	}
	b.submit("next", url.Values{"login": {person.Login}, "password": {"wrong"}})
	if got := p.scaStatus(a); b.status != http.StatusForbidden || got != scaFailed {
		t.Errorf("third: %d, scaStatus %s", b.status, got)
	}

	a = p.ask(consentBody(chosenAtBank()), nil)
	b = newBrowser(t)
	b.logIn(a.link, person)
	b.submit("next", url.Values{"accounts": {}})
	if b.status != http.StatusUnprocessableEntity || !strings.Contains(b.text(), "Choose at least one account") {
		t.Errorf("no account: %d %s", b.status, b.text())
	}

	a = p.ask(consentBody(chosenAtBank()), nil)
	b = newBrowser(t)
	b.logIn(a.link, person)
	b.submit("next", nil)
	for range 3 {
		b.submit("approve", url.Values{"code": {"000000"}})
	}
	if got := p.scaStatus(a); b.status != http.StatusForbidden || got != scaFailed {
		t.Errorf("codes: %d, scaStatus %s", b.status, got)
	}
}

func TestVisitIsBound(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	a := p.ask(consentBody(chosenAtBank()), nil)
	b, stranger := newBrowser(t), newBrowser(t)
	b.open(a.link)
	stranger.open(b.at.String())
	if stranger.status != http.StatusForbidden {
		t.Errorf("without the cookie: %d", stranger.status)
	}
	b.submit("deny", url.Values{"csrf": {"forged"}})
	if b.status != http.StatusForbidden || p.consentStatus(a) != consentReceived {
		t.Errorf("forged form: %d", b.status)
	}
	b.open(a.link)
	b.open(strings.Replace(b.at.String(), "/login", "/code", 1))
	if !strings.HasSuffix(b.at.Path, "/login") {
		t.Errorf("skipped a step to %s", b.at)
	}
	clock.pass(11 * time.Minute)
	b.open(a.link)
	if got := p.scaStatus(a); b.status != http.StatusGone || got != scaFailed || !strings.Contains(b.text(), "expired") {
		t.Errorf("after ten minutes: %d %s, scaStatus %s", b.status, b.text(), got)
	}
}

func TestRenewalExpiresTheFormer(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	first := p.link("astrid", consentBody(chosenAtBank()))
	someoneElse := p.link("johan", consentBody(chosenAtBank()))
	second := p.ask(consentBody(chosenAtBank()), nil)
	if got := p.consentStatus(first); got != consentValid {
		t.Errorf("before the new one is valid, the former is %s", got)
	}
	p.exchange(second, newBrowser(t).approve(second.link, people.Find("astrid")), nil, nil).want(http.StatusOK)
	if got := p.consentStatus(first); got != consentExpired {
		t.Errorf("the former is %s", got)
	}
	if got := p.consentStatus(someoneElse); got != consentValid {
		t.Errorf("another person's is %s", got)
	}
	if res := p.read(first, accountPath); res.status != http.StatusUnauthorized || res.code() != "CONSENT_EXPIRED" {
		t.Errorf("reading with the former: %d %s", res.status, res.code())
	}
}

func TestNamedAccounts(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	all := p.read(p.link("astrid", consentBody(map[string]any{"allPsd2": "allAccounts"})), accountPath).list("accounts")
	iban := all[1]["iban"].(string)

	named := consentBody(map[string]any{"accounts": []any{map[string]any{"iban": iban}}, "balances": []any{map[string]any{"iban": iban}}})
	a := p.link("astrid", named)
	accounts := p.read(a, accountPath).list("accounts")
	if len(accounts) != 1 || accounts[0]["iban"] != iban {
		t.Fatalf("%v", accounts)
	}
	if accounts[0]["resourceId"] == all[1]["resourceId"] {
		t.Error("resourceId is the same in two consents")
	}
	id := accounts[0]["resourceId"].(string)
	p.read(a, accountPath+"/"+id+"/balances").want(http.StatusOK)
	if res := p.read(a, accountPath+"/"+id+"/transactions?bookingStatus=booked&dateFrom=2026-10-01"); res.code() != "CONSENT_INVALID" {
		t.Errorf("transactions: %d %s", res.status, res.code())
	}
	if res := p.read(a, accountPath+"/"+all[0]["resourceId"].(string)); res.status != http.StatusNotFound || res.code() != "RESOURCE_UNKNOWN" {
		t.Errorf("another account: %d %s", res.status, res.code())
	}

	b := newBrowser(t)
	b.logIn(p.ask(named, nil).link, people.Find("johan"))
	if !strings.Contains(b.text(), "not yours") {
		t.Errorf("someone else's account: %s", b.text())
	}
	b.submit("next", nil)
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("someone else's account went through: %d at %s", b.status, b.at)
	}
}

func TestRestart(t *testing.T) {
	clock := newClock()
	file := filepath.Join(t.TempDir(), "sandbox.json")
	cfg := Config{Seed: 5, Now: clock.now, State: file}
	first := startSandbox(t, cfg)
	p := newTPP(t, first.URL, "NRSKSEP0")
	a := p.link("ingrid", consentBody(chosenAtBank()))
	before := p.read(a, accountPath+"?withBalance=true").want(http.StatusOK)
	open := p.ask(consentBody(chosenAtBank()), nil)
	first.CloseClientConnections() // no farewell: what was answered has been kept

	second := startSandbox(t, cfg)
	p.base = second.URL
	if got := p.scaStatus(a) + " " + p.consentStatus(a); got != "finalised valid" {
		t.Fatal(got)
	}
	after := p.read(a, accountPath+"?withBalance=true").want(http.StatusOK)
	if string(before.raw) != strings.ReplaceAll(string(after.raw), second.URL, first.URL) {
		t.Errorf("accounts changed:\n%s\n%s", before.raw, after.raw)
	}
	link := strings.Replace(open.link, first.URL, second.URL, 1)
	p.exchange(open, newBrowser(t).approve(link, people.Find("nino")), nil, nil).want(http.StatusOK)

	if _, err := New(Config{Seed: 6, State: file}); err == nil {
		t.Error("the state of another seed was taken")
	}
}
