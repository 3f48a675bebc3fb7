package sandbox

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// all is a bare list.
func (r result) all() []map[string]any {
	return result{body: map[string]any{"list": r.body}}.list("list")
}

// TestFaultsOfAnOperation sets faults of one bank and one operation, or a group of them:
// nothing else goes wrong, and what did is told with the request's id.
func TestFaultsOfAnOperation(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	other, withOther := linked(t, server, "auszughof", "lukas")
	p.control("POST", "faults", map[string]any{"name": "down", "bank": "rheintor", "operation": "reads", "status": 503, "count": 2}).want(200)

	other.call("GET", "/accounts", nil, withOther).want(200)
	p.call("GET", "/consents/"+with["Consent-ID"]+"/status", nil, nil).want(200)
	id := newID()
	with["X-Request-ID"] = id
	p.call("GET", "/accounts", nil, with).want(503)
	list := p.control("GET", "faults", nil).want(200).all()
	if len(list) != 1 || list[0]["count"] != 1.0 || list[0]["bank"] != "RHTRDEB0" {
		t.Errorf("left: %v", list)
	}
	hits := p.control("GET", "hits", nil).want(200).all()
	fault, _ := hits[0]["fault"].(map[string]any)
	if len(hits) != 1 || hits[0]["requestId"] != id || hits[0]["operation"] != "getAccountList" || fault["name"] != "down" || fault["id"] != list[0]["id"] {
		t.Errorf("hit: %v", hits)
	}
	p.control("DELETE", "faults/1", nil).want(200)
	p.control("DELETE", "faults/1", nil).want(200)
	delete(with, "X-Request-ID")
	p.call("GET", "/accounts", nil, with).want(200)

	p.control("POST", "reset", nil).want(200)
	if hits := p.control("GET", "hits", nil).want(200); strings.TrimSpace(string(hits.raw)) != "[]" {
		t.Errorf("after the reset: %s", hits.raw)
	}
}

// TestFaultsOfAnswers lets answers differ in each way that there is.
func TestFaultsOfAnswers(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	_, with := linked(t, server, "rheintor", "lukas")
	for name, each := range map[string]struct {
		fault      map[string]any
		status     int
		kind, body string
	}{
		"another body":              {map[string]any{"body": `{"accounts":[]}`}, 200, "application/json", `{"accounts":[]}`},
		"another body and status":   {map[string]any{"body": "<h1>Login</h1>", "status": 502, "mediaType": "text/html"}, 502, "text/html", "<h1>Login</h1>"},
		"no body at all":            {map[string]any{"body": ""}, 200, "application/json", ""},
		"wrong type":                {map[string]any{"mediaType": "application/octet-stream"}, 200, "application/octet-stream", "IBAN"},
		"garbage of a type":         {map[string]any{"garbage": true, "mediaType": "text/plain"}, 200, "text/plain", "not JSON"},
		"slow":                      {map[string]any{"slow": "40ms"}, 200, "application/json", "IBAN"},
		"slow, and another body":    {map[string]any{"slow": "40ms", "body": "short"}, 200, "application/json", "short"},
		"a code, slowly":            {map[string]any{"slow": "20ms", "status": 429, "code": "ACCESS_EXCEEDED", "retryAfter": 60}, 429, "application/json", "ACCESS_EXCEEDED"},
		"a status, although done":   {map[string]any{"status": 500, "after": true}, 500, "", ""},
		"a group and a part of one": {map[string]any{"operation": "getAccountList", "path": "/rheintor/", "method": "get", "status": 418}, 418, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newBerlin(t, server.URL, "rheintor")
			each.fault["operation"] = "getAccountList"
			p.control("POST", "faults", each.fault).want(200)
			before := time.Now()
			req, err := http.NewRequest("GET", p.root+"/accounts", nil)
			if err != nil {
				t.Fatal(err)
			}
			for header, value := range map[string]string{"Consent-ID": with["Consent-ID"], "X-Request-ID": newID(), "PSU-IP-Address": "192.0.2.7"} {
				req.Header.Set(header, value)
			}
			res, err := p.http.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			wanted := each.body
			if wanted == "IBAN" {
				wanted = `"iban":"DE`
			}
			if err != nil || res.StatusCode != each.status || res.Header.Get("Content-Type") != each.kind || !strings.Contains(string(body), wanted) {
				t.Errorf("%d %q %s, %v", res.StatusCode, res.Header.Get("Content-Type"), body, err)
			}
			if each.fault["slow"] != nil && time.Since(before) < 20*time.Millisecond {
				t.Errorf("took %s", time.Since(before))
			}
			if left := p.control("GET", "faults", nil).want(200); strings.TrimSpace(string(left.raw)) != "[]" {
				t.Errorf("left: %s", left.raw)
			}
		})
	}
}

