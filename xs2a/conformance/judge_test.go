package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a/record"
)

const id = "99391c7e-ad88-49ec-a2ad-99ddcb1f7721"

func jsonMessage(body string, more ...record.HeaderField) record.Message {
	return record.Message{Body: body, Size: int64(len(body)), Header: append(more, record.HeaderField{Name: "Content-Type", Value: "application/json"}, record.HeaderField{Name: "X-Request-Id", Value: id})}
}

func header(pairs ...string) (all []record.HeaderField) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, record.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return all
}

// balances are asked for, and told, as the Berlin Group has it.
func balances(body string) record.Exchange {
	return record.Exchange{
		Method: "GET", URL: "https://bank.example/xs2a/v1/accounts/7/balances", Status: 200,
		Request: record.Message{Header: header("X-Request-Id", id, "Consent-Id", "c")},
		Answer:  jsonMessage(body),
	}
}

func consent(body string) record.Exchange {
	return record.Exchange{
		Method: "POST", URL: "https://bank.example/v1/consents", Status: 201,
		Request: jsonMessage(body, header("Psu-Ip-Address", "2001:db8::1")...),
		Answer:  jsonMessage(`{"consentStatus":"received","consentId":"c","_links":{"scaRedirect":{"href":"https://bank.example/x"}}}`, header("Location", "/v1/consents/c", "Aspsp-Sca-Approach", "REDIRECT")...),
	}
}

const goodBalances = `{"balances":[{"balanceType":"closingBooked","balanceAmount":{"currency":"EUR","amount":"500.00"}}]}`
const goodConsent = `{"access":{"accounts":[{"iban":"DE40100100103307118608"}]},"recurringIndicator":true,"validUntil":"2026-11-01","frequencyPerDay":4,"combinedServiceIndicator":false}`

