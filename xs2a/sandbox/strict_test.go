package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/bank"
)

func TestConsentRefusals(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	directory := p.token("private aspspinformation")
	with := func(name string, value any) map[string]any {
		body := consentBody(chosenAtBank())
		body[name] = value
		return body
	}
	without := func(name string) map[string]any {
		body := consentBody(chosenAtBank())
		delete(body, name)
		return body
	}
	asking := func(access map[string]any) map[string]any { return consentBody(access) }
	refs := func(ref map[string]any) map[string]any {
		return asking(map[string]any{"balances": []any{ref}})
	}
	header := func(name, value string) map[string]string { return map[string]string{name: value} }
	good := consentBody(chosenAtBank())

	for _, test := range []struct {
		name   string
		body   any
		header map[string]string
		status int
		code   string
	}{
		{"no request id", good, header("X-Request-ID", ""), 400, "FORMAT_ERROR"},
		{"request id is no UUID", good, header("X-Request-ID", "42"), 400, "FORMAT_ERROR"},
		{"no token", good, header("Authorization", ""), 401, "TOKEN_UNKNOWN"},
		{"unknown token", good, header("Authorization", "Bearer x"), 401, "TOKEN_UNKNOWN"},
		{"token of another service", good, header("Authorization", "Bearer "+directory), 401, "TOKEN_INVALID"},
		{"corporate token without its header", good, header("Authorization", "Bearer "+p.token("corporate accountinformation")), 401, "CORPORATE_ID_INVALID"},
		{"no BIC", good, header("X-BicFi", ""), 400, "FORMAT_ERROR"},
		{"BIC in lower case", good, header("X-BicFi", "nrsksep0"), 400, "FORMAT_ERROR"},
		{"unknown BIC", good, header("X-BicFi", "AAAASEP0"), 400, "RESOURCE_UNKNOWN"},
		{"unknown affiliated bank", good, header("X-AffiliatedASPSP-ID", "1"), 400, "FORMAT_ERROR"},
		{"no PSU address", good, header("PSU-IP-Address", ""), 400, "FORMAT_ERROR"},
		{"PSU address is a name", good, header("PSU-IP-Address", "localhost"), 400, "FORMAT_ERROR"},
		{"bank that wants the browser", good, map[string]string{"PSU-User-Agent": "", "X-BicFi": "LNKSSEP0"}, 400, "FORMAT_ERROR"},
		{"no address, though a redirect is preferred", good, map[string]string{"TPP-Redirect-URI": "", "TPP-Redirect-Preferred": "true"}, 400, "FORMAT_ERROR"},
		{"redirect elsewhere", good, header("TPP-Redirect-URI", "https://example.com/callback"), 400, "FORMAT_ERROR"},
		{"redirect to another path", good, header("TPP-Redirect-URI", "http://127.0.0.1:1/"), 400, "FORMAT_ERROR"},
		{"redirect with a user", good, header("TPP-Redirect-URI", "http://127.0.0.1:1@example.com/callback"), 400, "FORMAT_ERROR"},
		{"NOK elsewhere", good, header("TPP-Nok-Redirect-URI", "http://example.com/callback"), 400, "FORMAT_ERROR"},
		{"not JSON by type", good, header("Content-Type", "text/plain"), 415, "FORMAT_ERROR"},
		{"no type", good, header("Content-Type", ""), 415, "FORMAT_ERROR"},
		{"answer wanted in XML", good, header("Accept", "application/xml"), 406, "REQUESTED_FORMATS_INVALID"},
		{"empty body", "", nil, 400, "FORMAT_ERROR"},
		{"broken JSON", "{", nil, 400, "FORMAT_ERROR"},
		{"two values", "{} {}", nil, 400, "FORMAT_ERROR"},
		{"too long", `"` + strings.Repeat("x", maxBody) + `"`, nil, 400, "FORMAT_ERROR"},
		{"unknown field", with("purpose", "none"), nil, 400, "FORMAT_ERROR"},
		{"no access", without("access"), nil, 400, "FORMAT_ERROR"},
		{"no recurringIndicator", without("recurringIndicator"), nil, 400, "FORMAT_ERROR"},
		{"no validUntil", without("validUntil"), nil, 400, "FORMAT_ERROR"},
		{"no frequencyPerDay", without("frequencyPerDay"), nil, 400, "FORMAT_ERROR"},
		{"no combinedServiceIndicator", without("combinedServiceIndicator"), nil, 400, "FORMAT_ERROR"},
		{"flag as text", with("recurringIndicator", "true"), nil, 400, "FORMAT_ERROR"},
		{"count as text", with("frequencyPerDay", "4"), nil, 400, "FORMAT_ERROR"},
		{"frequency of nought", with("frequencyPerDay", 0), nil, 400, "FORMAT_ERROR"},
		{"frequency below nought", with("frequencyPerDay", -1), nil, 400, "FORMAT_ERROR"},
		{"combined services", with("combinedServiceIndicator", true), nil, 400, "SESSIONS_NOT_SUPPORTED"},
		{"one access, often", with("recurringIndicator", false), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"no such date", with("validUntil", "2027-02-30"), nil, 400, "FORMAT_ERROR"},
		{"date with time", with("validUntil", "2027-02-01T00:00:00Z"), nil, 400, "FORMAT_ERROR"},
		{"yesterday", with("validUntil", "2026-11-19"), nil, 400, "PERIOD_INVALID"},
		{"an access that is a list", with("access", []any{}), nil, 400, "FORMAT_ERROR"},
		{"unknown word for all", asking(map[string]any{"allPsd2": "all"}), nil, 400, "FORMAT_ERROR"},
		{"unknown word for available", asking(map[string]any{"availableAccounts": "some"}), nil, 400, "FORMAT_ERROR"},
		{"list and word", asking(map[string]any{"balances": []any{}, "allPsd2": "allAccounts"}), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"two words", asking(map[string]any{"availableAccounts": "allAccounts", "allPsd2": "allAccounts"}), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"empty list beside a full one", asking(map[string]any{"balances": []any{}, "accounts": []any{map[string]any{"iban": "DE89370400440532013000"}}}), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"list is an object", asking(map[string]any{"balances": map[string]any{}}), nil, 400, "FORMAT_ERROR"},
		{"reference without a number", refs(map[string]any{"currency": "EUR"}), nil, 400, "FORMAT_ERROR"},
		{"IBAN with a wrong check digit", refs(map[string]any{"iban": "DE88370400440532013000"}), nil, 400, "FORMAT_ERROR"},
		{"IBAN too short", refs(map[string]any{"iban": "DE8937040044053201300"}), nil, 400, "FORMAT_ERROR"},
		{"IBAN with blanks", refs(map[string]any{"iban": "DE89 3704 0044 0532 0130 00"}), nil, 400, "FORMAT_ERROR"},
		{"currency in lower case", refs(map[string]any{"iban": "DE89370400440532013000", "currency": "eur"}), nil, 400, "FORMAT_ERROR"},
		{"BBAN", refs(map[string]any{"bban": "370400440532013000"}), nil, 400, "PARAMETER_NOT_SUPPORTED"},
	} {
		res := p.call("POST", consentPath, test.body, test.header)
		if res.status != test.status || res.code() != test.code {
			t.Errorf("%s: %d %s, want %d %s (%s)", test.name, res.status, res.code(), test.status, test.code, res.raw)
		}
		if id := res.header.Get("X-Request-ID"); !isUUID(id) {
			t.Errorf("%s: X-Request-ID %q in the answer", test.name, id)
		}
	}
}

