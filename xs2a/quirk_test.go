package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// read is what a row of the table makes of an answer: what was understood,
// printed, and the part that is kept as it came; nil where none is.
type read func(t *testing.T, wire string) (understood any, raw []byte, err error)

func entry(pick func(Transaction) any) read {
	return func(_ *testing.T, wire string) (any, []byte, error) {
		page, err := DecodeTransactions([]byte(`{"transactions":{"booked":[` + wire + `]}}`))
		if err != nil {
			return nil, nil, err
		}
		return pick(page.Booked[0]), page.Booked[0].Raw, nil
	}
}

func entries(_ *testing.T, wire string) (any, []byte, error) {
	page, err := DecodeTransactions([]byte(wire))
	var booked, pending []string
	for _, t := range page.Booked {
		booked = append(booked, t.ID+" "+t.Amount.Number)
	}
	for _, t := range page.Pending {
		pending = append(pending, t.ID+" "+t.Amount.Number)
	}
	return fmt.Sprintf("%q %q next %s", booked, pending, page.Next), nil, err
}

func report(mediaType string) read {
	return func(_ *testing.T, wire string) (any, []byte, error) {
		page, err := DecodeReport(mediaType, []byte(wire))
		if err != nil {
			return nil, nil, err
		}
		return fmt.Sprint(len(page.Booked), " ", page.Booked[0].Amount.Number), page.Booked[0].Raw, nil
	}
}

func accounts(pick func(Account) any) read {
	return func(t *testing.T, wire string) (any, []byte, error) {
		all, err := sends(t, http.StatusOK, wire).Accounts(t.Context(), Call{}, true)
		if err != nil {
			return nil, nil, err
		}
		var picked []any
		for _, a := range all {
			picked = append(picked, pick(a))
		}
		return picked, all[0].Raw, nil
	}
}

func balances(t *testing.T, wire string) (any, []byte, error) {
	all, err := sends(t, http.StatusOK, wire).Balances(t.Context(), Call{}, "1")
	var picked []string
	for _, b := range all {
		picked = append(picked, strings.Join([]string{b.Type, b.Amount.Number, b.Amount.Currency, b.ReferenceDate, b.LastChange}, "|"))
	}
	if err != nil {
		return nil, nil, err
	}
	return picked, all[0].Raw, nil
}

func consent(pick func(ConsentInformation) any) read {
	return func(t *testing.T, wire string) (any, []byte, error) {
		c, err := sends(t, http.StatusOK, wire).Consent(t.Context(), Call{}, "1")
		return pick(c), c.Raw, err
	}
}

// sca reads an answer about an authorisation; the wire may begin with lines of
// a header and an empty line.
func sca(pick func(SCAAnswer) any) read {
	return func(t *testing.T, wire string) (any, []byte, error) {
		header, body, headed := strings.Cut(wire, "\n\n")
		if !headed {
			header, body = "", wire
		}
		client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
			if name, value, set := strings.Cut(header, ": "); set {
				w.Header()[name] = []string{value} // in the case it is written in
			}
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, body)
		})
		_, answer, err := client.CreateConsent(t.Context(), Call{}, ConsentRequest{}, Return{})
		return pick(answer), nil, err
	}
}

