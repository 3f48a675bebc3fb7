package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// published is a TPP that asks as the platform's own client for Open Payments does
// (github.com/openpaymentseurope/samples): no TPP-Redirect-URI, no PKCE, an access
// that names nothing, TPP-Redirect-Preferred false everywhere, and a media type on
// a body that is empty.
type published struct {
	*tpp
	psu string // PSU-ID; "" for none
}

func asPublished(t *testing.T, base, bic, scope string) *published {
	t.Helper()
	p := &published{tpp: &tpp{t: t, base: base, bic: bic, client: practiceClient}}
	p.bearer = p.token(scope)
	return p
}

// send sends one request with its headers. A body has a media type even where it is
// empty; "-" stands for none at all.
func (p *published) send(method, path, body string, more http.Header) result {
	p.t.Helper()
	req, err := http.NewRequest(method, p.base+path, strings.NewReader(strings.TrimPrefix(body, "-")))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Authorization": "Bearer " + p.bearer, "X-Request-ID": newID(), "Accept": "application/json", "X-BicFi": p.bic,
		"PSU-IP-Address": "198.51.100.4", "PSU-User-Agent": "sample/1.0", "TPP-Redirect-Preferred": "false",
	} {
		req.Header.Set(name, value)
	}
	if p.psu != "" {
		req.Header.Set("PSU-ID", p.psu)
	}
	if body != "-" {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	for name, values := range more {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	return p.do(req)
}

// TestOpenPaymentsPublishedClientAsksTheDirectory: with a token for it and an id of
// the request, and nothing else; a list stands in its envelope.
func TestOpenPaymentsPublishedClientAsksTheDirectory(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for path, envelope := range map[string]string{
		"/countries": "countries", "/cities": "cities", "/aspsps": "aspsps", "/aspsps?isoCountryCodes=FI": "aspsps",
		"/countries/FI": "", "/cities/" + bank.CityID("FI", "Turku"): "", "/aspsps/RVTLFIH0": "",
	} {
		p := asPublished(t, server.URL, "", "private aspspinformation")
		req, err := http.NewRequest(http.MethodGet, p.base+directoryPath+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.bearer)
		req.Header.Set("X-Request-ID", newID())
		res := p.do(req).want(http.StatusOK)
		if object, is := res.body.(map[string]any); !is || envelope != "" && (len(object) != 1 || len(res.list(envelope)) == 0) {
			t.Errorf("%s: %s", path, res.raw)
		}
	}
}

// TestOpenPaymentsPublishedClientIsServed walks its consents and payments to the
// end, by each of the approaches it knows.
func TestOpenPaymentsPublishedClientIsServed(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	for _, test := range []struct{ name, bic, method, psu string }{
		{"through OAuth", "HAMNSEG0", "code_sms", ""},
		{"through OAuth, with one method", "NRSKSEP0", "code_app", "aino"},
		{"on the bank's page", "DALBSEF0", "code_app", ""},
		{"with an image of BankID", "BLXTSES0", "mbid_animated_qr_image", "aino"},
		{"with a token of BankID", "BLXTSES0", "mbid_animated_qr_token", ""},
	} {
		t.Run("a consent "+test.name, func(t *testing.T) {
			p := asPublished(t, server.URL, test.bic, "private accountinformation")
			p.psu = test.psu
			made := p.send("POST", consentPath, `{"access": {  }, "recurringIndicator": true, "validUntil": "2026-11-21", "frequencyPerDay": 4, "combinedServiceIndicator": false}`,
				http.Header{"X-AffiliatedASPSP-ID": {""}}).want(http.StatusCreated)
			id := made.text("consentId")
			self := consentPath + "/" + id
			p.approves(self, test.method, "accountinformation", "Consent", id)
			if got := p.send("GET", self+"/status", "-", nil).want(http.StatusOK).text("consentStatus"); got != consentValid {
				t.Errorf("the consent is %s", got)
			}
			accounts := p.send("GET", accountPath+"?withBalance=true", "-", http.Header{"Consent-ID": {id}}).want(http.StatusOK).list("accounts")
			if len(accounts) < 2 || accounts[0]["balances"] == nil {
				t.Errorf("accounts %v", accounts)
			}
		})
		t.Run("a payment "+test.name, func(t *testing.T) {
			p := asPublished(t, server.URL, test.bic, "private paymentinitiation")
			p.psu = test.psu
			made := p.send("POST", paymentPath+"/payments/domestic", `{"instructedAmount":{"currency":"SEK","amount":"2.5"},"debtorAccount":{"iban":"`+ownIBAN(t, clock, test.bic, "aino")+`","currency":"SEK"},`+
				`"creditorName":"Ausgedachte GmbH","creditorAccount":{"iban":"`+payee+`","currency":"SEK"},"remittanceInformationUnstructured":"A payment"}`,
				http.Header{"X-AffiliatedASPSP-ID": {""}}).want(http.StatusCreated)
			id := made.text("paymentId")
			self := paymentPath + "/payments/domestic/" + id
			p.approves(self, test.method, "paymentinitiation", "Payment", id)
			if got := p.send("GET", self+"/status", "-", nil).want(http.StatusOK).text("transactionStatus"); got != paymentChecked {
				t.Errorf("the payment is %s", got)
			}
		})
	}
}

// approves starts an authorisation, chooses a method, has the person approve as the
// answer says, and looks at the status.
func (p *published) approves(self, method, service, what, id string) {
	p.t.Helper()
	person := people.Find("aino")
	started := p.send("POST", self+"/authorisations", "", nil).want(http.StatusCreated)
	if len(started.list("scaMethods")) == 0 {
		p.t.Fatalf("no methods to choose from: %s", started.raw)
	}
	authorisation := started.text("authorisationId")
	here := self + "/authorisations/" + authorisation
	chosen := p.send("PUT", here, `{"authenticationMethodId": "`+method+`"}`, nil).want(http.StatusOK)
	switch oauth := chosen.text("_links.scaOAuth.href"); {
	case chosen.header.Get("ASPSP-SCA-Approach") == string(bank.ByDecoupled):
		phone := phoneIn(chosen.text("psuMessage"))
		b := newBrowser(p.t)
		b.open(phone)
		text := b.text()
		consent, known := strings.Contains(text, "What it may see"), strings.Contains(text, "Logged in as")
		if strings.Contains(text, "The accounts below") != (consent && known) || strings.Contains(text, "All your accounts here") != (consent && !known) {
			p.t.Errorf("the telephone knows whose accounts it shows, or shows none: %s", text)
		}
		b.submit("approve", url.Values{"login": {person.Login}, "password": {person.Password}})
	case oauth != "":
		link := strings.NewReplacer("[CLIENT_ID]", p.client.id, "[TPP_REDIRECT_URI]", url.QueryEscape(callback), "[TPP_STATE]", "AState").Replace(oauth)
		back := newBrowser(p.t).approve(link, person)
		if back.Query().Get("state") != "AState" {
			p.t.Errorf("came back to %s", back)
		}
		p.form(url.Values{
			"client_id": {p.client.id}, "client_secret": {p.client.secret}, "redirect_uri": {callback}, "scope": {"private " + service},
			"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")},
		}, map[string]string{"X-" + what + "Id": id, "X-" + what + "AuthorisationId": authorisation, "Accept": "application/json"}).want(http.StatusOK)
	default:
		b := newBrowser(p.t)
		b.logIn(chosen.text("_links.scaRedirect.href"), person)
		b.submit("next", nil)
		b.submit("approve", url.Values{"code": {person.Code}})
		if b.status != http.StatusOK || !strings.Contains(b.text(), "Go back to the app") {
			p.t.Errorf("after the approval, with no address to go to: %d %s", b.status, b.text())
		}
	}
	if got := p.send("GET", here, "-", nil).want(http.StatusOK).text("scaStatus"); got != scaFinalised {
		p.t.Errorf("the authorisation is %s", got)
	}
}