// TestJudge holds one exchange for each rule, with a single mistake, and those that have none.
func TestJudge(t *testing.T) {
	bad := func(old, new string) record.Exchange { return balances(strings.Replace(goodBalances, old, new, 1)) }
	asked := func(old, new string) record.Exchange { return consent(strings.Replace(goodConsent, old, new, 1)) }
	with := func(e record.Exchange, change func(*record.Exchange)) record.Exchange {
		change(&e)
		return e
	}
	for name, test := range map[string]struct {
		e    record.Exchange
		want string // the violation's place, rule and value
	}{
		"as it is to be":           {balances(goodBalances), ""},
		"a consent as it is to be": {consent(goodConsent), ""},
		"a pattern":                {bad(`500.00`, `1,50`), "answer body /balances/0/balanceAmount/amount pattern `1,50`"},
		"a number for a text":      {bad(`"500.00"`, `500.00`), "answer body /balances/0/balanceAmount/amount type 500.00"},
		"an unknown value":         {bad(`closingBooked`, `closed`), "answer body /balances/0/balanceType enum `closed`"},
		"something missing":        {bad(`"currency":"EUR",`, ``), "answer body /balances/0/balanceAmount/currency required "},
		"null":                     {bad(`"closingBooked"`, `null`), "answer body /balances/0/balanceType enum null"},
		"null for a text":          {bad(`"500.00"`, `null`), "answer body /balances/0/balanceAmount/amount nullable null"},
		"an object for a list":     {balances(`{"balances":{}}`), "answer body /balances type {}"},
		"no JSON":                  {balances(`<html>`), "answer body json <html>"},
		"two values":               {balances(`{} {}`), "answer body json {} {}"},
		"no body":                  {balances(``), "answer body body "},
		"a status":                 {with(balances(goodBalances), func(e *record.Exchange) { e.Status = 418 }), "answer status status 418"},
		"a media type":             {with(balances(goodBalances), func(e *record.Exchange) { e.Answer.Header[0].Value = "text/html" }), "answer header Content-Type mediaType text/html"},
		"no number in the answer":  {with(balances(goodBalances), func(e *record.Exchange) { e.Answer.Header = e.Answer.Header[:1] }), "answer header X-Request-ID required "},
		"a number that is no UUID": {with(balances(goodBalances), func(e *record.Exchange) { e.Request.Header[0].Value = "7" }), "request header X-Request-ID format 7"},
		"no consent":               {with(balances(goodBalances), func(e *record.Exchange) { e.Request.Header = e.Request.Header[:1] }), "request header Consent-ID required "},
		"a method":                 {with(balances(goodBalances), func(e *record.Exchange) { e.Method = "PUT" }), "request address method PUT"},
		"a body where none is":     {with(balances(goodBalances), func(e *record.Exchange) { e.Request.Body = "{}" }), "request body noBody {}"},
		"a day":                    {asked(`2026-11-01`, `01.11.2026`), "request body /validUntil format `01.11.2026`"},
		"a text for a flag":        {asked(`true`, `"true"`), "request body /recurringIndicator type `true`"},
		"too little":               {asked(`:4`, `:0`), "request body /frequencyPerDay minimum 0"},
		"a flag in the address": {with(balances(goodBalances), func(e *record.Exchange) {
			e.URL = "https://b.example/v1/accounts?withBalance=yes"
			e.Answer.Body = `{"accounts":[]}`
		}), "request query withBalance type yes"},
		"too long": {with(consent(goodConsent), func(e *record.Exchange) {
			e.Answer.Body = strings.Replace(e.Answer.Body, `{`, `{"psuMessage":"`+strings.Repeat("x", 501)+`",`, 1)
		}), "answer body /psuMessage maxLength `" + strings.Repeat("x", longest-1) + "…"},
		"Georgian products": {with(balances(""), func(e *record.Exchange) {
			e.URL = "https://b.example/v1/payments/domestic/7/status"
			e.Answer = jsonMessage(`{"transactionStatus":"ACSC"}`)
		}), ""},
		"without a version":         {with(balances(goodBalances), func(e *record.Exchange) { e.URL = "https://bank.example/accounts/7/balances" }), ""},
		"a secret where a form was": {bad(`closingBooked`, record.Redacted), ""},
		"a secret for an object":    {bad(`{"currency":"EUR","amount":"500.00"}`, `"`+record.Redacted+`"`), ""},
		"a secret in a header":      {with(balances(goodBalances), func(e *record.Exchange) { e.Request.Header[0].Value = record.Redacted }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Judge(test.e, "bankofgeorgia")
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, len(v.Violations))
			for i, each := range v.Violations {
				got[i] = fmt.Sprintf("%s %s %s", each.Place, each.Rule, each.Value)
				if !strings.HasPrefix(each.Clause, "#/") {
					t.Errorf("the clause of %s is %q", each, each.Clause)
				}
			}
			if want := strings.ReplaceAll(test.want, "`", `"`); strings.Join(got, "\n") != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if v.Operation == "" {
				t.Error("no operation was found")
			}
			if redacted := strings.Contains(test.e.Answer.Body+test.e.Request.Header[0].Value, record.Redacted); redacted != slices.ContainsFunc(v.Unseen, func(u Unseen) bool { return u.Why == WhySecret }) {
				t.Errorf("not looked at: %+v", v.Unseen)
			}
		})
	}
}

// payment is an order by Open Payments' definition.
func payment(more string) record.Exchange {
	return record.Exchange{
		Method: "POST", URL: "https://bank.example/psd2/paymentinitiation/v1/payments/swedish-giro", Status: 201,
		Request: jsonMessage(`{"debtorAccount":{"iban":"SE4550000000058398257466"},"instructedAmount":{"currency":"SEK","amount":"1.00"},"creditorGiro":{"giroNumber":"524-7472","giroType":"BANKGIRO"},"creditorName":"A",`+more+`}`,
			header("Psu-Ip-Address", "127.0.0.1", "X-Bicfi", "DALBSEF0")...),
		Answer: jsonMessage(`{"transactionStatus":"RCVD","paymentId":"p","_links":{"scaRedirect":{"href":"https://bank.example/x"}}}`, header("Location", "/p", "Aspsp-Sca-Approach", "REDIRECT")...),
	}
}