// refusal reads an error; the wire begins with its status and, after a blank,
// the value of Retry-After.
func refusal(t *testing.T, wire string) (any, []byte, error) {
	var status int
	head, body, _ := strings.Cut(wire, "\n")
	number, again, _ := strings.Cut(head, " ")
	if _, err := fmt.Sscan(number, &status); err != nil {
		return nil, nil, err
	}
	client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		if again != "" {
			w.Header().Set("Retry-After", again)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
	_, err := client.Accounts(t.Context(), Call{}, false)
	var refused *Error
	if !errors.As(err, &refused) {
		return nil, nil, fmt.Errorf("no refusal: %w", err)
	}
	return fmt.Sprint(refused.Status, " ", refused.Code, " ", refused.RetryAfter), []byte(refused.Body), nil
}

func sends(t testing.TB, status int, body string) *Client {
	return bank(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

func deletes(t *testing.T, wire string) (any, []byte, error) {
	var status int
	if _, err := fmt.Sscan(wire, &status); err != nil {
		return nil, nil, err
	}
	return "gone", nil, sends(t, status, "").DeleteConsent(t.Context(), Call{}, "1")
}

// leads reads where an answer to a new consent leads the person; the wire is
// status, Location and body, the last after an empty line.
func leads(t *testing.T, wire string) (any, []byte, error) {
	var status int
	var to string
	head, body, _ := strings.Cut(wire, "\n\n")
	if _, err := fmt.Sscan(head, &status, &to); err != nil {
		return nil, nil, err
	}
	client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
	_, answer, err := client.CreateConsent(t.Context(), Call{}, ConsentRequest{}, Return{})
	next := NextStep(answer)
	return string(next.Step) + " " + next.Link, nil, err
}

func locations(_ *testing.T, wire string) (any, []byte, error) {
	return location(http.Header{"Location": {wire}}), nil, nil
}

func exchange(t *testing.T, wire string) (any, []byte, error) {
	token, err := sends(t, http.StatusOK, "").ExchangeCode(t.Context(), "code", Grant{Verifier: wire})
	if err != nil {
		return nil, nil, err
	}
	return token.AccessToken + token.RefreshToken, nil, nil
}

const sek = `"transactionAmount":{"amount":"1","currency":"SEK"}`

// quirks are the forms seen in the field, by the first column of the list.
var quirks = []struct {
	line string
	wire string
	read read
	want any
}{
	{"flags and counts as text", `{"consentStatus":"valid","recurringIndicator":"true","frequencyPerDay":"4"}`,
		consent(func(c ConsentInformation) any { return fmt.Sprint(c.Recurring, c.FrequencyPerDay) }), "true 4"},
	{"flags and counts as text", `{"consentStatus":"valid","recurringIndicator":" False ","frequencyPerDay":4}`,
		consent(func(c ConsentInformation) any { return fmt.Sprint(c.Recurring, c.FrequencyPerDay) }), "false 4"},

	{"amounts", `{"transactions":{"booked":[{"transactionAmount":{"amount":"-123.50"}},{"transactionAmount":{"amount":-123.5}},{"transactionAmount":{"amount":"5166"}},{"transactionAmount":{"amount":"692.0"}},{"transactionAmount":{"amount":"1.10 "}}]}}`,
		entries, `[" -123.50" " -123.5" " 5166" " 692.0" " 1.10"] [] next `},
	{"amounts", ":20:A\n:60F:C240101EUR1,00\n:61:240102D692,NMSC\n", report("text/plain"), "1 -692"},

	{"links", `{"consentId":"1","_links":{"self":{"href":"https://bank.example/v1/c/1"},"status":"/c/1/status","scaOAuth":{"href":null},"scaStatus":{"href":" v2/c/1/a/2 "},"next":null,"odd":[]}}`,
		sca(func(a SCAAnswer) any { return a.Links }), Links{"self": "https://bank.example/v1/c/1", "status": "/c/1/status", "scaStatus": "v2/c/1/a/2"}},
	{"links", `{"consentId":"1","_links":[]}`, sca(func(a SCAAnswer) any { return a.Links }), Links{}},
	{"links", `{"transactions":{"booked":[],"_links":{"next":{"href":null}}},"_links":{"next":"/p/2"}}`, entries, `[] [] next /p/2`},

	{"`Location` header", ` https://bank.example/c/1 `, locations, "https://bank.example/c/1"},
	{"`Location` header", `{"href": "/c/1"}`, locations, "/c/1"},
	{"`Location` header", `{"href": null}`, locations, ""},

	{"header case", "ASPSP-SCA-Approach: redirect\n\n" + `{"consentId":"1"}`, sca(func(a SCAAnswer) any { return a.Approach }), "REDIRECT"},
	{"header case", "Aspsp-Sca-Approach: DECOUPLED\n\n" + `{"consentId":"1"}`, sca(func(a SCAAnswer) any { return a.Approach }), "DECOUPLED"},
	{"header case", "aspsp-sca-approach: EMBEDDED\n\n" + `{"consentId":"1"}`, sca(func(a SCAAnswer) any { return a.Approach }), "EMBEDDED"},

	{"redirect link", `{"consentId":"1","consentStatus":"accepted","_links":{"self":"/c/1"}}`,
		sca(func(a SCAAnswer) any { return string(a.ConsentStatus) + a.Links["scaRedirect"] }), "accepted"},
	{"redirect link", `{"consentId":"1","consentStatus":"received","_links":{"scaRedirect":"https://bank.example/"}}`,
		sca(func(a SCAAnswer) any { return a.Links["scaRedirect"] }), "https://bank.example/"},

	{"wrappers", `[{"resourceId":"1"}]`, accounts(func(a Account) any { return a.ResourceID }), []any{"1"}},
	{"wrappers", `{"accounts":[{"resourceId":"1"}]}`, accounts(func(a Account) any { return a.ResourceID }), []any{"1"}},
	{"wrappers", `{"booked":[{"transactionId":"b",` + sek + `}],"pending":[{"transactionId":"p",` + sek + `}]}`, entries, `["b 1"] ["p 1"] next `},
	{"wrappers", `{"transactions":[{"transactionId":"b","bookingDate":"2024-05-01",` + sek + `},{"transactionId":"p",` + sek + `},{"transactionId":"q","bookingStatus":"pending","bookingDate":"2024-05-01",` + sek + `}]}`,
		entries, `["b 1"] ["p 1" "q 1"] next `},
	{"wrappers", `[{"transactionId":"b","bookingStatus":"BOOKED",` + sek + `}]`, entries, `["b 1"] [] next `},
	{"wrappers", "403\n" + `{"tppMessages":[{"category":"ERROR","code":"SERVICE_BLOCKED"}]}`, refusal, "403 SERVICE_BLOCKED 0s"},
	{"wrappers", "403\n" + `{"tppMessage":{"category":"ERROR","code":"SERVICE_BLOCKED"}}`, refusal, "403 SERVICE_BLOCKED 0s"},
	{"wrappers", "403\n" + `[{"category":"ERROR","code":"SERVICE_BLOCKED"}]`, refusal, "403 SERVICE_BLOCKED 0s"},

	{"nulls", `{"transactionId":null,"bookingDate":null,"valueDate":null,"creditorAccount":null,"debtorName":null,"remittanceInformationUnstructured":null,"remittanceInformationUnstructuredArray":null,"creditDebitIndicator":null,` + sek + `}`,
		entry(func(t Transaction) any { return t.ID + t.Date() + t.CreditorAccount + t.Remittance }), ""},
	{"nulls", `{"transactions":{"booked":null,"pending":[null],"_links":null},"balances":null,"_links":null}`, entries, `[] [] next `},
	{"nulls", `{"accounts":[{"resourceId":"1","iban":null,"name":null,"balances":null,"_links":null}]}`, accounts(func(a Account) any { return a.IBAN }), []any{""}},
	{"nulls", `{"balances":[{"balanceAmount":{"amount":"1","currency":null},"balanceType":null,"referenceDate":null,"lastChangeDateTime":null,"creditLimitIncluded":null}]}`, balances, []string{"|1|||"}},
	{"nulls", `{"consentStatus":null,"access":null,"recurringIndicator":null,"validUntil":null,"frequencyPerDay":null}`,
		consent(func(c ConsentInformation) any {
			return fmt.Sprint(c.Status, c.Recurring, c.ValidUntil, c.FrequencyPerDay)
		}), "false0"},
	{"nulls", `{"consentId":"1","scaMethods":null,"_links":null,"psuMessage":null,"scaStatus":null}`, sca(func(a SCAAnswer) any { return len(a.Methods) + len(a.Links) }), 0},

	{"dates", `{"bookingDate":"2024-05-01","valueDate":"2024-05-02T00:00:00",` + sek + `}`, entry(func(t Transaction) any { return t.BookingDate + t.ValueDate }), "2024-05-012024-05-02"},
	{"dates", `{"bookingDate":"2024-05-01T23:59:59.9Z","valueDate":"2024-05-02 00:00:00+0200",` + sek + `}`, entry(func(t Transaction) any { return t.BookingDate + t.ValueDate }), "2024-05-012024-05-02"},
	{"dates", `{"bookingDate":"2024-05-01Z","valueDate":"2024-05-02+02:00",` + sek + `}`, entry(func(t Transaction) any { return t.BookingDate + t.ValueDate }), "2024-05-012024-05-02"},
	{"dates", `{"bookingDate":"2099-01-01",` + sek + `}`, entry(func(t Transaction) any { return t.BookingDate }), "2099-01-01"},
	{"dates", `[{"balanceAmount":{"amount":"1","currency":"SEK"},"lastChangeDateTime":"2024-05-01T10:00:00","referenceDate":"2024-05-01T00:00:00"}]`, balances, []string{"|1|SEK|2024-05-01|2024-05-01T10:00:00"}},

	{"ids", `{"transactions":{"booked":[{` + sek + `},{"transactionId":" ",` + sek + `},{"transactionId":"NOTPROVIDED",` + sek + `},{"transactionId":"NOTPROVIDED",` + sek + `},{"transactionId":17,` + sek + `}],"pending":[{"transactionId":"p17",` + sek + `}]}}`,
		entries, `[" 1" " 1" "NOTPROVIDED 1" "NOTPROVIDED 1" "17 1"] ["p17 1"] next `},
	{"ids", `[{"resourceId":"new","iban":"SE45 5000 0000 0583 9825 7466","currency":"SEK"},{"resourceId":"newer","iban":"SE4550000000058398257466","currency":"SEK"}]`,
		accounts(func(a Account) any { return a.Key() }), []any{"iban:SE4550000000058398257466:SEK", "iban:SE4550000000058398257466:SEK"}},

	{"sign", `{"transactions":{"booked":[{"creditorName":"Shop",` + sek + `},{"debtorName":"Employer",` + sek + `}]}}`, entries, `[" -1" " 1"] [] next `},
	{"sign", `{"transactions":{"booked":[{"transactionAmount":{"amount":"-2"}}],"pending":[{"creditorName":"Shop",` + sek + `}]}}`, entries, `[" -2"] [" -1"] next `},

	{"balances", `{"balances":[{"balanceAmount":{"amount":"1","currency":"SEK"}},{"balanceAmount":{"amount":"2","currency":"SEK"},"balanceType":"expected"},{"balanceAmount":{"amount":"3","currency":"EUR"},"balanceType":"expected"},{"balanceAmount":{"amount":"4","currency":"SEK"},"balanceType":"authorised"},{"balanceAmount":{"amount":"5","currency":"SEK"},"balanceType":"brandNew"}]}`,
		balances, []string{"|1|SEK||", "expected|2|SEK||", "expected|3|EUR||", "authorised|4|SEK||", "brandNew|5|SEK||"}},

	{"accounts", `[{"iban":"SE1","currency":"XXX","status":"dormant"},{"iban":"SE1","currency":"EUR"},{"iban":"510025******4311","currency":"SEK"}]`,
		accounts(func(a Account) any { return a.Key() + a.Status }), []any{"iban:SE1:XXXdormant", "iban:SE1:EUR", "pan:510025******4311:SEK"}},

	{"remittance", `{"remittanceInformationUnstructured":"` + strings.Repeat("x", 500) + `",` + sek + `}`, entry(func(t Transaction) any { return len(t.Remittance) }), 500},
	{"remittance", `{"remittanceInformationStructured":{"reference":"RF18","referenceType":"SCOR"},` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), "RF18"},
	{"remittance", `{"remittanceInformationStructuredArray":[{"reference":"RF18"},"RF19",null],` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), "RF18\nRF19"},
	{"remittance", `{"remittanceInformationUnstructured":["April","rent"],` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), "April\nrent"},
	{"remittance", `{"remittanceInformationStructured":{"other":"kept"},` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), `{"other":"kept"}`},

	{"paging", `{"transactions":{"booked":[],"_links":{"next":{"href":"/t?offset=100&limit=50"}}}}`, entries, `[] [] next /t?offset=100&limit=50`},
	{"paging", `{"transactions":{},"_links":{"next":{"href":"/t?page=2"}}}`, entries, `[] [] next /t?page=2`},
	{"paging", `{"transactions":{"booked":[],"pending":[]}}`, entries, `[] [] next `},

	{"media types", `{"booked":[{` + sek + `}]}`, report("application/json;charset=UTF-8"), "1 1"},
	{"media types", `{"booked":[{` + sek + `}]}`, report("text/plain"), "1 1"},
	{"media types", `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd></Ntry></Stmt></BkToCstmrStmt></Document>`, report("text/xml"), "1 -1"},
	{"media types", ":20:A\r\n:60F:C240101EUR1,00\r\n:61:240102D1,00NMSC\r\n-\r\n", report("application/text"), "1 -1.00"},
	{"media types", "401\n" + `{"type":"about:blank","title":"No","code":"CONSENT_INVALID"}`, refusal, "401 CONSENT_INVALID 0s"},

	{"status codes", `202`, deletes, "gone"},
	{"status codes", `204`, deletes, "gone"},
	{"status codes", `200`, deletes, "gone"},
	{"status codes", "404\n" + `{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}`, refusal, "404 RESOURCE_UNKNOWN 0s"},
	{"status codes", "302 https://bank.example/page?x=1\n\n" + `{"consentId":"1","consentStatus":"received"}`, leads, "redirect https://bank.example/page?x=1"},
	{"status codes", "201 https://bank.example/page\n\n" + `{"consentId":"1","_links":{"self":"/v1/consents/1"}}`, leads, "redirect https://bank.example/page"},
	{"status codes", "201 https://api.bank.example/v1/consents/1\n\n" + `{"consentId":"1","_links":{"self":"/v1/consents/1"}}`, leads, "wait "},
	{"status codes", "201 https://bank.example/page\n\n" + `{"consentId":"1","_links":{"startAuthorisation":"/v1/consents/1/authorisations"}}`, leads, "start "},

	{"limits", "429 30\n" + `{"tppMessages":[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]}`, refusal, "429 ACCESS_EXCEEDED 30s"},
	{"limits", "429\n", refusal, "429  0s"},
	{"limits", "400\n" + `{"tppMessages":[{"category":"ERROR","code":"PERIOD_INVALID"}]}`, refusal, "400 PERIOD_INVALID 0s"},

	{"OAuth", "verifier", exchange, "token"},
}