// phoneIn is the address of the person's telephone in a message.
func phoneIn(message string) string {
	_, phone, _ := strings.Cut(message, "your telephone is at ")
	return phone
}

// TestOpenPaymentsWantsAnAddressOfWhoPrefersARedirect: so its definition has it;
// other platforms want one of everybody (TestOtherPlatformsStayStrict).
func TestOpenPaymentsWantsAnAddressOfWhoPrefersARedirect(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "DALBSEF0")
	pays := newTPP(t, server.URL, "DALBSEF0")
	pays.bearer = pays.token("paymentinitiation")
	order := paymentOrder(ownIBAN(t, clock, "DALBSEF0", "aino"), "12.50")
	for preferred, want := range map[string]int{"true": http.StatusBadRequest, "false": http.StatusCreated, "": http.StatusCreated} {
		header := map[string]string{"TPP-Redirect-URI": "", "TPP-Redirect-Preferred": preferred}
		if res := p.call("POST", consentPath, consentBody(chosenAtBank()), header); res.status != want {
			t.Errorf("a consent, preferred %q: %d %s", preferred, res.status, res.raw)
		}
		if res := pays.call("POST", paymentPath+"/payments/domestic", order, header); res.status != want {
			t.Errorf("a payment, preferred %q: %d %s", preferred, res.status, res.raw)
		}
	}
	// A person who says no, or tries too often, is not sent anywhere either.
	header := map[string]string{"TPP-Redirect-URI": ""}
	b := newBrowser(t)
	b.open(p.ask(consentBody(chosenAtBank()), header).link)
	b.submit("deny", nil)
	if b.status != http.StatusOK || !strings.Contains(b.text(), "Nothing was shared") {
		t.Errorf("denied: %d %s", b.status, b.text())
	}
	b.open(p.ask(consentBody(chosenAtBank()), header).link)
	for range maxTries {
		b.submit("next", url.Values{"login": {"aino"}, "password": {"wrong"}})
	}
	if b.status != http.StatusForbidden {
		t.Errorf("three wrong passwords: %d %s", b.status, b.text())
	}
}