// TestRulesOfRequests holds what stands in no answer: with TestEachRuleIsFound of app, each rule
// is broken somewhere.
func TestRulesOfRequests(t *testing.T) {
	basket := consent(`{"paymentIds":[]}`)
	basket.URL = "https://bank.example/v1/signing-baskets"
	basket.Answer.Body = `{"transactionStatus":"RCVD","basketId":"b","_links":{"scaRedirect":{"href":"https://bank.example/x"}}}`
	standing := consent(`{"debtorAccount":{"iban":"DE40100100103307118608"},"instructedAmount":{"currency":"EUR","amount":"1.00"},"creditorAccount":{"iban":"DE40100100103307118608"},"creditorName":"A","startDate":"2026-11-01","frequency":"MonthlyVariable","monthsOfExecution":["1","2","3","4","5","6","7","8","9","10","11","12"]}`)
	standing.URL = "https://bank.example/v1/periodic-payments/sepa-credit-transfers"
	standing.Answer.Body = `{"transactionStatus":"RCVD","paymentId":"p","_links":{"scaRedirect":{"href":"https://bank.example/x"}}}`
	for name, test := range map[string]struct {
		dialect string
		e       record.Exchange
		want    Violation // Rule and Place
	}{
		"too short":        {"openpayments", payment(`"invoiceRef":"1234"`), Violation{Place: Place{Request, InBody, "/invoiceRef"}, Rule: RuleShort}},
		"two forms":        {"openpayments", payment(`"invoiceRef":"12345","ocrRef":"12345"`), Violation{Place: Place{Request, InBody, ""}, Rule: RuleForm}},
		"too few elements": {"berlingroup", basket, Violation{Place: Place{Request, InBody, "/paymentIds"}, Rule: RuleFew}},
		"too many":         {"berlingroup", standing, Violation{Place: Place{Request, InBody, "/monthsOfExecution"}, Rule: RuleMany}},
	} {
		v, err := Judge(test.e, test.dialect)
		if err != nil || len(v.Violations) != 1 || v.Violations[0].Place != test.want.Place || v.Violations[0].Rule != test.want.Rule {
			t.Errorf("%s: %v, %v", name, v.Violations, err)
		}
	}
	if v, err := Judge(payment(`"invoiceRef":"12345"`), "openpayments"); err != nil || len(v.Violations) > 0 {
		t.Errorf("as it is to be: %v, %v", v.Violations, err)
	}
}

// TestCutAnywhere holds a body that was cut at each of its bytes: what is not there any
// more is not missing, what is wrong before the cut is found, and the verdict says that
// there was a cut.
func TestCutAnywhere(t *testing.T) {
	const wrong = `"closed"`
	body := strings.Replace(goodBalances, `"closingBooked"`, wrong, 1)
	behind := strings.Index(body, wrong) + len(wrong)
	for at := 1; at < len(body); at++ {
		e := balances(body[:at])
		e.Answer.Cut = true
		v, err := Judge(e, "berlingroup")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(v.Unseen, Unseen{Place{Answer, InBody, ""}, WhyCut}) {
			t.Errorf("%q: not looked at: %+v", body[:at], v.Unseen)
		}
		want := 0
		if at >= behind {
			want = 1
		}
		if len(v.Violations) != want {
			t.Errorf("%q: %v", body[:at], v.Violations)
		}
	}
	for _, text := range []string{"<html><body>", `{"balances":}`, `{"balances":[}`, `]`, `{]`} {
		e := balances(text)
		e.Answer.Cut = true
		if v, err := Judge(e, "berlingroup"); err != nil || len(v.Violations) != 1 || v.Violations[0].Rule != RuleJSON {
			t.Errorf("%s: %v, %v", text, v.Violations, err)
		}
	}
}

