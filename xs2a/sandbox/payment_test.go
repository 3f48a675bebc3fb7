package sandbox

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

const payee = "DE89370400440532013000"

// ownIBAN is the IBAN of a person's current account at a bank.
func ownIBAN(t *testing.T, c *clock, bic, person string) string {
	t.Helper()
	s, err := New(Config{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return s.household(bic, person).Account(people.Current).IBAN
}

func paymentOrder(from, amount string) map[string]any {
	return map[string]any{
		"debtorAccount": map[string]any{"iban": from}, "instructedAmount": map[string]any{"currency": "EUR", "amount": amount},
		"creditorAccount": map[string]any{"iban": payee}, "creditorName": "Ausgedachte GmbH", "remittanceInformationUnstructured": "Invoice 4711",
	}
}

// pays sends a payment and has a person approve it on the bank's pages.
func (p *berlin) pays(path string, body any, header map[string]string) result {
	p.t.Helper()
	made := p.call("POST", path, body, header).want(http.StatusCreated)
	newBrowser(p.t).approve(made.follow("scaRedirect"), people.Find("lukas"))
	return made
}

func (p *berlin) status(made result) string {
	p.t.Helper()
	return p.call("GET", made.follow("status"), nil, nil).want(http.StatusOK).text("transactionStatus")
}

func TestPaymentsAreSettled(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	p.router = berlinDefinition(t)
	from := ownIBAN(t, c, "RHTRDEB0", "lukas")
	const path = "/payments/sepa-credit-transfers"

	made := p.pays(path, paymentOrder(from, "12.50"), nil)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, paymentChecked}, {2 * time.Second, paymentAccepted}, {3 * time.Second, paymentSettled}} {
		c.pass(step.after)
		if got := p.status(made); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
	if got := p.call("GET", made.follow("self"), nil, nil).want(200); got.text("transactionStatus") != paymentSettled || got.text("creditorName") != "Ausgedachte GmbH" {
		t.Errorf("%s", got.raw)
	}
	consent := p.asks(nil)
	newBrowser(t).approve(consent.follow("scaRedirect"), people.Find("lukas"))
	with := map[string]string{"Consent-ID": consent.text("consentId")}
	var found int
	for _, acc := range p.call("GET", "/accounts", nil, with).list("accounts") {
		if acc["iban"] != from {
			continue
		}
		list := p.call("GET", fmt.Sprint("/accounts/", acc["resourceId"], "/transactions?bookingStatus=booked&dateFrom=2026-11-20"), nil, with).want(200)
		for _, e := range list.list("transactions.booked") {
			if e["creditorName"] == "Ausgedachte GmbH" {
				found++
				p.call("GET", fmt.Sprint("/accounts/", acc["resourceId"], "/transactions/", e["transactionId"]), nil, with).want(200)
			}
		}
	}
	if found != 1 {
		t.Errorf("booked %d times", found)
	}
	for amount, want := range map[string]string{"666.66": paymentRejected, "99999999.00": paymentRejected} {
		if got := p.status(p.pays(path, paymentOrder(from, amount), nil)); got != want {
			t.Errorf("%s: %s", amount, got)
		}
	}
	id := map[string]string{"X-Request-ID": newID()}
	first := p.call("POST", path, paymentOrder(from, "1.00"), id).want(201)
	if again := p.call("POST", path, paymentOrder(from, "1.00"), id).want(201); again.text("paymentId") != first.text("paymentId") {
		t.Error("paid twice")
	}
	stranger := p.call("POST", path, paymentOrder(payee, "1.00"), nil).want(201)
	b := newBrowser(t)
	b.logIn(stranger.follow("scaRedirect"), people.Find("lukas"))
	if !strings.Contains(b.text(), "not yours") {
		t.Errorf("another's account: %s", b.text())
	}
	b.submit("deny", nil)
	if got := p.status(stranger); got != paymentRejected {
		t.Errorf("denied: %s", got)
	}
}

func TestPaymentForms(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	router := berlinDefinition(t)
	from := ownIBAN(t, c, "SZGHDEM0", "lukas")
	p := newBerlin(t, server.URL, "auszughof")
	p.router = router

	standing := paymentOrder(from, "5.00")
	maps.Copy(standing, map[string]any{"startDate": "2026-11-23", "frequency": "Weekly", "endDate": "2026-12-10"})
	weekly := p.pays("/periodic-payments/sepa-credit-transfers", standing, nil)
	one := paymentOrder(from, "3.00")
	delete(one, "debtorAccount")
	bulk := p.pays("/bulk-payments/sepa-credit-transfers", map[string]any{"debtorAccount": map[string]any{"iban": from}, "payments": []any{one, one}}, nil)
	document := `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn><PmtInf><PmtMtd>TRF</PmtMtd><ReqdExctnDt>2026-11-24</ReqdExctnDt>` +
		`<DbtrAcct><Id><IBAN>` + from + `</IBAN></Id></DbtrAcct><CdtTrfTxInf><PmtId><EndToEndId>E2E-1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">7.25</InstdAmt></Amt>` +
		`<Cdtr><Nm>Ausgedachte GmbH</Nm></Cdtr><CdtrAcct><Id><IBAN>` + payee + `</IBAN></Id></CdtrAcct></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>`
	p.router = nil // kin-openapi reads no XML bodies
	sent := p.pays("/payments/pain.001-sepa-credit-transfers", document, map[string]string{"Content-Type": "application/xml"})
	if got := p.call("GET", sent.follow("self"), nil, map[string]string{"Accept": "application/xml"}).want(200); string(got.raw) != document {
		t.Errorf("%s", got.raw)
	}
	var report struct {
		Status string `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>GrpSts"`
	}
	got := p.call("GET", sent.follow("status"), nil, map[string]string{"Accept": "application/xml"}).want(200)
	if err := xml.Unmarshal(got.raw, &report); err != nil || report.Status != paymentChecked {
		t.Errorf("%v %s", err, got.raw)
	}
	c.pass(5 * 24 * time.Hour)
	for name, made := range map[string]result{"bulk": bulk, "pain.001": sent, "standing order, first": weekly} {
		if got := p.status(made); got != paymentSettled {
			t.Errorf("%s: %s", name, got)
		}
	}
	c.pass(30 * 24 * time.Hour)
	consent := p.asks(map[string]string{})
	newBrowser(t).approve(consent.follow("scaRedirect"), people.Find("lukas"))
	with := map[string]string{"Consent-ID": consent.text("consentId")}
	counts := map[string]int{}
	for _, acc := range p.call("GET", "/accounts", nil, with).list("accounts") {
		list := p.call("GET", fmt.Sprint("/accounts/", acc["resourceId"], "/transactions?bookingStatus=booked&dateFrom=2026-11-20"), nil, with).want(200)
		for _, e := range list.list("transactions.booked") {
			if e["creditorName"] == "Ausgedachte GmbH" {
				counts[e["transactionAmount"].(map[string]any)["amount"].(string)]++
			}
		}
	}
	if counts["-5.00"] != 3 || counts["-3.00"] != 2 || counts["-7.25"] != 1 {
		t.Errorf("booked: %v", counts)
	}
}

func TestPaymentRefusals(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	from := ownIBAN(t, c, "RHTRDEB0", "lukas")
	with := func(field string, value any) map[string]any {
		body := paymentOrder(from, "1.00")
		body[field] = value
		if value == nil {
			delete(body, field)
		}
		return body
	}
	const path = "/payments/sepa-credit-transfers"
	for _, test := range []struct {
		name, path string
		body       any
		header     map[string]string
		status     int
		code       string
	}{
		{"unknown product", "/payments/pigeon-post", with("x", nil), nil, 404, "PRODUCT_UNKNOWN"},
		{"another bank's product", "/payments/swedish-giro", with("x", nil), nil, 403, "PRODUCT_INVALID"},
		{"no person", path, with("x", nil), map[string]string{"PSU-IP-Address": ""}, 400, "FORMAT_ERROR"},
		{"no debtor", path, with("debtorAccount", nil), nil, 400, "FORMAT_ERROR"},
		{"no creditor", path, with("creditorAccount", nil), nil, 400, "FORMAT_ERROR"},
		{"no name", path, with("creditorName", nil), nil, 400, "FORMAT_ERROR"},
		{"amount with a comma", path, with("instructedAmount", map[string]any{"currency": "EUR", "amount": "1,50"}), nil, 400, "FORMAT_ERROR"},
		{"amount as a number", path, with("instructedAmount", map[string]any{"currency": "EUR", "amount": 1.5}), nil, 400, "FORMAT_ERROR"},
		{"nothing", path, with("instructedAmount", map[string]any{"currency": "EUR", "amount": "0.00"}), nil, 400, "FORMAT_ERROR"},
		{"less than nothing", path, with("instructedAmount", map[string]any{"currency": "EUR", "amount": "-1.00"}), nil, 400, "FORMAT_ERROR"},
		{"SEPA in krona", path, with("instructedAmount", map[string]any{"currency": "SEK", "amount": "1.00"}), nil, 400, "PARAMETER_NOT_CONSISTENT"},
		{"a long text", path, with("remittanceInformationUnstructured", strings.Repeat("x", 141)), nil, 400, "FORMAT_ERROR"},
		{"yesterday", path, with("requestedExecutionDate", "2026-11-19"), nil, 400, "EXECUTION_DATE_INVALID"},
		{"unknown field", path, with("tip", "1.00"), nil, 400, "FORMAT_ERROR"},
		{"standing order without a frequency", "/periodic-payments/sepa-credit-transfers", with("startDate", "2026-12-01"), nil, 400, "FORMAT_ERROR"},
		{"standing order as a payment", path, with("startDate", "2026-12-01"), nil, 400, "FORMAT_ERROR"},
		{"bulk without payments", "/bulk-payments/sepa-credit-transfers", with("x", nil), nil, 400, "FORMAT_ERROR"},
		{"XML as JSON", "/payments/pain.001-sepa-credit-transfers", with("x", nil), nil, 415, "FORMAT_ERROR"},
	} {
		res := p.call("POST", test.path, test.body, test.header)
		if res.status != test.status || res.code() != test.code {
			t.Errorf("%s: %d %s, want %d %s (%s)", test.name, res.status, res.code(), test.status, test.code, res.raw)
		}
	}
	if res := p.call("GET", path+"/"+newID(), nil, nil); res.status != 404 || res.code() != "RESOURCE_UNKNOWN" {
		t.Errorf("unknown payment: %d %s", res.status, res.raw)
	}
}

func TestCancellations(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	router := berlinDefinition(t)
	const path = "/payments/sepa-credit-transfers"
	later := func(bic string) map[string]any {
		body := paymentOrder(ownIBAN(t, c, bic, "lukas"), "2.00")
		body["requestedExecutionDate"] = "2026-12-24"
		return body
	}
	p := newBerlin(t, server.URL, "rheintor")
	p.router = router
	made := p.pays(path, later("RHTRDEB0"), nil)
	p.call("DELETE", made.follow("self"), nil, nil).want(204)
	if got := p.status(made); got != paymentCancelled {
		t.Errorf("cancelled at once: %s", got)
	}
	if res := p.call("DELETE", made.follow("self"), nil, nil); res.status != 405 || res.code() != "CANCELLATION_INVALID" {
		t.Errorf("cancelled twice: %d %s", res.status, res.raw)
	}

	p = newBerlin(t, server.URL, "elbufer")
	p.router = router
	made = p.call("POST", path, later("ELBFDEH0"), nil).want(201)
	if res := p.call("DELETE", made.follow("self"), nil, nil); res.status != 405 || res.code() != "SERVICE_INVALID" {
		t.Errorf("a bank that cancels nothing: %d %s", res.status, res.raw)
	}

	p = newBerlin(t, server.URL, "einhafen")
	p.router, p.psu = router, "lukas"
	made = p.call("POST", path, later("NHFNDEH0"), nil).want(201)
	p.walkEmbedded(made)
	if got := p.status(made); got != paymentChecked {
		t.Errorf("waits for its day: %s", got)
	}
	early := p.call("POST", made.follow("self")+"/cancellation-authorisations", nil, nil)
	if early.status != 409 || early.code() != "STATUS_INVALID" {
		t.Errorf("before DELETE: %d %s", early.status, early.raw)
	}
	asked := p.call("DELETE", made.follow("self"), nil, nil).want(202)
	begun := p.call("POST", asked.follow("startAuthorisation"), nil, nil).want(201)
	p.walkEmbedded(begun)
	if got := p.status(made); got != paymentCancelled {
		t.Errorf("cancelled with a code: %s", got)
	}
	p.call("GET", made.follow("self")+"/cancellation-authorisations", nil, nil).want(200)
}

// walkEmbedded gives password and code.
func (p *berlin) walkEmbedded(made result) {
	p.t.Helper()
	known := p.call("PUT", made.follow("updatePsuAuthentication"), password(p.psu), nil).want(200)
	done := p.call("PUT", known.follow("authoriseTransaction"), otp(p.psu), nil).want(200)
	if done.text("scaStatus") != scaFinalised {
		p.t.Errorf("%s", done.raw)
	}
}

// Payments of every other approach reach the account too.
func TestPaymentsOfEveryApproach(t *testing.T) {
	for _, w := range walks() {
		if w.final != "" || w.before != nil || w.bank == "senebro" {
			continue
		}
		t.Run(w.bank, func(t *testing.T) {
			c := newClock()
			server := startSandbox(t, Config{Now: c.now})
			p := newBerlin(t, server.URL, w.bank)
			p.psu = w.psu
			var b *bank.Bank
			for _, known := range bank.BerlinBanks() {
				if known.ID == w.bank {
					b = known
				}
			}
			body := paymentOrder(ownIBAN(t, c, b.BIC, "astrid"), "1.00")
			made := p.call("POST", "/payments/sepa-credit-transfers", body, nil).want(201)
			if b.Behaviour.Approach == bank.ByOAuth {
				begun := made
				if b.Behaviour.Explicit {
					begun = started(p, made)
				}
				colon := ":"
				if b.Behaviour.OAuth.Blank {
					colon = ": "
				}
				p.oauth(begun.follow("scaOAuth"), "PIS"+colon+made.text("paymentId"), "astrid")
			} else {
				if b.Behaviour.Signatures() > 1 && b.Behaviour.Approach == bank.ByRedirect {
					newBrowser(t).approve(started(p, made).follow("scaRedirect"), people.Find("astrid"))
					if got := p.status(made); got != paymentPartly {
						t.Errorf("after one signature: %s", got)
					}
					newBrowser(t).approve(started(p, made).follow("scaRedirect"), people.Find("johan"))
				} else {
					w.do(p, c, made)
				}
			}
			c.pass(bank.UsualPace.Settle)
			if got := p.status(made); got != paymentSettled {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestOpenPaymentsPay(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	for bic, product := range map[string]string{"NRSKSEP0": "swedish-giro", "DALBSEF0": "domestic"} {
		p := newTPP(t, server.URL, bic)
		p.bearer = p.token("paymentinitiation")
		body := paymentOrder(ownIBAN(t, c, bic, "astrid"), "50.00")
		body["instructedAmount"] = map[string]any{"currency": "SEK", "amount": "50.00"}
		if product == "swedish-giro" {
			delete(body, "creditorAccount")
			delete(body, "remittanceInformationUnstructured")
			body["creditorGiro"], body["ocrRef"] = map[string]any{"giroNumber": "5234-1234", "giroType": "BANKGIRO"}, "1234567890"
		}
		made := p.call("POST", paymentPath+"/payments/"+product, body, nil).want(201)
		begun := p.call("POST", made.follow("startAuthorisation"), nil, nil).want(201)
		link := begun.text("_links.scaRedirect.href")
		a := asked{state: "st-1", verifier: secret(), redirect: callback, authorisation: begun.text("authorisationId")}
		if oauth := begun.text("_links.scaOAuth.href"); oauth != "" {
			if !strings.Contains(oauth, "paymentAuthorisationId") {
				t.Errorf("%s", oauth)
			}
			link = a.fill(p, oauth)
		}
		back := newBrowser(t).approve(link, people.Find("astrid"))
		if back.Query().Has("code") {
			p.exchange(a, back, nil, map[string]string{"X-ConsentId": "", "X-ConsentAuthorisationId": "", "X-PaymentId": made.text("paymentId"), "X-PaymentAuthorisationId": a.authorisation}).want(200)
		}
		c.pass(bank.UsualPace.Settle)
		if got := p.call("GET", made.follow("status"), nil, nil).want(200).text("transactionStatus"); got != paymentSettled {
			t.Errorf("%s: %s", product, got)
		}
		p.bearer = p.token("accountinformation")
		if res := p.call("GET", made.follow("status"), nil, nil); res.code() != "TOKEN_INVALID" {
			t.Errorf("another service's token: %d %s", res.status, res.raw)
		}
	}
}
