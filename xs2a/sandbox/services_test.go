package sandbox

import (
	"encoding/xml"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"net/http/httptest"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// linked has a person approve a consent at a bank with plain redirect.
func linked(t *testing.T, server *httptest.Server, bank, person string) (*berlin, map[string]string) {
	t.Helper()
	p := newBerlin(t, server.URL, bank)
	made := p.asks(nil)
	newBrowser(t).approve(made.follow("scaRedirect"), people.Find(person))
	return p, map[string]string{"Consent-ID": made.text("consentId")}
}

func TestCardAccounts(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	router := berlinDefinition(t)
	p, with := linked(t, server, "kartenhaus", "lukas")
	p.router = router
	p.readAll(with["Consent-ID"])
	p.cards(with, "-")

	q := newBerlin(t, server.URL, "kortland")
	q.psu, q.router = "mette", router
	made := q.asks(nil)
	known := q.call("PUT", made.follow("updatePsuAuthentication"), password("mette"), nil).want(200)
	q.call("PUT", known.follow("authoriseTransaction"), otp("mette"), nil).want(200)
	q.cards(map[string]string{"Consent-ID": made.text("consentId")}, "")
}

// cards reads the card accounts; debits begin with sign.
func (p *berlin) cards(with map[string]string, sign string) {
	p.t.Helper()
	list := p.call("GET", "/card-accounts", nil, with).want(200).list("cardAccounts")
	if len(list) != 1 || !strings.Contains(list[0]["maskedPan"].(string), "xxxxxx") {
		p.t.Fatalf("card accounts: %v", list)
	}
	path := "/card-accounts/" + list[0]["resourceId"].(string)
	p.call("GET", path, nil, with).want(200)
	p.call("GET", path+"/balances", nil, with).want(200)
	bought := p.call("GET", path+"/transactions?bookingStatus=both&dateFrom=2026-08-01", nil, with).want(200)
	var debits int
	for _, e := range bought.list("cardTransactions.booked") {
		if e["proprietaryBankTransactionCode"] == "CARD" {
			debits++
			amount := e["transactionAmount"].(map[string]any)["amount"].(string)
			if strings.HasPrefix(amount, "-") != (sign == "-") {
				p.t.Errorf("debit of %s", amount)
			}
		}
	}
	if debits == 0 {
		p.t.Errorf("nothing bought: %s", bought.raw)
	}
	for _, acc := range p.call("GET", "/accounts", nil, with).want(200).list("accounts") {
		if res := p.call("GET", "/card-accounts/"+acc["resourceId"].(string), nil, with); res.status != 404 {
			p.t.Errorf("an account among the cards: %d", res.status)
		}
	}
}

func TestReports(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	for at, kind := range map[string]string{"auszughof": bank.Camt053, "fernschreib": bank.MT940} {
		p, with := linked(t, server, at, "lukas")
		id := p.call("GET", "/accounts", nil, with).want(200).list("accounts")[0]["resourceId"].(string)
		path := "/accounts/" + id + "/transactions?bookingStatus=booked&dateFrom=2026-10-01&dateTo=2026-10-31"
		want := len(p.call("GET", path, nil, with).want(200).list("transactions.booked"))
		with["Accept"] = kind
		res := p.call("GET", path, nil, with).want(200)
		if !strings.HasPrefix(res.header.Get("Content-Type"), kind) || want == 0 {
			t.Errorf("%s: %s, %d entries", at, res.header.Get("Content-Type"), want)
		}
		got := 0
		if kind == bank.Camt053 {
			var doc struct {
				Entries []struct{ Amt string } `xml:"BkToCstmrStmt>Stmt>Ntry"`
			}
			if err := xml.Unmarshal(res.raw, &doc); err != nil {
				t.Fatal(err)
			}
			got = len(doc.Entries)
		} else {
			got = len(regexp.MustCompile(`(?m)^:61:\d{10}[CD]\d+,\d\dNTRF\S+\r$`).FindAll(res.raw, -1))
		}
		if got != want {
			t.Errorf("%s: %d entries, JSON has %d\n%s", at, got, want, res.raw)
		}
		other := p.call("GET", "/accounts", nil, with)
		if other.status != 406 || other.code() != "REQUESTED_FORMATS_INVALID" {
			t.Errorf("%s elsewhere: %d %s", kind, other.status, other.raw)
		}
	}
}

func TestHistory(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p, with := linked(t, server, "kurzblick", "lukas")
	id := p.call("GET", "/accounts", nil, with).want(200).list("accounts")[0]["resourceId"].(string)
	path := "/accounts/" + id + "/transactions?bookingStatus=booked&dateFrom=2026-01-01"
	p.call("GET", path, nil, with).want(200)
	c.pass(2 * time.Hour)
	if res := p.call("GET", path, nil, with); res.status != 400 || res.code() != "PERIOD_INVALID" {
		t.Errorf("two hours later: %d %s", res.status, res.raw)
	}
	with["PSU-IP-Address"] = ""
	for range dailyReads {
		p.call("GET", "/accounts", nil, with).want(200)
	}
	if res := p.call("GET", "/accounts", nil, with); res.status != 429 || res.header.Get("Retry-After") != "" {
		t.Errorf("once too often: %d %q", res.status, res.header.Get("Retry-After"))
	}
}

func TestProducts(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newBerlin(t, server.URL, "")
	p.root = server.URL + "/bog/v1/banking/products"
	for path, want := range map[string]int{"/en": 10, "/ge?page=1&page-size=7": 7, "/en?page=3": 0, "/en/deposits?page-size=100": 16, "/ge/personal-loans?page-size=100": 12} {
		if got := len(p.call("GET", path, nil, nil).want(200).list("products")); got != want {
			t.Errorf("%s: %d products, want %d", path, got, want)
		}
	}
	seen := 0
	for next := "/en?page-size=9"; next != ""; {
		res := p.call("GET", next, nil, nil).want(200)
		seen += len(res.list("products"))
		next = res.text("_links.next.href")
	}
	if seen != 30 {
		t.Errorf("%d products page by page", seen)
	}
	for _, path := range []string{"/sv", "/en?page=-1", "/en?page-size=0", "/en?page=x"} {
		if res := p.call("GET", path, nil, nil); res.status != 400 {
			t.Errorf("%s: %d", path, res.status)
		}
	}
}

func TestRefresh(t *testing.T) {
	server, s, c := startSigned(t)
	p := newBerlin(t, server.URL, "")
	p.root = server.URL + "/saltedge/saltsjon_se/api/berlingroup/v1"
	p.header = map[string]string{"TPP-Redirect-Preferred": "true"}
	p.sign = func(r *http.Request, body []byte) {
		r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
		names := []string{"digest", "date", "x-request-id"}
		if strings.HasSuffix(r.URL.Path, "/consents") {
			names = append(names, "tpp-redirect-uri")
		}
		s.cavage(r, body, s.keyID("CA/"), "Signature ", true, names...)
	}
	made := p.asks(nil)
	newBrowser(t).approve(made.follow("scaRedirect"), people.Find("astrid"))
	with := map[string]string{"Consent-ID": made.text("consentId")}
	status := func() string {
		return p.call("GET", "/accounts/refresh/status", nil, with).want(200).text("status")
	}
	ask := func(attended bool) result {
		return p.call("POST", "/accounts/refresh", map[string]any{"initiatedByCustomer": attended}, with)
	}
	if got := status(); got != refreshNone {
		t.Errorf("before: %s", got)
	}
	ask(false).want(200)
	if got := ask(true); got.status != 406 || got.text("error_class") != "ActionNotAllowed" {
		t.Errorf("at once again: %d %s", got.status, got.raw)
	}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, refreshQueued}, {3 * time.Second, refreshFetching}, {4 * time.Second, refreshFinished}} {
		c.pass(step.after)
		if got := status(); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
	if got := ask(false); got.status != 429 || got.text("error_class") != "AccessExceeded" {
		t.Errorf("without the person again: %d %s", got.status, got.raw)
	}
	ask(true).want(200)
}