func TestConsentIsAdjusted(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	for asked, given := range map[string]string{"9999-12-31": "2027-05-19", "2027-05-20": "2027-05-19", "2027-05-19": "2027-05-19", "2026-11-20": "2026-11-20"} {
		body := consentBody(chosenAtBank())
		body["validUntil"], body["frequencyPerDay"] = asked, 100
		made := p.call("POST", consentPath, body, nil).want(http.StatusCreated)
		if got := made.header.Get("Location"); got != server.URL+consentPath+"/"+made.text("consentId") {
			t.Errorf("Location %q", got)
		}
		got := p.call("GET", made.header.Get("Location"), nil, nil).want(http.StatusOK)
		if got.text("validUntil") != given || got.get("frequencyPerDay") != 4.0 {
			t.Errorf("asked until %s: %s", asked, got.raw)
		}
	}
}

func TestConsentPathRefusals(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "HAMNSEG0")
	stranger := newTPP(t, server.URL, "HAMNSEG0")
	stranger.client = otherClient
	stranger.bearer = stranger.token("accountinformation")
	neighbour := newTPP(t, server.URL, "NRSKSEP0")

	waiting := p.ask(consentBody(chosenAtBank()), nil)
	gone := p.ask(consentBody(chosenAtBank()), nil)
	p.call("DELETE", consentPath+"/"+gone.consent, nil, nil).want(http.StatusNoContent)
	if got := p.consentStatus(gone); got != consentTerminated {
		t.Errorf("deleted consent is %s", got)
	}
	fresh := p.call("POST", consentPath, consentBody(chosenAtBank()), nil).text("consentId")
	method := map[string]any{"authenticationMethodId": "code_sms"}
	under := func(a asked) string { return consentPath + "/" + a.consent }

	for _, test := range []struct {
		name         string
		by           *tpp
		method, path string
		body         any
		status       int
		code         string
	}{
		{"unknown consent", p, "GET", consentPath + "/" + newID(), nil, 403, "CONSENT_UNKNOWN"},
		{"status of an unknown consent", p, "GET", consentPath + "/" + newID() + "/status", nil, 403, "CONSENT_UNKNOWN"},
		{"another TPP's consent", stranger, "GET", under(waiting), nil, 403, "CONSENT_UNKNOWN"},
		{"another TPP deletes", stranger, "DELETE", under(waiting), nil, 403, "CONSENT_UNKNOWN"},
		{"another bank's consent", neighbour, "GET", under(waiting), nil, 403, "CONSENT_UNKNOWN"},
		{"deleted twice", p, "DELETE", under(gone), nil, 409, "STATUS_INVALID"},
		{"authorising what is deleted", p, "POST", under(gone) + "/authorisations", nil, 409, "STATUS_INVALID"},
		{"choosing for what is deleted", p, "PUT", under(gone) + "/authorisations/" + gone.authorisation, method, 409, "STATUS_INVALID"},
		{"choosing twice", p, "PUT", under(waiting) + "/authorisations/" + waiting.authorisation, method, 409, "STATUS_INVALID"},
		{"unknown authorisation", p, "GET", under(waiting) + "/authorisations/" + newID(), nil, 403, "RESOURCE_UNKNOWN"},
		{"another consent's authorisation", p, "GET", under(gone) + "/authorisations/" + waiting.authorisation, nil, 403, "RESOURCE_UNKNOWN"},
		{"unknown method", p, "POST", consentPath + "/" + fresh + "/authorisations", map[string]any{"authenticationMethodId": "pigeon"}, 400, "SCA_METHOD_UNKNOWN"},
		{"password in an authorisation", p, "POST", consentPath + "/" + fresh + "/authorisations", map[string]any{"psuData": map[string]any{"password": "x"}}, 400, "FORMAT_ERROR"},
		{"nothing chosen", p, "PUT", under(waiting) + "/authorisations/" + waiting.authorisation, map[string]any{}, 400, "FORMAT_ERROR"},
		{"wrong verb for consents", p, "PUT", consentPath, nil, 405, "SERVICE_INVALID"},
		{"wrong verb for a status", p, "DELETE", under(waiting) + "/status", nil, 405, "SERVICE_INVALID"},
		{"nothing there", p, "GET", "/psd2/consent/v1/nothing", nil, 404, "RESOURCE_UNKNOWN"},
	} {
		res := test.by.call(test.method, test.path, test.body, nil)
		if res.status != test.status || res.code() != test.code {
			t.Errorf("%s: %d %s, want %d %s (%s)", test.name, res.status, res.code(), test.status, test.code, res.raw)
		}
	}
	clock.pass(time.Hour + time.Second)
	if res := p.call("GET", under(waiting), nil, nil); res.status != 401 || res.code() != "TOKEN_EXPIRED" {
		t.Errorf("after an hour: %d %s", res.status, res.code())
	}
}

