package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/bank"
)

// What a bank of the Berlin Group's dialect refuses, with the definition's codes.
func TestBerlinGroupRefuses(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	router := berlinDefinition(t)
	body := func(change map[string]any) map[string]any {
		b := consentBody(chosenAtBank())
		maps.Copy(b, change)
		return b
	}
	asking := func(access map[string]any) map[string]any { return consentBody(access) }
	for _, test := range []struct {
		name, bank string
		body       any
		header     map[string]string
		status     int
		code       string
	}{
		{"as it should be", "rheintor", body(nil), nil, 201, ""},
		{"all accounts", "rheintor", asking(map[string]any{"availableAccounts": "allAccountsWithOwnerName"}), nil, 201, ""},
		{"all with balances", "rheintor", asking(map[string]any{"availableAccountsWithBalance": "allAccounts"}), nil, 201, ""},
		{"a card", "rheintor", asking(map[string]any{"balances": []any{map[string]any{"maskedPan": "525412xxxxxx1234"}}}), nil, 201, ""},
		{"Open Payments' word", "rheintor", asking(map[string]any{"availableAccounts": "allAccountsWithBalances"}), nil, 400, "FORMAT_ERROR"},
		{"two forms", "rheintor", asking(map[string]any{"allPsd2": "allAccounts", "balances": []any{}}), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"no request id", "rheintor", body(nil), map[string]string{"X-Request-ID": ""}, 400, "FORMAT_ERROR"},
		{"no person", "rheintor", body(nil), map[string]string{"PSU-IP-Address": ""}, 400, "FORMAT_ERROR"},
		{"IPv6", "rheintor", body(nil), map[string]string{"PSU-IP-Address": "::1"}, 400, "FORMAT_ERROR"},
		{"nowhere to come back to", "rheintor", body(nil), map[string]string{"TPP-Redirect-URI": ""}, 400, "FORMAT_ERROR"},
		{"a foreign address", "rheintor", body(nil), map[string]string{"TPP-Redirect-URI": "https://evil.example/callback"}, 400, "FORMAT_ERROR"},
		{"XML", "rheintor", body(nil), map[string]string{"Accept": "application/xml"}, 406, "REQUESTED_FORMATS_INVALID"},
		{"another digest", "rheintor", body(nil), map[string]string{"Digest": digestOf([]byte("x"))}, 400, "FORMAT_ERROR"},
		{"flag as text", "rheintor", body(map[string]any{"recurringIndicator": "true"}), nil, 400, "FORMAT_ERROR"},
		{"combined", "rheintor", body(map[string]any{"combinedServiceIndicator": true}), nil, 400, "SESSIONS_NOT_SUPPORTED"},
		{"yesterday", "rheintor", body(map[string]any{"validUntil": "2026-11-19"}), nil, 400, "PERIOD_INVALID"},
		{"one access, often", "rheintor", body(map[string]any{"recurringIndicator": false}), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"nobody named", "einhafen", body(nil), nil, 400, "FORMAT_ERROR"},
		{"nobody we know", "einhafen", body(nil), map[string]string{"PSU-ID": "nobody"}, 401, "PSU_CREDENTIALS_INVALID"},
		{"no token before the consent", "vuorenpaa", body(nil), nil, 401, "TOKEN_UNKNOWN"},
		{"an unknown token", "rheintor", body(nil), map[string]string{"Authorization": "Bearer x"}, 401, "TOKEN_UNKNOWN"},
		{"unsigned", "notarsberg", body(nil), nil, 401, "SIGNATURE_MISSING"},
		{"no client certificate", "tresorwald", body(nil), nil, 401, "CERTIFICATE_MISSING"},
		{"no such bank", "nowhere", body(nil), nil, 404, "RESOURCE_UNKNOWN"},
	} {
		p := newBerlin(t, server.URL, test.bank)
		if test.status != http.StatusUnsupportedMediaType && test.bank != "nowhere" && test.status != 406 {
			p.router = router
		}
		res := p.call("POST", "/consents", test.body, test.header)
		if res.status != test.status || res.code() != test.code {
			t.Errorf("%s: %d %s, want %d %s (%s)", test.name, res.status, res.code(), test.status, test.code, res.raw)
		}
	}
}