// TestPKCEHoldsOnceItIsBegun: who began without need bring no verifier, and may not;
// who began with it has to (RFC 7636 section 4.6, RFC 9700 section 2.1.1).
func TestPKCEHoldsOnceItIsBegun(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for _, test := range []struct {
		name      string
		challenge bool
		verifier  func(own string) []string
		want      string
	}{
		{"neither", false, func(string) []string { return nil }, ""},
		{"both", true, func(own string) []string { return []string{own} }, ""},
		{"a verifier and no challenge", false, func(own string) []string { return []string{own} }, "invalid_grant"},
		{"a challenge and no verifier", true, func(string) []string { return nil }, "invalid_grant"},
		{"a challenge and another's verifier", true, func(string) []string { return []string{secret()} }, "invalid_grant"},
	} {
		p := newTPP(t, server.URL, "NRSKSEP0")
		a := p.ask(consentBody(chosenAtBank()), nil)
		link, err := url.Parse(a.link)
		if err != nil {
			t.Fatal(err)
		}
		query := link.Query()
		query.Del("state") // nor is a state demanded
		if !test.challenge {
			query.Del("code_challenge")
			query.Del("code_challenge_method")
		}
		link.RawQuery = query.Encode()
		back := newBrowser(t).approve(link.String(), people.Find("mette"))
		if back.Query().Has("state") {
			t.Errorf("%s: a state that nobody sent: %s", test.name, back)
		}
		res := p.exchange(a, back, url.Values{"code_verifier": test.verifier(a.verifier)}, nil)
		if got := res.text("error"); got != test.want || (test.want == "") != (res.status == http.StatusOK) {
			t.Errorf("%s: %d %s", test.name, res.status, res.raw)
		}
	}
}

// TestOpenPaymentsPaysByNationalNumber: as most of the published client's payments
// do, from and to it; the other platforms want an IBAN.
func TestOpenPaymentsPaysByNationalNumber(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	s, err := New(Config{Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	h := s.household("DALBSEF0", "aino")
	from, to := h.Account(people.Current), h.Account(people.Savings)
	body := func(debtor, creditor map[string]any) map[string]any {
		return map[string]any{
			"instructedAmount": map[string]any{"currency": "SEK", "amount": "7.5"}, "creditorName": "Ausgedachte GmbH",
			"debtorAccount": debtor, "creditorAccount": creditor, "remittanceInformationUnstructured": "By its own number",
		}
	}
	p := asPublished(t, server.URL, "DALBSEF0", "private paymentinitiation")
	own := map[string]any{"bban": from.BBAN, "currency": "SEK"}
	send := func(body map[string]any) result {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return p.send("POST", paymentPath+"/payments/domestic", string(data), nil)
	}
	for _, other := range []map[string]any{{"bban": to.BBAN, "currency": "SEK"}, {"bban": "987654321", "clearingNumber": "1234", "currency": "SEK"}} {
		id := send(body(own, other)).want(http.StatusCreated).text("paymentId")
		p.approves(paymentPath+"/payments/domestic/"+id, "code_app", "paymentinitiation", "Payment", id)
	}
	clock.pass(bank.UsualPace.Settle)
	reader := newTPP(t, server.URL, "DALBSEF0")
	a := reader.link("aino", consentBody(chosenAtBank()))
	paid := func(number int) (accounts []string) {
		path := accountPath + "/" + resourceID(a.consent, number) + "/transactions?bookingStatus=booked&dateFrom=2026-11-20"
		for _, entry := range reader.read(a, path).want(http.StatusOK).list("transactions.booked") {
			if entry["remittanceInformationUnstructured"] == "By its own number" {
				creditor, _ := entry["creditorAccount"].(map[string]any)
				accounts = append(accounts, fmt.Sprint(creditor["bban"]))
			}
		}
		slices.Sort(accounts)
		return accounts
	}
	if got, want := paid(from.Number), slices.Sorted(slices.Values([]string{"987654321", to.BBAN})); !slices.Equal(got, want) {
		t.Errorf("paid to %q, want %q", got, want)
	}
	if got := paid(to.Number); !slices.Equal(got, []string{"<nil>"}) {
		t.Errorf("received %q", got)
	}
	if res := send(body(map[string]any{"bban": "1"}, own)); res.status != http.StatusCreated {
		t.Errorf("the number of nobody's account is seen at the approval: %d %s", res.status, res.raw)
	}
	for name, wrong := range map[string]map[string]any{"a blank": {"bban": "12 34"}, "nothing": {}, "a wrong IBAN beside it": {"iban": "DE88370400440532013000", "bban": "1234"}} {
		for _, res := range []result{send(body(own, wrong)), send(body(wrong, own))} {
			if res.status != http.StatusBadRequest || res.code() != "FORMAT_ERROR" {
				t.Errorf("%s: %d %s", name, res.status, res.raw)
			}
		}
	}
	q := newBerlin(t, server.URL, "rheintor")
	order := paymentOrder(ownIBAN(t, clock, "RHTRDEB0", "lukas"), "12.50")
	order["creditorAccount"] = map[string]any{"bban": "1234567"}
	if res := q.call("POST", "/payments/sepa-credit-transfers", order, nil); res.status != http.StatusBadRequest {
		t.Errorf("elsewhere: %d %s", res.status, res.raw)
	}
}