// Each quirky bank answers in forms that are not the definition's, and can be
// walked to the end all the same.
func TestQuirks(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	reads := func(p *berlin, consent string) map[string]string {
		with := map[string]string{"Consent-ID": consent}
		seen := map[string]string{}
		accounts := p.call("GET", "/accounts?withBalance=true", nil, with).want(200)
		seen["accounts"] = string(accounts.raw)
		id := regexp.MustCompile(`"resourceId":"([^"]+)"`).FindStringSubmatch(string(accounts.raw))[1]
		for name, path := range map[string]string{"account": "", "balances": "/balances", "transactions": "/transactions?bookingStatus=both&dateFrom=2026-01-01"} {
			seen[name] = string(p.call("GET", "/accounts/"+id+path, nil, with).want(200).raw)
		}
		seen["consent"] = string(p.call("GET", "/consents/"+consent, nil, nil).want(200).raw)
		missing := p.call("GET", "/consents/"+newID(), nil, nil).want(403)
		seen["error"] = missing.header.Get("Content-Type") + " " + string(missing.raw)
		return seen
	}
	for bank, expect := range map[string]map[string]string{
		"kruemel":    {"account": `"balances":"http`, "error": `^ $`},
		"zahlenwirr": {"consent": `"recurringIndicator":"true"`, "transactions": `"amount":-?\d+\.\d\d[,}].*"creditorAccount":null`, "error": `^application/problem\+json .*CONSENT_UNKNOWN`},
		"huellenlos": {"accounts": `^\[`, "account": `^{"_links"`, "error": `{"tppMessage":`},
		"datumsfroh": {"transactions": `"bookingDate":"\d{4}-\d\d-\d\dT00:00:00".*"transactionId":" "`, "balances": `"authorised"`, "accounts": `"dormant"`, "error": `^application/json \[`},
		"ringlauf":   {"transactions": `"next":{"href":"http`},
		"umleiter":   {"accounts": `"accounts":\[`},
		"pfadlos":    {"account": `"href":"/accounts/`, "transactions": `^{"_links":{"next":.*"amount":"\d`, "error": `^text/html <html>`},
	} {
		p := newBerlin(t, server.URL, bank)
		p.psu = "lukas"
		p.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		made := p.call("POST", "/consents", consentBody(chosenAtBank()), nil)
		switch bank {
		case "huellenlos":
			made.want(200)
			known := p.call("PUT", made.follow("updatePsuAuthentication"), password("lukas"), nil).want(200)
			if known.text("scatransactionStatus") != scaMethodSelected || known.follow("scaStatus") == "" {
				t.Errorf("%s", known.raw)
			}
			p.call("PUT", known.follow("authoriseTransaction"), otp("lukas"), nil).want(200)
		case "umleiter":
			made.want(http.StatusFound)
			newBrowser(t).approve(made.header.Get("Location"), people.Find("lukas"))
		case "kruemel":
			if location := made.header.Get("Location"); !strings.HasPrefix(location, `{"href"`) {
				t.Errorf("Location %s", location)
			}
			newBrowser(t).approve(made.text("_links.scaRedirect"), people.Find("lukas"))
			p.call("GET", made.text("_links.scaStatus"), nil, nil).want(404)
		default:
			newBrowser(t).approve(made.follow("scaRedirect"), people.Find("lukas"))
		}
		seen := reads(p, made.text("consentId"))
		for what, pattern := range expect {
			if !regexp.MustCompile(pattern).MatchString(seen[what]) {
				t.Errorf("%s: %s is not like %s:\n%.600s", bank, what, pattern, seen[what])
			}
		}
	}
}