// A consent serves the person, the TPP and the requests it was made for.
func TestBerlinGroupMismatch(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	with["PSU-ID"] = "astrid"
	if res := p.call("GET", "/accounts", nil, with); res.status != 401 || res.code() != "PSU_CREDENTIALS_INVALID" {
		t.Errorf("another person: %d %s", res.status, res.raw)
	}
	delete(with, "PSU-ID")
	q := newBerlin(t, server.URL, "siegelhaus")
	if res := q.call("GET", "/accounts", nil, with); res.status != 403 || res.code() != "CONSENT_UNKNOWN" {
		t.Errorf("another bank: %d %s", res.status, res.raw)
	}
	with["X-Request-ID"] = newID()
	p.call("GET", "/accounts", nil, with).want(200)
	p.call("GET", "/accounts", nil, with).want(200)
	if res := p.call("GET", "/consents/"+with["Consent-ID"], nil, with); res.status != 400 || res.code() != "FORMAT_ERROR" {
		t.Errorf("a request id for two requests: %d %s", res.status, res.raw)
	}

	o := newBerlin(t, server.URL, "oststern")
	first, second := o.asks(nil), o.asks(nil)
	o.oauth(first.follow("scaOAuth"), "AIS:"+first.text("consentId"), "lukas")
	good := o.bearer
	o.bearer = ""
	if res := o.call("GET", "/accounts", nil, map[string]string{"Consent-ID": first.text("consentId")}); res.code() != "TOKEN_UNKNOWN" {
		t.Errorf("without the token: %d %s", res.status, res.raw)
	}
	o.oauth(second.follow("scaOAuth"), "AIS:"+second.text("consentId"), "astrid")
	if res := o.call("GET", "/accounts", nil, map[string]string{"Consent-ID": first.text("consentId")}); res.code() != "CONSENT_INVALID" {
		t.Errorf("another consent's token: %d %s", res.status, res.raw)
	}
	o.bearer = good
	o.call("GET", "/accounts", nil, map[string]string{"Consent-ID": first.text("consentId")}).want(200)
}

// After three wrong codes an authorisation has failed, and takes no right one.
func TestEmbeddedLocks(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newBerlin(t, server.URL, "einhafen")
	p.psu = "lukas"
	made := p.asks(nil)
	if res := p.call("PUT", made.follow("updatePsuAuthentication"), map[string]any{"psuData": map[string]any{"password": "x"}, "scaAuthenticationData": "1"}, nil); res.code() != "FORMAT_ERROR" {
		t.Errorf("two steps at once: %d %s", res.status, res.raw)
	}
	known := p.call("PUT", made.follow("updatePsuAuthentication"), password("lukas"), nil).want(200)
	if res := p.call("PUT", made.follow("updatePsuAuthentication"), password("lukas"), nil); res.status != 409 || res.code() != "STATUS_INVALID" {
		t.Errorf("the password twice: %d %s", res.status, res.raw)
	}
	for range maxTries {
		if res := p.call("PUT", known.follow("authoriseTransaction"), map[string]any{"scaAuthenticationData": "000000"}, nil); res.status != 401 || res.code() != "PSU_CREDENTIALS_INVALID" {
			t.Errorf("a wrong code: %d %s", res.status, res.raw)
		}
	}
	if got := p.call("GET", known.follow("scaStatus"), nil, nil).text("scaStatus"); got != scaFailed {
		t.Errorf("scaStatus %s", got)
	}
	if res := p.call("PUT", known.follow("authoriseTransaction"), otp("lukas"), nil); res.status != 409 {
		t.Errorf("the right code too late: %d", res.status)
	}
}

// An embedded authorisation that nobody goes on with runs out.
func TestEmbeddedRunsOut(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "einhafen")
	p.psu = "lukas"
	made := p.asks(nil)
	c.pass(linkLife + time.Second)
	if res := p.call("PUT", made.follow("updatePsuAuthentication"), password("lukas"), nil); res.status != 409 || res.code() != "STATUS_INVALID" {
		t.Errorf("%d %s", res.status, res.raw)
	}
}

// Tokens are refreshed once each.
func TestRefreshToken(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "oststern")
	made := p.asks(nil)
	p.oauth(made.follow("scaOAuth"), "AIS:"+made.text("consentId"), "lukas")
	c.pass(2 * time.Hour)
	if res := p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": made.text("consentId")}); res.code() != "TOKEN_EXPIRED" {
		t.Errorf("%d %s", res.status, res.raw)
	}
	tokens := server.URL + "/berlingroup/oststern/oauth/token"
	p.bearer = p.refresh(tokens, p.again).want(200).text("access_token")
	p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": made.text("consentId")}).want(200)
	if res := p.refresh(tokens, p.again); res.status != 400 || res.text("error") != "invalid_grant" {
		t.Errorf("a second time: %d %s", res.status, res.raw)
	}
	p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": made.text("consentId"), "Authorization": "Bearer " + p.again}).want(401)
}