// TestFaultInTheMiddle cuts the line in the middle of a body, also of a slow one.
func TestFaultInTheMiddle(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newBerlin(t, server.URL, "rheintor")
	for _, fault := range []map[string]any{{"middle": true}, {"middle": true, "slow": "20ms"}, {"middle": true, "body": "0123456789"}} {
		p.control("POST", "faults", fault).want(200)
		res, err := http.Get(p.root + "/accounts")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err == nil || len(body) == 0 || fault["body"] != nil && string(body) != "01234" {
			t.Errorf("%v: %q, %v", fault, body, err)
		}
	}
}

// TestFaultAfterThePayment stores a payment although its answer is a mistake, or none.
func TestFaultAfterThePayment(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	order := paymentOrder(ownIBAN(t, c, "RHTRDEB0", "lukas"), "12.50")
	p.control("POST", "faults", map[string]any{"operation": "initiatePayment", "status": 500, "after": true}).want(200)
	p.call("POST", "/payments/sepa-credit-transfers", order, nil).want(500)
	if books := p.control("GET", "payments", nil).want(200).all(); len(books) != 1 {
		t.Errorf("on the books: %v", books)
	}
	p.control("POST", "faults", map[string]any{"operation": "initiatePayment", "status": 500}).want(200)
	p.call("POST", "/payments/sepa-credit-transfers", order, nil).want(500)
	if books := p.control("GET", "payments", nil).want(200).all(); len(books) != 1 {
		t.Errorf("on the books: %v", books)
	}
}

func TestFaultsThatAreNone(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newBerlin(t, server.URL, "rheintor")
	for _, wrong := range []map[string]any{
		{"slow": "30s"}, {"slow": "-1s"}, {"slow": "15s", "delay": "15s"}, {"bank": "nobody", "status": 500}, {"operation": "everything", "status": 500},
		{"body": "x", "garbage": true}, {"body": "x", "drop": true}, {"drop": true, "slow": "1s"}, {"drop": true, "middle": true}, {"after": true}, {"after": true, "delay": "1s"},
		{"status": 500, "count": mostRequests + 1}, {"status": 503, "retryAfter": -1}, {"mediaType": "text/html\r\nX: y"}, {"operation": "reads"},
	} {
		if res := p.control("POST", "faults", wrong); res.status != 400 {
			t.Errorf("%v: %d", wrong, res.status)
		}
	}
	p.control("DELETE", "faults/x", nil).want(400)
	for range mostFaults {
		p.control("POST", "faults", map[string]any{"status": 500}).want(200)
	}
	p.control("POST", "faults", map[string]any{"status": 500}).want(409)
}