// TestNotLookedAt says why, where something could not be held to the definition.
func TestNotLookedAt(t *testing.T) {
	body := Place{Answer, InBody, ""}
	for name, test := range map[string]struct {
		dialect string
		change  func(*record.Exchange)
		want    Unseen
	}{
		"no answer":          {"berlingroup", func(e *record.Exchange) { e.Status, e.Answer = 0, record.Message{} }, Unseen{body, WhyNoAnswer}},
		"half an answer":     {"berlingroup", func(e *record.Exchange) { e.Error, e.Answer.Body = "cut", `{"bal` }, Unseen{body, WhyNoAnswer}},
		"a body let go":      {"berlingroup", func(e *record.Exchange) { e.Answer.Body, e.Answer.BodyLetGo = "", true }, Unseen{body, WhyLetGo}},
		"a header let go":    {"berlingroup", func(e *record.Exchange) { e.Answer.Header, e.Answer.HeaderLetGo = e.Answer.Header[1:], true }, Unseen{Place{Answer, InHeader, ""}, WhyLetGo}},
		"a picture":          {"berlingroup", func(e *record.Exchange) { e.Answer.Body, e.Answer.Binary = "", true }, Unseen{body, WhyBinary}},
		"words of their own": {"saltedge", func(e *record.Exchange) { e.Answer.Body = `{"error_class":"X"}` }, Unseen{body, WhyOwnWords}},
		"camt": {"berlingroup", func(e *record.Exchange) {
			e.URL = "https://bank.example/v1/accounts/7/transactions?bookingStatus=booked"
			e.Answer.Header[0].Value, e.Answer.Body = "application/xml", "<Document/>"
		}, Unseen{body, WhyNotJSON}},
	} {
		e := balances(goodBalances)
		test.change(&e)
		v, err := Judge(e, test.dialect)
		if err != nil || len(v.Violations) > 0 || !slices.Contains(v.Unseen, test.want) {
			t.Errorf("%s: %v, %+v, %v", name, v.Violations, v.Unseen, err)
		}
	}
}

// TestNoMatter has exchanges that are no definition's matter.
func TestNoMatter(t *testing.T) {
	for _, address := range []string{
		"https://b.example/oauth/token", "https://b.example/.well-known/oauth-authorization-server/v1/accounts", "https://b.example/bog/v1/banking/products/ge",
		"https://b.example/saltedge/x/api/berlingroup/v1/accounts/refresh/status", "https://b.example/logos/a.svg", "https://b.example/", "https://b.example",
	} {
		for dialect := range dialects {
			if v, err := Judge(record.Exchange{Method: "GET", URL: address, Status: 200}, dialect); err != nil || v.Outcome() != Undefined {
				t.Errorf("%s, %s: %+v, %v", address, dialect, v, err)
			}
		}
	}
	if v, err := Judge(balances(goodBalances), "another"); err != nil || v.Source != nil {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestManyViolations names so many, and counts the rest.
func TestManyViolations(t *testing.T) {
	one := `{"balanceType":"x","balanceAmount":{"currency":"EUR","amount":"1"}}`
	v, err := Judge(balances(`{"balances":[`+strings.Repeat(one+",", 99)+one+`]}`), "berlingroup")
	if err != nil || len(v.Violations) != most || v.More != 100-most {
		t.Errorf("%d and %d more, %v", len(v.Violations), v.More, err)
	}
}

// TestDefinitionsAreLetGo: what nobody needs for a while is not held, and read again when it is.
func TestDefinitionsAreLetGo(t *testing.T) {
	var s shelf
	first, err := s.of(&BerlinGroup)
	if err != nil {
		t.Fatal(err)
	}
	if s.letGo(); s.read == nil {
		t.Error("let go while it was in use")
	}
	s.used = s.used.Add(-idle)
	s.letGo()
	if s.read != nil || s.wait != nil {
		t.Error("not let go")
	}
	if again, err := s.of(&BerlinGroup); err != nil || again == first {
		t.Error("not read again", err)
	}
	s.wait.Stop()
}
