package playback

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/record"
)

var recorded = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// said is an exchange with JSON on both sides.
func said(method, address, request string, status int, answer string) record.Exchange {
	return record.Exchange{
		Method: method, URL: "https://api.bank.example" + address, FlowID: "1", Started: recorded,
		Request: record.Message{Body: request}, Status: status,
		Answer: record.Message{Body: answer, Header: []record.HeaderField{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Request-Id", Value: "recorded"}, {Name: "Content-Length", Value: "1"}}},
	}
}

// played is a recording that is being played, a hundred days later.
type played struct {
	*Server
	t *testing.T
}

func play(t *testing.T, exchanges ...record.Exchange) played {
	t.Helper()
	for i := range exchanges {
		exchanges[i].Started = recorded.Add(time.Duration(i) * time.Second)
	}
	s, err := Start(Config{Exchanges: exchanges, Now: func() time.Time { return recorded.AddDate(0, 0, 100) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return played{s, t}
}

func (p played) ask(method, address, body string, header ...string) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.At("https://api.bank.example")+address, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(raw)
}

// gets holds that a request gets an answer.
func (p played) gets(method, address, body string, status int, want string, header ...string) {
	p.t.Helper()
	res, got := p.ask(method, address, body, header...)
	if res.StatusCode != status || got != want {
		p.t.Errorf("%s %s: %d %s, want %d %s", method, address, res.StatusCode, got, status, want)
	}
}

func TestAnswersAsRecordedButForItself(t *testing.T) {
	t.Parallel()
	answer := said("POST", "/v1/consents", `{"validUntil":"2026-04-01"}`, 201, `{"consentId":"c1","validUntil":"2026-08-28","lastActionDate":"2026-03-01T09:00:00Z","for":"9999-12-31","note":"since 2026-03-01",`+
		`"_links":{"self":{"href":"https:\/\/api.bank.example\/v1\/consents\/c1"},"next":{"href":"https://www.bank.example/?to=https%3A%2F%2Fapi.bank.example%2Fx"}},"other":"https://api.bank.example.org","access_token":"`+record.Redacted+`"}`)
	answer.Answer.Header = append(answer.Answer.Header, record.HeaderField{Name: "Location", Value: "https://api.bank.example/v1/consents/c1"},
		record.HeaderField{Name: "Expires", Value: "Sun, 01 Mar 2026 10:00:00 GMT"}, record.HeaderField{Name: "Signature", Value: "x"}, record.HeaderField{Name: "Set-Cookie", Value: record.Redacted})
	p := play(t, answer)
	res, got := p.ask("POST", "/v1/consents", `{"validUntil":"2026-07-01"}`, "X-Request-ID", "mine")
	api := p.At("https://api.bank.example")
	_, token, _ := strings.Cut(got, `"access_token":"`)
	token = strings.TrimSuffix(token, `"}`)
	want := `{"consentId":"c1","validUntil":"2026-12-06","lastActionDate":"2026-06-09T09:00:00Z","for":"9999-12-31","note":"since 2026-03-01",` +
		`"_links":{"self":{"href":"` + strings.ReplaceAll(api, "/", `\/`) + `\/v1\/consents\/c1"},"next":{"href":"` + p.At("https://www.bank.example") + `/?to=` + url.QueryEscape(api) + `%2Fx"}},"other":"https://api.bank.example.org","access_token":"` + token + `"}`
	if got != want || !strings.HasPrefix(token, "replayed-") {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, want := range map[string]string{"X-Request-Id": "mine", "Location": api + "/v1/consents/c1", "Expires": "Tue, 09 Jun 2026 10:00:00 GMT", "Signature": "", "Set-Cookie": "", "Content-Length": fmt.Sprint(len(got))} {
		if res.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, res.Header.Get(name), want)
		}
	}
}

// TestInOrder walks an embedded flow: what was said after the code is not said before it.
func TestInOrder(t *testing.T) {
	t.Parallel()
	const status, authorisation = "/v1/consents/c1/status", "/v1/consents/c1/authorisations/a1"
	p := play(t,
		said("POST", "/v1/consents", `{"recurringIndicator":true}`, 201, `{"consentId":"c1"}`),
		said("GET", status, "", 200, `{"consentStatus":"received"}`),
		said("GET", status, "", 200, `{"consentStatus":"received"}`),
		said("PUT", authorisation, `{"psuData":{"password":"`+record.Redacted+`"}}`, 200, `{"scaStatus":"psuAuthenticated"}`),
		said("PUT", authorisation, `{"scaAuthenticationData":"`+record.Redacted+`"}`, 400, `{"wrong":"code"}`),
		said("PUT", authorisation, `{"scaAuthenticationData":"`+record.Redacted+`"}`, 200, `{"scaStatus":"finalised"}`),
		said("GET", status, "", 200, `{"consentStatus":"valid"}`),
	)
	for range 2 { // a new consent begins it again
		p.gets("POST", "/v1/consents", `{"recurringIndicator":true}`, 201, `{"consentId":"c1"}`)
		for range 3 {
			p.gets("GET", status, "", 200, `{"consentStatus":"received"}`)
		}
		p.gets("PUT", authorisation, `{"psuData":{"password":"mine"}}`, 200, `{"scaStatus":"psuAuthenticated"}`)
		p.gets("PUT", authorisation, `{"scaAuthenticationData":"1"}`, 400, `{"wrong":"code"}`, "X-Request-ID", "r1")
		p.gets("PUT", authorisation, `{"scaAuthenticationData":"1"}`, 400, `{"wrong":"code"}`, "X-Request-ID", "r1")
		p.gets("GET", status, "", 200, `{"consentStatus":"received"}`)
		p.gets("PUT", authorisation, `{"scaAuthenticationData":"2"}`, 200, `{"scaStatus":"finalised"}`)
		p.gets("GET", status, "", 200, `{"consentStatus":"valid"}`)
		p.gets("GET", status, "", 200, `{"consentStatus":"valid"}`)
		p.Restart()
	}
	p.gets("POST", "/v1/consents", `{}`, 201, `{"consentId":"c1"}`)
	for range patience + 1 {
		p.gets("GET", status, "", 200, `{"consentStatus":"received"}`)
	}
	p.gets("GET", status, "", 200, `{"consentStatus":"valid"}`) // a client that needs no code
}

func TestThePageWaitsForItsPerson(t *testing.T) {
	t.Parallel()
	p := play(t,
		said("POST", "/v1/consents", "", 201, `{"consentId":"c1","_links":{"scaRedirect":{"href":"https://www.bank.example/approve?t=`+record.Redacted+`"}}}`),
		said("GET", "/v1/consents/c1/status", "", 200, `{"consentStatus":"rejected"}`),
	)
	p.ask("POST", "/v1/consents", "", "TPP-Redirect-URI", "http://127.0.0.1:9/callback?state=s", "TPP-Nok-Redirect-URI", "http://127.0.0.1:9/callback?state=s&no=1")
	p.gets("GET", "/v1/consents/c1/status", "", 200, `{"consentStatus":"received"}`)
	_, page := p.ask("GET", "/approve?t=x", "", "Accept", "text/html")
	_, link, _ := strings.Cut(page, `<a href="`)
	link, _, _ = strings.Cut(link, `"`)
	res, _ := p.ask("GET", strings.ReplaceAll(link, "&amp;", "&"), "")
	if got := res.Header.Get("Location"); got != "http://127.0.0.1:9/callback?error=access_denied&no=1&state=s" {
		t.Errorf("the page %s leads back to %q", page, got)
	}
	p.gets("GET", "/v1/consents/c1/status", "", 200, `{"consentStatus":"rejected"}`)
	if res, _ := p.ask("GET", returnPath+"?to=https://elsewhere.example/", ""); res.StatusCode != http.StatusBadRequest {
		t.Errorf("it leads elsewhere: %d", res.StatusCode)
	}
}

// TestADeclinedApproval tells what became of it by the consent itself.
func TestADeclinedApproval(t *testing.T) {
	t.Parallel()
	p := play(t,
		said("POST", "/v1/consents", "", 201, `{"consentId":"c1","_links":{"scaRedirect":{"href":"https://www.bank.example/approve"}}}`),
		said("GET", "/v1/consents/c1", "", 200, `{"consentStatus":"rejected"}`),
	)
	p.ask("POST", "/v1/consents", "", "TPP-Redirect-URI", "http://127.0.0.1:9/callback?state=s")
	p.gets("GET", "/v1/consents/c1", "", 200, `{"consentStatus":"received"}`)
	if _, page := p.ask("GET", "/approve", "", "Accept", "text/html"); !strings.Contains(page, "access_denied") {
		t.Errorf("the page leads back as approved: %s", page)
	}
}

func TestWhichOfSeveral(t *testing.T) {
	t.Parallel()
	first := said("GET", "/v1/accounts", "", 200, `{"of":"c1"}`)
	first.Request.Header = []record.HeaderField{{Name: "Consent-Id", Value: "c1"}}
	second := said("GET", "/v1/accounts", "", 200, `{"of":"c2"}`)
	second.Request.Header = []record.HeaderField{{Name: "Consent-Id", Value: "c2"}}
	lost := said("DELETE", "/v1/payments/sepa-credit-transfers/p1", "", 0, "")
	lost.Error = "EOF"
	part := said("GET", "/v1/accounts/a/balances", "", 200, `{"bal`)
	part.Answer.Cut = true
	token := said("POST", "/connect/token", "grant_type=client_credentials&scope=a", 200, `{"access_token":"`+record.Redacted+`"}`)
	refused := said("POST", "/connect/token", "grant_type=client_credentials&scope=b", 400, `{"error":"invalid_scope"}`)
	p := play(t, first, second, lost, part, token, refused,
		said("GET", "/v1/accounts/a/transactions?bookingStatus=booked&dateFrom=2026-01-01", "", 200, `{"page":1}`),
		said("GET", "/v1/accounts/a/transactions?bookingStatus=booked&dateFrom=2026-01-01&page=2", "", 200, `{"page":2}`),
		said("POST", "/v1/payments/sepa-credit-transfers", `{"instructedAmount":{"amount":"1.00"}}`, 201, `{"paymentId":"p1"}`),
		said("POST", "/v1/payments/sepa-credit-transfers", `{"instructedAmount":{"amount":"9.99"}}`, 400, `{"too":"much"}`),
	)
	p.gets("GET", "/v1/accounts", "", 200, `{"of":"c2"}`, "Consent-ID", "c2")
	p.gets("GET", "/v1/accounts", "", 200, `{"of":"c1"}`, "Consent-ID", "c1")
	p.gets("GET", "/v1/accounts/a/transactions?bookingStatus=booked&dateFrom=2026-06-01&page=2", "", 200, `{"page":2}`)
	p.gets("GET", "/v1/accounts/a/transactions?bookingStatus=booked&dateFrom=2026-06-01", "", 200, `{"page":1}`)
	p.gets("POST", "/v1/payments/sepa-credit-transfers", `{"instructedAmount":{"amount":"9.99"}}`, 400, `{"too":"much"}`)
	p.gets("POST", "/elsewhere/token", "grant_type=client_credentials&scope=b", 400, `{"error":"invalid_scope"}`)
	if _, got := p.ask("POST", "/token", "grant_type=refresh_token&refresh_token=x"); !strings.Contains(got, "replayed-") {
		t.Errorf("a token that was not recorded: %s", got)
	}
	if res, err := http.DefaultClient.Do(request(t, "DELETE", p.At("https://api.bank.example")+"/v1/payments/sepa-credit-transfers/p1")); err == nil {
		res.Body.Close()
		t.Errorf("where no answer came there is one: %d", res.StatusCode)
	} else if !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	const refusal = `{"tppMessages":[{"category":"ERROR","code":"SERVICE_INVALID","text":"%s"}]}`
	p.gets("GET", "/v1/accounts/a/balances", "", 501, fmt.Sprintf(refusal, "The recording holds only a part of this answer: GET /v1/accounts/a/balances"))
	for range 2 {
		p.gets("GET", "/v1/accounts/b/transactions?bookingStatus=pending", "", 501, fmt.Sprintf(refusal, "Not in the recording: GET /v1/accounts/b/transactions"))
	}
	p.gets("GET", "/v1/accounts/a/transactions?bookingStatus=pending", "", 501, fmt.Sprintf(refusal, "Not in the recording: GET /v1/accounts/a/transactions"))
	asked := p.Asked()
	if len(asked) != 3 || asked[1].Path != "/v1/accounts/b/transactions" || asked[1].Count != 2 || !asked[2].Part {
		t.Errorf("not recorded: %+v", asked)
	}
	p.gets("DELETE", "/v1/consents/c1", "", 204, "")
	p.gets("GET", "/v1/consents/c1/status", "", 200, `{"consentStatus":"terminatedByTpp"}`)
}

func request(t *testing.T, method, address string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestAnotherNameGetsNothing(t *testing.T) {
	t.Parallel()
	p := play(t, said("GET", "/v1/accounts", "", 200, `{}`))
	req := request(t, "GET", p.At("https://api.bank.example")+"/v1/accounts")
	req.Host = "evil.example"
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a name that leads here got %d", res.StatusCode)
	}
}