func TestReplay(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	id := map[string]string{"X-Request-ID": newID()}
	body := consentBody(chosenAtBank())
	first := p.call("POST", consentPath, body, id).want(http.StatusCreated)
	again := p.call("POST", consentPath, body, id).want(http.StatusCreated)
	if string(first.raw) != string(again.raw) || first.header.Get("Location") != again.header.Get("Location") {
		t.Errorf("the same request:\n%s\n%s", first.raw, again.raw)
	}
	body["frequencyPerDay"] = 2
	if res := p.call("POST", consentPath, body, id); res.status != 400 || res.code() != "FORMAT_ERROR" {
		t.Errorf("another request: %d %s", res.status, res.code())
	}
	path := consentPath + "/" + first.text("consentId")
	id = map[string]string{"X-Request-ID": newID()}
	p.call("DELETE", path, nil, id).want(http.StatusNoContent)
	p.call("DELETE", path, nil, id).want(http.StatusNoContent)
}

func TestTokenRefusals(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {practiceClient.id}, "client_secret": {practiceClient.secret}, "scope": {"accountinformation"}}
	with := func(name string, values ...string) url.Values {
		changed := maps.Clone(good)
		changed[name] = values
		return changed
	}
	for _, test := range []struct {
		name   string
		form   url.Values
		header map[string]string
		status int
		code   string
	}{
		{"unknown client", with("client_id", "x"), nil, 401, "invalid_client"},
		{"wrong secret", with("client_secret", "x"), nil, 401, "invalid_client"},
		{"no secret", with("client_secret"), nil, 401, "invalid_client"},
		{"no grant", with("grant_type"), nil, 400, "invalid_request"},
		{"unknown grant", with("grant_type", "password"), nil, 400, "unsupported_grant_type"},
		{"no scope", with("scope"), nil, 400, "invalid_scope"},
		{"unknown scope", with("scope", "everything"), nil, 400, "invalid_scope"},
		{"context alone", with("scope", "private"), nil, 400, "invalid_scope"},
		{"two services", with("scope", "accountinformation paymentinitiation"), nil, 400, "invalid_scope"},
		{"two contexts", with("scope", "private accountinformation corporate"), nil, 400, "invalid_scope"},
		{"scope twice", with("scope", "accountinformation", "aspspinformation"), nil, 400, "invalid_request"},
		{"JSON", good, map[string]string{"Content-Type": "application/json"}, 400, "invalid_request"},
		{"credentials twice", good, map[string]string{"Authorization": "Basic eDp5"}, 400, "invalid_request"},
	} {
		res := p.form(test.form, test.header)
		if res.status != test.status || res.text("error") != test.code {
			t.Errorf("%s: %d %s, want %d %s", test.name, res.status, res.raw, test.status, test.code)
		}
		if res.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", test.name, res.header.Get("Cache-Control"))
		}
	}
	for _, scope := range []string{"aspspinformation", "private accountinformation", "paymentinitiation corporate"} {
		p.token(scope)
	}
	res := p.form(good, nil)
	if res.get("expires_in") != 3600.0 || res.text("token_type") != "Bearer" {
		t.Errorf("%s", res.raw)
	}
}