// TestQuirks takes each form without loss.
func TestQuirks(t *testing.T) {
	for _, q := range quirks {
		t.Run(q.line, func(t *testing.T) {
			got, raw, err := q.read(t, q.wire)
			if err != nil {
				t.Fatalf("%s: %v", q.wire, err)
			}
			compare(t, q.wire, got, q.want)
			if raw != nil && !strings.Contains(strings.ReplaceAll(q.wire, "\r", ""), string(bytes.TrimSpace(raw))) {
				t.Errorf("%s is not kept as it came: %s", q.wire, raw)
			}
		})
	}
}

// TestQuirksAreWhole compares the table with the list it is made from.
func TestQuirksAreWhole(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("..", "..", "shared", "reference", "quirks.md"))
	if os.IsNotExist(err) {
		t.Skip("the list of quirks is not beside the checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, q := range quirks {
		tested[q.line] = true
	}
	lines := 0
	for row := range strings.Lines(string(list)) {
		cells := strings.Split(row, "|")
		if len(cells) != 4 || strings.HasPrefix(row, "| ---") || strings.HasPrefix(row, "| what") {
			continue
		}
		if lines++; !tested[strings.TrimSpace(cells[1])] {
			t.Errorf("no test is named %q", strings.TrimSpace(cells[1]))
		}
	}
	if lines == 0 {
		t.Error("the list has no line")
	}
}