// TestSlowAnswersEnd ends a slow answer when the TPP hangs up, and the server closes although one is
// under way.
func TestSlowAnswersEnd(t *testing.T) {
	server, err := Start("127.0.0.1:0", Config{})
	if err != nil {
		t.Fatal(err)
	}
	control := server.Info().Control
	res, err := http.Post(control+"/faults", "application/json", strings.NewReader(`{"path":"/logo/","slow":"20s"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	slow, err := http.Get(strings.TrimSuffix(control, "/_control") + "/logo/RHTRDEB0.svg")
	if err != nil || slow.StatusCode != 200 {
		t.Fatal(slow, err)
	}
	defer slow.Body.Close()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(slow.Body); err == nil {
		t.Error("the whole answer came")
	}
}

// TestOperationsAreNamed finds the name of requests of every dialect by their routes, and has no
// name whose path is the end of another's.
func TestOperationsAreNamed(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range []struct{ method, path, bic, name, bank string }{
		{"GET", "/psd2/accountinformation/v1/accounts", "NRSKSEP0", "getAccountList", "NRSKSEP0"},
		{"GET", "/psd2/aspspinformation/v1/aspsps/NRSKSEP0", "", "getASPSP", ""},
		{"POST", "/psd2/paymentinitiation/v1/periodic-payments/domestic", "NRSKSEP0", "initiatePayment", "NRSKSEP0"},
		{"GET", "/berlingroup/rheintor/v1/accounts/1/transactions", "", "getTransactionList", "RHTRDEB0"},
		{"GET", "/berlingroup/kartenhaus/v1/card-accounts/1/balances", "", "getCardAccountBalances", "KRTNDEB0"},
		{"POST", "/berlingroup/rheintor/v1/payments/sepa-credit-transfers/1/cancellation-authorisations", "", "startPaymentInitiationCancellationAuthorisation", "RHTRDEB0"},
		{"POST", "/berlingroup/oststern/oauth/token", "", "getToken", "STSRDEB0"},
		{"GET", "/.well-known/oauth-authorization-server/berlingroup/oststern", "", "getServerMetadata", "STSRDEB0"},
		{"GET", "/bog/v1/consents/1/status", "", "getConsentStatus", "MTKVGET0"},
		{"GET", "/bog/v1/banking/products/en/deposits", "", "getDeposits", "MTKVGET0"},
		{"POST", "/saltedge/salzhafen_de/api/berlingroup/v1/accounts/refresh", "", "refreshAccounts", "SLZHDEH0"},
		{"POST", "/connect/token", "", "getToken", ""},
		{"GET", "/bank/1/login", "", "", ""},
	} {
		r := httptest.NewRequest(each.method, each.path, nil)
		r.Header.Set("X-BicFi", each.bic)
		if got := s.purposeOf(r); got.Name != each.name || got.bank != each.bank {
			t.Errorf("%s %s: %s at %s", each.method, each.path, got.Name, got.bank)
		}
	}
	for _, a := range operations {
		if slices.ContainsFunc(operations, func(b operation) bool {
			return a != b && a.Method == b.Method && strings.HasSuffix(a.Path, b.Path)
		}) {
			t.Errorf("%s ends as another does", a.Path)
		}
	}
}

// TestPersonByControl has the person say no, the time run out, and the telephone be flat.
func TestPersonByControl(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for word, want := range map[string]string{"deny": consentRejected, "expire": consentReceived} {
		p := newBerlin(t, server.URL, "rheintor")
		made := p.asks(nil)
		shown := p.control("GET", "state", nil).want(200).list("authorisations")[0]
		id := shown["id"].(string)
		if shown["waits"] != true {
			t.Errorf("does not wait: %v", shown)
		}
		p.control("POST", "authorisations/"+id+"/approve", nil).want(409) // no telephone
		p.control("POST", "authorisations/"+id+"/"+word, nil).want(200)
		p.control("POST", "authorisations/"+id+"/"+word, nil).want(409)
		if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != want {
			t.Errorf("%s: %s", word, got)
		}
		p.control("POST", "reset", nil).want(200)
	}

	p := newBerlin(t, server.URL, "sjalvgang")
	p.psu = "astrid"
	p.control("POST", "phones", map[string]any{"bank": "sjalvgang", "flat": true}).want(200)
	p.asks(nil)
	shown := p.control("GET", "state", nil).want(200)
	id := shown.list("authorisations")[0]["id"].(string)
	p.control("POST", "authorisations/"+id+"/approve", nil).want(409)
	b := newBrowser(t)
	b.open(shown.list("authorisations")[0]["phone"].(string))
	if text := b.text(); !strings.Contains(text, "out of reach") {
		t.Errorf("the telephone shows %s", text)
	}
	p.control("POST", "phones", map[string]any{"bank": "sjalvgang", "flat": false}).want(200)
	p.control("POST", "authorisations/"+id+"/approve", nil).want(200)
	p.control("POST", "phones", map[string]any{"bank": "x", "flat": true}).want(400)
}