func TestDirectory(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "")
	p.bearer = p.token("aspspinformation")
	get := func(path string) []string {
		envelope, _, _ := strings.Cut(path[1:], "?")
		var names []string
		for _, item := range p.call("GET", directoryPath+path, nil, nil).want(http.StatusOK).list(envelope) {
			names = append(names, item["name"].(string))
		}
		return names
	}
	if countries, cities, banks := len(get("/countries")), len(get("/cities")), len(get("/aspsps")); countries < 6 || cities < 12 || banks < 24 {
		t.Errorf("%d countries, %d cities, %d banks", countries, cities, banks)
	}
	norwegian, falun := get("/aspsps?isoCountryCodes=NO"), get("/aspsps?cityIds="+bank.CityID("SE", "Falun"))
	union := get("/aspsps?isoCountryCodes=NO&cityIds=" + bank.CityID("SE", "Falun"))
	if len(norwegian) != 4 || len(falun) != 2 || len(union) != 6 {
		t.Errorf("NO %q, Falun %q, both %q", norwegian, falun, union)
	}
	if got := get("/aspsps?isoCountryCodes=no,FI"); len(got) != 8 {
		t.Errorf("NO and FI: %q", got)
	}
	if got := get("/cities?isoCountryCodes=DE&cityIds=" + bank.CityID("GE", "Batumi")); !slices.Contains(got, "Batumi") || !slices.Contains(got, "Hamburg") || len(got) != 4 {
		t.Errorf("cities: %q", got)
	}
	details := p.call("GET", directoryPath+"/aspsps/SPFBSEP0", nil, nil).want(http.StatusOK)
	if details.text("country") != "Sweden" || len(details.list("affiliatedAspsps")) < 10 || details.text("companyNumber") == "" {
		t.Errorf("%s", details.raw)
	}
	for path, want := range map[string]string{
		"/aspsps/AAAASEP0": "404 RESOURCE_UNKNOWN", "/aspsps/x": "400 FORMAT_ERROR",
		"/countries/FR": "404 RESOURCE_UNKNOWN", "/countries/France": "400 FORMAT_ERROR",
		"/cities/" + newID(): "404 RESOURCE_UNKNOWN", "/cities/Paris": "400 FORMAT_ERROR",
		"/aspsps?isoCountryCodes=SWE": "400 FORMAT_ERROR", "/cities?cityIds=1": "400 FORMAT_ERROR",
	} {
		res := p.call("GET", directoryPath+path, nil, nil)
		if got := fmt.Sprint(res.status, " ", res.code()); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if _, bare := res.body.([]any); !bare {
			t.Errorf("%s: %s", path, res.raw)
		}
	}
}