// TestUnderstoodNoFurther refuses what would make the data wrong, and names
// the leaf.
func TestUnderstoodNoFurther(t *testing.T) {
	tests := []struct {
		wire string
		read read
		path string
	}{
		{`{"transactions":{"booked":[{` + sek + `},{"transactionAmount":{"amount":"1,50","currency":"SEK"}}]}}`, entries, "transactions.booked[1].transactionAmount.amount: "},
		{`{"transactions":{"booked":[{"transactionAmount":{"amount":"","currency":"SEK"}}]}}`, entries, "transactions.booked[0].transactionAmount.amount: "},
		{`{"transactions":{"booked":[{"transactionAmount":{"amount":null}}]}}`, entries, "transactions.booked[0].transactionAmount.amount: is missing"},
		{`{"transactions":{"booked":[{"transactionAmount":"12.50 SEK"}]}}`, entries, "transactions.booked[0].transactionAmount: "},
		{`{"transactions":{"pending":[{"transactionAmount":null}]}}`, entries, "transactions.pending[0].transactionAmount: is missing"},
		{`{"transactions":{"booked":[{"valueDate":"01.05.2024",` + sek + `}]}}`, entries, "transactions.booked[0].valueDate: "},
		{`{"transactions":{"booked":"none"}}`, entries, "transactions.booked: "},
		{`{"transactions":"none"}`, entries, "transactions: "},
		{`{"transactions":[{` + sek + `},{}]}`, entries, "transactions[1].transactionAmount: is missing"},
		{`[{}]`, entries, "[0].transactionAmount: is missing"},
		{`{"balances":[{"balanceAmount":{"amount":"x"}}]}`, entries, "balances[0].balanceAmount.amount: "},
		{`{"accounts":[{"balances":[{"balanceAmount":{"amount":1}},{"balanceType":"expected"}]}]}`, accounts(nil), "accounts[0].balances[1].balanceAmount: is missing"},
		{`{"accounts":[{"balances":{}}]}`, accounts(nil), "accounts[0].balances: "},
		{`{"accounts":{}}`, accounts(nil), "accounts: "},
		{`{"balances":[{"balanceAmount":{"amount":"1"},"creditLimitIncluded":"maybe"}]}`, balances, "balances[0].creditLimitIncluded: "},
		{`{"balances":[{"balanceAmount":{"amount":"1"},"referenceDate":"today"}]}`, balances, "balances[0].referenceDate: "},
	}
	for _, test := range tests {
		if _, _, err := test.read(t, test.wire); err == nil || !strings.Contains(err.Error(), test.path) {
			t.Errorf("%s: %v does not name %s", test.wire, err, test.path)
		}
	}
}