// What was agreed with a bank, paid and certified is there after a restart.
func TestBerlinGroupSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	first, err := Start("127.0.0.1:0", Config{State: file})
	if err != nil {
		t.Fatal(err)
	}
	info := first.Info()
	p := newBerlin(t, info.Addresses[bank.BerlinGroup]["api"], "sandvik")
	p.psu = "astrid"
	body := consentBody(chosenAtBank())
	body["validUntil"] = time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	made := p.call("POST", "/consents", body, nil).want(201)
	phone(p, made, "approve")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Start("127.0.0.1:0", Config{State: file})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if second.Info().TPPCertificate != info.TPPCertificate || info.TPPCertificate == "" {
		t.Error("the certificate has changed")
	}
	q := newBerlin(t, second.Info().Addresses[bank.BerlinGroup]["api"], "sandvik")
	q.call("GET", "/accounts", nil, map[string]string{"Consent-ID": made.text("consentId")}).want(200)
}

// TestOtherPlatformsStayStrict: what Open Payments does without, the others demand
// as before.
func TestOtherPlatformsStayStrict(t *testing.T) {
	server, s, c := startSigned(t)
	empty, good := consentBody(map[string]any{}), consentBody(chosenAtBank())
	bog, salt := newBerlin(t, server.URL, ""), newBerlin(t, server.URL, "")
	bog.root, salt.root = server.URL+"/bog/v1", server.URL+"/saltedge/saltsjon_se/api/berlingroup/v1"
	bog.sign = func(r *http.Request, body []byte) { s.jws(r, body, nil) }
	salt.sign = func(r *http.Request, body []byte) {
		r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
		names := []string{"digest", "date", "x-request-id"}
		if r.Header.Get("TPP-Redirect-URI") != "" {
			names = append(names, "tpp-redirect-uri")
		}
		s.cavage(r, body, s.keyID("CA/"), "Signature ", true, names...)
	}
	for name, p := range map[string]*berlin{"Berlin Group": newBerlin(t, server.URL, "rheintor"), "Bank of Georgia": bog, "Salt Edge": salt} {
		preferred := map[string]string{"TPP-Redirect-Preferred": "false"}
		p.call("POST", "/consents", good, preferred).want(http.StatusCreated)
		for what, res := range map[string]result{
			"an access that names nothing": p.call("POST", "/consents", empty, preferred),
			"no address to come back to":   p.call("POST", "/consents", good, map[string]string{"TPP-Redirect-Preferred": "false", "TPP-Redirect-URI": ""}),
		} {
			if res.status != http.StatusBadRequest {
				t.Errorf("%s, %s: %d %s", name, what, res.status, res.raw)
			}
		}
	}
	for _, issuer := range []string{server.URL + "/berlingroup/oststern", server.URL + "/bog"} {
		for without, want := range map[string]string{"": "invalid_scope", "state": "invalid_request", "code_challenge": "invalid_request", "code_challenge_method": "invalid_request"} {
			query := url.Values{
				"response_type": {"code"}, "client_id": {practiceOrganisation}, "redirect_uri": {callback}, "scope": {"AIS:" + newID()}, "state": {"s"},
				"code_challenge": {strings.Repeat("a", 43)}, "code_challenge_method": {"S256"},
			}
			query.Del(without)
			b := newBrowser(t)
			if b.open(issuer + "/oauth/authorize?" + query.Encode()); b.at.Query().Get("error") != want {
				t.Errorf("%s without %q: at %s", issuer, without, b.at)
			}
		}
		p := &tpp{t: t, base: server.URL}
		req, err := http.NewRequest(http.MethodPost, issuer+"/oauth/token", strings.NewReader(url.Values{
			"grant_type": {"authorization_code"}, "client_id": {practiceOrganisation}, "code": {"c"}, "redirect_uri": {callback},
		}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if res := p.do(req); res.text("error_description") != "code_verifier is missing" {
			t.Errorf("%s: a code without a verifier: %d %s", issuer, res.status, res.raw)
		}
	}
}