func TestLogos(t *testing.T) {
	server := startSandbox(t, Config{})
	p := newTPP(t, server.URL, "")
	p.bearer = p.token("aspspinformation")
	counts := map[string]int{}
	for _, item := range p.call("GET", directoryPath+"/aspsps", nil, nil).list("aspsps") {
		logo, _ := item["logoUrl"].(string)
		if logo == "" {
			counts["none"]++
			continue
		}
		res := p.call("GET", logo, nil, nil)
		counts[fmt.Sprint(res.status, " ", res.header.Get("Content-Type"))]++
	}
	if counts["none"] != 2 || counts["200 image/svg+xml"] < 20 || counts["404 text/plain; charset=utf-8"] != 1 {
		t.Errorf("%v", counts)
	}
}

func TestLoopbackOnly(t *testing.T) {
	if _, err := Start("0.0.0.0:0", Config{}); err == nil {
		t.Error("listens for everybody")
	}
	server, err := Start("127.0.0.1:0", Config{})
	if err != nil {
		t.Fatal(err)
	}
	info := server.Info()
	if len(info.PSUs) < 5 || !strings.HasPrefix(info.TokenEndpoint, info.Addresses[bank.OpenPayments]["auth"]) {
		t.Errorf("%+v", info)
	}
	p := newTPP(t, info.Addresses[bank.OpenPayments]["api"], "NRSKSEP0")
	req, err := http.NewRequest("GET", p.base+"/style/plain.css", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "bank.example.com"
	if res := p.do(req); res.status != http.StatusMisdirectedRequest {
		t.Errorf("a foreign Host: %d", res.status)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

// TestDirectoryKnowsBothForms: the envelope of the documentation, and the bare list
// of the definition's schema, by a switch of the control.
func TestDirectoryKnowsBothForms(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "")
	p.bearer = p.token("aspspinformation")
	control := &berlin{t: t, tpp: p}
	for _, bare := range []bool{false, true, false} {
		control.control("POST", "directory", map[string]any{"bareLists": bare}).want(http.StatusOK)
		for _, name := range []string{"countries", "cities", "aspsps"} {
			res := p.call("GET", directoryPath+"/"+name, nil, nil).want(http.StatusOK)
			if _, is := res.body.([]any); is != bare || !bare && len(res.list(name)) == 0 {
				t.Errorf("%s, bare %v: %s", name, bare, res.raw)
			}
		}
		if got := control.control("GET", "state", nil).get("directory.bareLists"); got != bare {
			t.Errorf("the control shows %v, not %v", got, bare)
		}
	}
	control.control("POST", "directory", map[string]any{"bare": true}).want(http.StatusBadRequest)
	control.control("POST", "directory", map[string]any{"bareLists": true}).want(http.StatusOK)
	control.control("POST", "reset", nil).want(http.StatusOK)
	if got := control.control("GET", "state", nil).get("directory.bareLists"); got != false {
		t.Errorf("after a reset: %v", got)
	}
}