// TestCreatedCodes takes 200 for 201.
func TestCreatedCodes(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusCreated} {
		id, _, err := sends(t, status, `{"consentId":"1"}`).CreateConsent(t.Context(), Call{}, ConsentRequest{}, Return{})
		if err != nil || id != "1" {
			t.Errorf("%d: %q, %v", status, id, err)
		}
	}
}

// TestNothingAndPages takes an answer without a body for an empty page, and a
// gateway's page for what it is, with success and without.
func TestNothingAndPages(t *testing.T) {
	page, err := sends(t, http.StatusNoContent, "").Transactions(t.Context(), Call{}, "1", TransactionQuery{})
	if err != nil || len(page.Booked)+len(page.Pending) != 0 {
		t.Errorf("204: %v, %v", page, err)
	}
	if _, err = sends(t, http.StatusOK, "").Transactions(t.Context(), Call{}, "1", TransactionQuery{}); err == nil {
		t.Error("nothing under 200 was taken for a report")
	}
	for status, kind := range map[int]Kind{http.StatusOK: Malformed, http.StatusForbidden: Refused} {
		_, err := sends(t, status, "\n<!-- ray 1 --><!DOCTYPE HTML><html><title>Sorry</title>").Transactions(t.Context(), Call{}, "1", TransactionQuery{})
		var failed *Error
		if !errors.As(err, &failed) || !errors.Is(err, ErrPage) || failed.Kind != kind || !strings.Contains(failed.Body, "Sorry") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// TestNextIsSame ends at a page that names itself as the next, in whatever
// form the link has: reading it again would double its entries.
func TestNextIsSame(t *testing.T) {
	const path = "/psd2/accountinformation/v1/accounts/1/transactions"
	for link, want := range map[string]string{
		path + "?bookingStatus=both&dateFrom=2024-01-01":                  "",
		"/accounts/1/transactions?dateFrom=2024-01-01&bookingStatus=both": "",
		path + "?bookingStatus=both&dateFrom=2024-01-01&page=2":           "page=2",
		"/accounts/2/transactions?bookingStatus=both&dateFrom=2024-01-01": "accounts/2",
		"https://elsewhere.example/accounts/1/transactions?dateFrom=x":    "elsewhere",
		"": "",
	} {
		encoded, err := json.Marshal(link)
		if err != nil {
			t.Fatal(err)
		}
		client := sends(t, http.StatusOK, `{"transactions":{"booked":[],"_links":{"next":{"href":`+string(encoded)+`}}}}`)
		page, err := client.Transactions(t.Context(), Call{}, "1", TransactionQuery{Status: Both, DateFrom: "2024-01-01"})
		if err != nil || (page.Next == "") != (want == "") || !strings.Contains(page.Next, want) {
			t.Errorf("%s: next is %q, %v", link, page.Next, err)
		}
		if page.Next == "" || strings.HasPrefix(link, "https") {
			continue
		}
		if page, err = client.NextTransactions(t.Context(), Call{}, link); err != nil || page.Next != "" {
			t.Errorf("%s again: next is %q, %v", link, page.Next, err)
		}
	}
}

// TestRetryAfterDate reads the second form of the header, too.
func TestRetryAfterDate(t *testing.T) {
	got, _, err := refusal(t, "429 "+time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)+"\n")
	if err != nil || !strings.Contains(fmt.Sprint(got), "59m") {
		t.Errorf("%v, %v", got, err)
	}
}
