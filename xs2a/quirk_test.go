package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
	return fmt.Sprintf("%q %q next %s", booked, pending, page.Next), nil, whole(page, err)
}

// whole is err or, of a page that was read, why something was left out of it.
func whole(page TransactionPage, err error) error {
	if err == nil && len(page.LeftOut) > 0 {
		return errors.New(page.LeftOut[0].Reason)
	}
	return err
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
	_, err := sends(t, status, "").DeleteConsent(t.Context(), Call{}, "1")
	return "gone", nil, err
}

// leads reads where an answer to a new consent leads the person; the wire is
// status, Location ("-" for none) and body, the last after an empty line.
func leads(t *testing.T, wire string) (any, []byte, error) {
	head, body, there := strings.Cut(wire, "\n\n")
	if !there {
		body = `{"consentId":"1","_links":{"self":"/v1/consents/1"}}`
	}
	number, to, _ := strings.Cut(head, " ")
	status, err := strconv.Atoi(number)
	if err != nil {
		return nil, nil, err
	}
	client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
		if to != "-" {
			w.Header().Set("Location", to)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
	_, answer, err := client.CreateConsent(t.Context(), Call{}, ConsentRequest{}, Return{})
	next := NextStep(answer)
	return string(next.Step) + " " + next.Link, nil, err
}

// follows goes where a page says the next one is, and returns what was asked for
// there; BANK stands for the bank's address.
func follows(t *testing.T, wire string) (any, []byte, error) {
	var asked string
	client := bank(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RequestURI()
		fmt.Fprint(w, `{"transactions":{"booked":[]}}`)
	})
	_, err := client.NextTransactions(t.Context(), Call{}, strings.Replace(wire, "BANK", client.reach.APIURL, 1))
	return asked, nil, err
}

func firstPage(t *testing.T, wire string) (any, []byte, error) {
	page, err := sends(t, http.StatusOK, wire).Transactions(t.Context(), Call{}, "1", TransactionQuery{Status: Both})
	return fmt.Sprint(len(page.Booked), " next ", page.Next), nil, err
}

func noEntries(t *testing.T, _ string) (any, []byte, error) {
	page, err := sends(t, http.StatusNoContent, "").Transactions(t.Context(), Call{}, "1", TransactionQuery{Status: Both})
	return fmt.Sprint(len(page.Booked), " next ", page.Next), nil, err
}

func account(t *testing.T, wire string) (any, []byte, error) {
	a, err := sends(t, http.StatusOK, wire).Account(t.Context(), Call{}, "1")
	return a.ResourceID + " " + a.IBAN, a.Raw, err
}

func details(t *testing.T, wire string) (any, []byte, error) {
	one, err := sends(t, http.StatusOK, wire).Transaction(t.Context(), Call{}, "1", "b")
	return one.ID + " " + one.Amount.Number, one.Raw, err
}

var links = sca(func(a SCAAnswer) any { return a.Links })

func scaStatus(t *testing.T, wire string) (any, []byte, error) {
	answer, err := sends(t, http.StatusOK, wire).SCAStatus(t.Context(), Call{}, ConsentResource("1"), "2")
	return string(answer.SCAStatus), nil, err
}

// forgotten asks for the status of an authorisation the bank knows no more; that
// the consent is asked for then, the application's tests show.
func forgotten(t *testing.T, wire string) (any, []byte, error) {
	_, body, _ := strings.Cut(wire, "\n")
	_, err := sends(t, http.StatusNotFound, body).SCAStatus(t.Context(), Call{}, ConsentResource("1"), "2")
	var refused *Error
	if !errors.As(err, &refused) || refused.Kind != Refused {
		return nil, nil, fmt.Errorf("no refusal: %w", err)
	}
	return fmt.Sprint(refused.Status, " ", refused.Code), nil, nil
}

func authorisations(t *testing.T, wire string) (any, []byte, error) {
	ids, err := sends(t, http.StatusOK, wire).Authorisations(t.Context(), Call{}, ConsentResource("1"))
	return ids, nil, err
}

func paymentStatus(t *testing.T, wire string) (any, []byte, error) {
	client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprint(w, wire)
	})
	p, err := client.PaymentStatus(t.Context(), Call{}, PaymentResource(SinglePayment, "domestic", "1"))
	return string(p.Status), p.Raw, err
}

func exchange(t *testing.T, wire string) (any, []byte, error) {
	token, err := sends(t, http.StatusOK, "").ExchangeCode(t.Context(), "code", Grant{Verifier: wire})
	if err != nil {
		return nil, nil, err
	}
	return token.AccessToken + token.RefreshToken, nil, nil
}

// authorize makes the address of the bank's page from its link, and returns what
// goes along, but for the challenge, in order.
func authorize(t *testing.T, wire string) (any, []byte, error) {
	page, _, err := sends(t, http.StatusOK, "").AuthorizePage(t.Context(), wire, Grant{
		Resource: ConsentResource("7"), State: "known", Verifier: NewVerifier(), RedirectURI: "http://127.0.0.1/callback",
	})
	if err != nil {
		return nil, nil, err
	}
	u, err := url.Parse(page)
	if err != nil {
		return nil, nil, err
	}
	var parts []string
	for name, values := range u.Query() {
		if name != "code_challenge" {
			parts = append(parts, name+"="+strings.Join(values, "&"))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, " "), nil, nil
}

// blankScope finds a bank's page by its metadata, where the environment says that
// the bank wants the blank; the wire is the consent's id.
func blankScope(t *testing.T, wire string) (any, []byte, error) {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q}`, server.URL, server.URL+"/authorize", server.URL+"/token")
	}))
	t.Cleanup(server.Close)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: server.URL, ScopeBlank: true}}, nil)
	if err != nil {
		return nil, nil, err
	}
	page, _, err := client.AuthorizePage(t.Context(), server.URL+wellKnownOAuth, Grant{Resource: ConsentResource(wire), RedirectURI: "http://127.0.0.1/callback"})
	if err != nil {
		return nil, nil, err
	}
	u, err := url.Parse(page)
	if err != nil {
		return nil, nil, err
	}
	return u.Query().Get("scope"), nil, nil
}

var entryDates = entry(func(t Transaction) any { return t.BookingDate + " " + t.ValueDate })

// booked is a report with these entries.
func booked(entries string) string { return `{"transactions":{"booked":[` + entries + `]}}` }

const sek = `"transactionAmount":{"amount":"1","currency":"SEK"}`

// quirks are the forms seen in the field: by the first column of the list, and by
// the part of the second that a row is about, in the list's own words and order.
var quirks = []struct {
	line, part string
	wire       string
	read       read
	want       any
}{
	{"flags and counts as text", `"recurringIndicator": "true"`, `{"consentStatus":"valid","recurringIndicator":"true","frequencyPerDay":4}`,
		consent(func(c ConsentInformation) any { return c.Recurring }), true},
	{"flags and counts as text", `"recurringIndicator": "true"`, `{"consentStatus":"valid","recurringIndicator":" False ","frequencyPerDay":4}`,
		consent(func(c ConsentInformation) any { return c.Recurring }), false},
	{"flags and counts as text", `"frequencyPerDay": "4"`, `{"consentStatus":"valid","recurringIndicator":true,"frequencyPerDay":"4"}`,
		consent(func(c ConsentInformation) any { return c.FrequencyPerDay }), 4},

	{"amounts", "text `\"123.50\"`", booked(`{"transactionAmount":{"amount":"-123.50"}}`), entries, `[" -123.50"] [] next `},
	{"amounts", "JSON number `123.5`", booked(`{"transactionAmount":{"amount":123.5}}`), entries, `[" 123.5"] [] next `},
	{"amounts", "both in one list", booked(`{"transactionAmount":{"amount":"-123.50"}},{"transactionAmount":{"amount":-123.5}}`), entries, `[" -123.50" " -123.5"] [] next `},
	{"amounts", "no decimals `\"5166\"`", booked(`{"transactionAmount":{"amount":"5166"}}`), entries, `[" 5166"] [] next `},
	{"amounts", "one decimal `\"692.0\"`", booked(`{"transactionAmount":{"amount":"692.0"}}`), entries, `[" 692.0"] [] next `},
	{"amounts", "a comma in MT940", ":20:A\n:60F:C240101EUR1,00\n:61:240102D692,NMSC\n", report("text/plain"), "1 -692"},
	{"amounts", "a comma in MT940", ":20:A\n:60F:C240101EUR1,00\n:61:240102C1,5NMSC\n", report("text/plain"), "1 1.5"},
	{"amounts", "a trailing blank", booked(`{"transactionAmount":{"amount":"1.10 "}}`), entries, `[" 1.10"] [] next `},

	{"links", "`{\"href\": …}`", `{"consentId":"1","_links":{"self":{"href":"/c/1"}}}`, links, Links{"self": "/c/1"}},
	{"links", "a bare string", `{"consentId":"1","_links":{"self":" /c/1 "}}`, links, Links{"self": "/c/1"}},
	{"links", "`{\"href\": null}`", `{"consentId":"1","_links":{"scaOAuth":{"href":null},"self":null}}`, links, Links{}},
	{"links", "absolute", "BANK/psd2/accountinformation/v1/accounts/1/transactions?page=2", follows, "/psd2/accountinformation/v1/accounts/1/transactions?page=2"},
	{"links", "host-relative", "/psd2/accountinformation/v1/accounts/1/transactions?page=2", follows, "/psd2/accountinformation/v1/accounts/1/transactions?page=2"},
	{"links", "without the version prefix", "/accounts/1/transactions?page=2", follows, "/psd2/accountinformation/v1/accounts/1/transactions?page=2"},
	{"links", "with another version prefix", "/psd2/accountinformation/v2/accounts/1/transactions?page=2", follows, "/psd2/accountinformation/v1/accounts/1/transactions?page=2"},
	{"links", "with another version prefix", "/v3/accounts/1/transactions?page=2", follows, "/psd2/accountinformation/v1/accounts/1/transactions?page=2"},
	{"links", "on two levels", `{"transactions":{"booked":[],"_links":{"next":{"href":null}}},"_links":{"next":"/p/2"}}`, entries, `[] [] next /p/2`},
	{"links", "on two levels", `{"transactions":{"booked":[],"_links":{"next":{"href":"/p/2"}}},"_links":{"self":"/p"}}`, entries, `[] [] next /p/2`},

	{"`Location` header", "a URL", `201 https://bank.example/page`, leads, "redirect https://bank.example/page"},
	{"`Location` header", "once JSON `{\"href\": …}`", `201 {"href":"https://bank.example/page"}`, leads, "redirect https://bank.example/page"},
	{"`Location` header", "once JSON `{\"href\": …}`", `201 {"href":null}`, leads, "wait "},

	{"header case", "`ASPSP-SCA-Approach`", "ASPSP-SCA-Approach: redirect\n\n" + `{"consentId":"1"}`, sca(func(a SCAAnswer) any { return a.Approach }), "REDIRECT"},
	{"header case", "`Aspsp-Sca-Approach`", "Aspsp-Sca-Approach: DECOUPLED\n\n" + `{"consentId":"1"}`, sca(func(a SCAAnswer) any { return a.Approach }), "DECOUPLED"},
	{"header case", "lower case", "aspsp-sca-approach: EMBEDDED\n\n" + `{"consentId":"1"}`, sca(func(a SCAAnswer) any { return a.Approach }), "EMBEDDED"},

	{"redirect link", "absent in the 201", `{"consentId":"1","consentStatus":"received","_links":{"self":"/c/1"}}`,
		sca(func(a SCAAnswer) any { return NextStep(a).Step }), StepWait},
	{"redirect link", "present in a later `GET` of the consent", `{"consentStatus":"received","_links":{"scaRedirect":"https://bank.example/"}}`,
		consent(func(c ConsentInformation) any { return NextStep(c.Next).Link }), "https://bank.example/"},
	{"redirect link", "status `accepted` meanwhile", `{"consentStatus":"accepted"}`,
		consent(func(c ConsentInformation) any { return NextStep(c.Next).Step }), StepWait},

	{"wrappers", "account details inside `account`", `{"account":{"resourceId":"1","iban":"SE1"}}`, account, "1 SE1"},
	{"wrappers", "bare", `{"resourceId":"1","iban":"SE1"}`, account, "1 SE1"},
	{"wrappers", "`transactionsDetails`", `{"transactionsDetails":{"transactionId":"b",` + sek + `}}`, details, "b 1"},
	{"wrappers", "`transactionsDetails`", `{"transactionsDetails":{"transactionDetails":{"transactionId":"b",` + sek + `}}}`, details, "b 1"},
	{"wrappers", "`transactionDetails`", `{"transactionDetails":{"transactionId":"b",` + sek + `}}`, details, "b 1"},
	{"wrappers", "`tppMessage`", "403\n" + `{"tppMessage":[{"category":"ERROR","code":"SERVICE_BLOCKED"}]}`, refusal, "403 SERVICE_BLOCKED 0s"},
	{"wrappers", "`tppMessage`", "403\n" + `{"tppMessage":{"category":"ERROR","code":"SERVICE_BLOCKED"}}`, refusal, "403 SERVICE_BLOCKED 0s"},
	{"wrappers", "`tppMessages`", "403\n" + `{"tppMessages":[{"category":"ERROR","code":"SERVICE_BLOCKED"}]}`, refusal, "403 SERVICE_BLOCKED 0s"},
	{"wrappers", "`scatransactionStatus` for `scaStatus`", `{"scatransactionStatus":"finalised"}`, scaStatus, "finalised"},
	{"wrappers", "`scatransactionStatus` for `scaStatus`", `{"scaTransactionStatus":"psuIdentified","scaStatus":null}`, scaStatus, "psuIdentified"},
	{"wrappers", "lists in an envelope", `{"accounts":[{"resourceId":"1"}]}`, accounts(func(a Account) any { return a.ResourceID }), []any{"1"}},
	{"wrappers", "bare", `[{"resourceId":"1"}]`, accounts(func(a Account) any { return a.ResourceID }), []any{"1"}},
	{"wrappers", "bare", `[{"balanceAmount":{"amount":"1","currency":"SEK"}}]`, balances, []string{"|1|SEK||"}},
	{"wrappers", "bare", `{"booked":[{"transactionId":"b",` + sek + `}],"pending":[{"transactionId":"p",` + sek + `}]}`, entries, `["b 1"] ["p 1"] next `},
	{"wrappers", "bare", `{"transactions":[{"transactionId":"b","bookingDate":"2024-05-01",` + sek + `},{"transactionId":"p",` + sek + `},{"transactionId":"q","bookingStatus":"pending","bookingDate":"2024-05-01",` + sek + `}]}`,
		entries, `["b 1"] ["p 1" "q 1"] next `},
	{"wrappers", "bare", `[{"transactionId":"b","bookingStatus":"BOOKED",` + sek + `}]`, entries, `["b 1"] [] next `},
	{"wrappers", "bare", "403\n" + `[{"category":"ERROR","code":"SERVICE_BLOCKED"}]`, refusal, "403 SERVICE_BLOCKED 0s"},
	{"wrappers", "bare", `["1",2]`, authorisations, []string{"1", "2"}},
	{"wrappers", "bare", `{"authorisationIds":["1"]}`, authorisations, []string{"1"}},
	{"wrappers", "bare", `{"cancellationIds":["1"]}`, authorisations, []string{"1"}},

	{"nulls", "explicit `null` for every absent field", `{"transactionId":null,"bookingDate":null,"valueDate":null,"creditorAccount":null,"debtorName":null,"remittanceInformationUnstructured":null,"remittanceInformationUnstructuredArray":null,"creditDebitIndicator":null,` + sek + `}`,
		entry(func(t Transaction) any { return t.ID + t.Date() + t.CreditorAccount + t.Remittance }), ""},
	{"nulls", "explicit `null` for every absent field", `{"transactions":{"booked":null,"pending":[null],"_links":null},"balances":null,"_links":null}`, entries, `[] [] next `},
	{"nulls", "explicit `null` for every absent field", `{"accounts":[{"resourceId":"1","iban":null,"name":null,"balances":null,"_links":null}]}`, accounts(func(a Account) any { return a.IBAN }), []any{""}},
	{"nulls", "explicit `null` for every absent field", `{"balances":[{"balanceAmount":{"amount":"1","currency":null},"balanceType":null,"referenceDate":null,"lastChangeDateTime":null,"creditLimitIncluded":null}]}`, balances, []string{"|1|||"}},
	{"nulls", "explicit `null` for every absent field", `{"consentStatus":null,"access":null,"recurringIndicator":null,"validUntil":null,"frequencyPerDay":null}`,
		consent(func(c ConsentInformation) any {
			return fmt.Sprint(c.Status, c.Recurring, c.ValidUntil, c.FrequencyPerDay)
		}), "false0"},
	{"nulls", "explicit `null` for every absent field", `{"consentId":"1","scaMethods":null,"_links":null,"psuMessage":null,"scaStatus":null,"chosenScaMethod":null,"challengeData":null}`,
		sca(func(a SCAAnswer) any { return len(a.Methods) + len(a.Links) }), 0},

	{"dates", "`2024-05-01`", `{"bookingDate":"2024-05-01","valueDate":"2024-05-02",` + sek + `}`, entryDates, "2024-05-01 2024-05-02"},
	{"dates", "with a time", `{"bookingDate":"2024-05-01 23:59:59","valueDate":"2024-05-02T00:00:00",` + sek + `}`, entryDates, "2024-05-01 2024-05-02"},
	{"dates", "with", `{"bookingDate":"2024-05-01T23:59:59.9Z","valueDate":"2024-05-02 00:00:00+0200",` + sek + `}`, entryDates, "2024-05-01 2024-05-02"},
	{"dates", "with", `{"bookingDate":"2024-05-01Z","valueDate":"2024-05-02+02:00",` + sek + `}`, entryDates, "2024-05-01 2024-05-02"},
	{"dates", "without a zone", `{"bookingDate":"2024-05-01T23:59:59","valueDate":"2024-05-02T00:00:00.000",` + sek + `}`, entryDates, "2024-05-01 2024-05-02"},
	{"dates", "`lastChangeDateTime` without a zone", `[{"balanceAmount":{"amount":"1","currency":"SEK"},"lastChangeDateTime":"2024-05-01T10:00:00","referenceDate":"2024-05-01T00:00:00"}]`, balances, []string{"|1|SEK|2024-05-01|2024-05-01T10:00:00"}},
	{"dates", "a booking date in the future", `{"bookingDate":"2099-01-01",` + sek + `}`, entryDates, "2099-01-01 "},

	{"ids", "no `transactionId`", booked(`{` + sek + `}`), entries, `[" 1"] [] next `},
	{"ids", "`\" \"`", booked(`{"transactionId":" ",` + sek + `}`), entries, `[" 1"] [] next `},
	{"ids", "the same for all (`NOTPROVIDED`)", booked(`{"transactionId":"NOTPROVIDED",` + sek + `},{"transactionId":"NOTPROVIDED",` + sek + `}`), entries, `["NOTPROVIDED 1" "NOTPROVIDED 1"] [] next `},
	{"ids", "duplicates", booked(`{"transactionId":17,` + sek + `},{"transactionId":"17","transactionAmount":{"amount":"2"}}`), entries, `["17 1" "17 2"] [] next `},
	{"ids", "an id that changes when the entry is booked", `{"transactions":{"booked":[{"transactionId":"b17",` + sek + `}],"pending":[{"transactionId":"p18",` + sek + `}]}}`, entries, `["b17 1"] ["p18 1"] next `},
	{"ids", "a `resourceId` that changes with every consent", `[{"resourceId":"new","iban":"SE45 5000 0000 0583 9825 7466","currency":"SEK"},{"resourceId":"newer","iban":"SE4550000000058398257466","currency":"SEK"}]`,
		accounts(func(a Account) any { return a.Key() }), []any{"iban:SE4550000000058398257466:SEK", "iban:SE4550000000058398257466:SEK"}},

	{"sign", "unsigned amounts with the direction only in `creditorName`", booked(`{"creditorName":"Shop",` + sek + `}`), entries, `[" -1"] [] next `},
	{"sign", "`debtorName`", booked(`{"creditorName":"Shop",` + sek + `},{"debtorName":"Employer",` + sek + `}`), entries, `[" -1" " 1"] [] next `},
	{"sign", "pending entries without the minus", `{"transactions":{"booked":[{"transactionAmount":{"amount":"-2"}}],"pending":[{"creditorName":"Shop",` + sek + `}]}}`, entries, `[" -2"] [" -1"] next `},

	{"balances", "no `balanceType`", `{"balances":[{"balanceAmount":{"amount":"1","currency":"SEK"}}]}`, balances, []string{"|1|SEK||"}},
	{"balances", "the same type twice in two currencies", `{"balances":[{"balanceAmount":{"amount":"2","currency":"SEK"},"balanceType":"expected"},{"balanceAmount":{"amount":"3","currency":"EUR"},"balanceType":"expected"}]}`,
		balances, []string{"expected|2|SEK||", "expected|3|EUR||"}},
	{"balances", "unknown types", `{"balances":[{"balanceAmount":{"amount":"4","currency":"SEK"},"balanceType":"authorised"},{"balanceAmount":{"amount":"5","currency":"SEK"},"balanceType":"brandNew"}]}`,
		balances, []string{"authorised|4|SEK||", "brandNew|5|SEK||"}},

	// XXX is ISO 4217's code for "no currency": banks send it for an account that holds several.
	{"accounts", "`currency: \"XXX\"` for a multi-currency account", `[{"iban":"SE1","currency":"XXX"}]`, accounts(func(a Account) any { return a.Key() }), []any{"iban:SE1:XXX"}},
	{"accounts", "the same IBAN in several currencies", `[{"iban":"SE1","currency":"SEK"},{"iban":"SE1","currency":"EUR"}]`, accounts(func(a Account) any { return a.Key() }), []any{"iban:SE1:SEK", "iban:SE1:EUR"}},
	{"accounts", "masked PAN in `iban`", `[{"iban":"510025******4311","currency":"SEK"}]`, accounts(func(a Account) any { return a.Key() + a.IBAN }), []any{"pan:510025******4311:SEK"}},
	{"accounts", "status outside the list", `[{"iban":"SE1","currency":"SEK","status":"dormant"}]`, accounts(func(a Account) any { return a.Status }), []any{"dormant"}},

	{"remittance", "over 140 characters", `{"remittanceInformationUnstructured":"` + strings.Repeat("x", 500) + `",` + sek + `}`, entry(func(t Transaction) any { return len(t.Remittance) }), 500},
	{"remittance", "structured as an object", `{"remittanceInformationStructured":{"reference":"RF18","referenceType":"SCOR"},` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), "RF18"},
	{"remittance", "structured as an object", `{"remittanceInformationStructured":{"other":"kept"},` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), `{"other":"kept"}`},
	{"remittance", "an array", `{"remittanceInformationUnstructured":["April","rent"],` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), "April\nrent"},
	{"remittance", "an array", `{"remittanceInformationStructuredArray":[{"reference":"RF18"},"RF19",null],` + sek + `}`, entry(func(t Transaction) any { return t.Remittance }), "RF18\nRF19"},

	{"paging", "`transactions._links.next`", `{"transactions":{"booked":[],"_links":{"next":{"href":"/t?page=2"}}}}`, entries, `[] [] next /t?page=2`},
	{"paging", "`_links.next` beside it", `{"transactions":{"booked":[]},"_links":{"next":{"href":"/t?page=2"}}}`, entries, `[] [] next /t?page=2`},
	{"paging", "with offset and limit", "/accounts/1/transactions?offset=100&limit=50", follows, "/psd2/accountinformation/v1/accounts/1/transactions?offset=100&limit=50"},
	{"paging", "a last page that is empty", `{"transactions":{"booked":[],"pending":[]}}`, entries, `[] [] next `},
	{"paging", "a last page that is empty", `{"transactions":{"booked":null,"pending":null}}`, entries, `[] [] next `},
	{"paging", "a next link that points to itself", `{"transactions":{"booked":[],"_links":{"next":"/psd2/accountinformation/v1/accounts/1/transactions?bookingStatus=both"}}}`, firstPage, "0 next "},

	{"media types", "`application/json;charset=UTF-8`", `{"booked":[{` + sek + `}]}`, report("application/json;charset=UTF-8"), "1 1"},
	{"media types", "`application/problem+json`", "401\n" + `{"type":"about:blank","title":"No","code":"CONSENT_INVALID"}`, refusal, "401 CONSENT_INVALID 0s"},
	{"media types", "camt.052", `<Document><BkToCstmrAcctRpt><Rpt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts></Ntry></Rpt></BkToCstmrAcctRpt></Document>`, report("application/xml"), "1 -1"},
	{"media types", "053 XML", `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd></Ntry></Stmt></BkToCstmrStmt></Document>`, report("text/xml"), "1 -1"},
	{"media types", "MT940 text for transactions", ":20:A\r\n:60F:C240101EUR1,00\r\n:61:240102D1,00NMSC\r\n-\r\n", report("application/text"), "1 -1.00"},
	{"media types", "pain.002 XML for a payment's status", `<Document><CstmrPmtStsRpt><OrgnlGrpInfAndSts><GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`, paymentStatus, "ACSC"},
	{"media types", "HTML from a gateway", "502\n<!DOCTYPE html><html><title>Sorry</title>", refusal, "502  0s"},
	{"media types", "204 with no type", "204", noEntries, "0 next "},

	{"status codes", "200", "200 -", leads, "wait "},
	{"status codes", "201 for created", "201 -", leads, "wait "},
	{"status codes", "201 for created", "201 https://api.bank.example/v1/consents/1\n\n" + `{"consentId":"1","_links":{"self":"/v1/consents/1"}}`, leads, "wait "},
	{"status codes", "201 for created", "201 https://bank.example/page\n\n" + `{"consentId":"1","_links":{"startAuthorisation":"/v1/consents/1/authorisations"}}`, leads, "start "},
	{"status codes", "302 with a `Location` instead of a link", "302 https://bank.example/page?x=1", leads, "redirect https://bank.example/page?x=1"},
	{"status codes", "302 with a `Location` instead of a link", `302 {"href":"https://bank.example/page?x=1"}`, leads, "redirect https://bank.example/page?x=1"},
	{"status codes", "302 with a `Location` instead of a link", "302 -\n\n" + `{"consentId":"1","Location":"https://bank.example/page"}`, leads, "redirect https://bank.example/page"},
	{"status codes", "302 with a `Location` instead of a link", "302 -\n\n" + `{"consentId":"1","location":{"href":"https://bank.example/page"}}`, leads, "redirect https://bank.example/page"},
	{"status codes", "302 with a `Location` instead of a link", "302 -\n\n" + `{"consentId":"1","_links":{"scaOAuth":"https://bank.example/oauth"}}`, leads, "oauth https://bank.example/oauth"},
	{"status codes", "302 with a `Location` instead of a link", "302 %zz\n\n" + `{"consentId":"1","_links":{"scaRedirect":"https://bank.example/page"}}`, leads, "redirect https://bank.example/page"},
	{"status codes", "302 with a `Location` instead of a link", "303 https://bank.example/page", leads, "redirect https://bank.example/page"},
	{"status codes", "204", `204`, deletes, "gone"},
	{"status codes", "204", `200`, deletes, "gone"},
	{"status codes", "202 for DELETE", `202`, deletes, "gone"},
	{"status codes", "404 for an SCA status after it was finalised", "404\n" + `{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}`, forgotten, "404 RESOURCE_UNKNOWN"},

	{"limits", "429 with `Retry-After`", "429 30\n" + `{"tppMessages":[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]}`, refusal, "429 ACCESS_EXCEEDED 30s"},
	{"limits", "without", "429\n", refusal, "429  0s"},
	{"limits", "400 PERIOD_INVALID when `dateFrom` is older than the bank serves (90 days without a fresh SCA)", "400\n" + `{"tppMessages":[{"category":"ERROR","code":"PERIOD_INVALID"}]}`, refusal, "400 PERIOD_INVALID 0s"},
	{"limits", "sometimes off by one day", "400\n" + `{"tppMessages":[{"category":"ERROR","code":"PERIOD_INVALID","path":"dateFrom"}]}`, refusal, "400 PERIOD_INVALID 0s"},

	{"OAuth", "an authorize URL with unfilled placeholders", "https://bank.example/a?client_id=[CLIENT_ID]&response_type=code&redirect_uri=[TPP_REDIRECT_URI]&state=[TPP_STATE]&acr_values=idp:B%20consentId:7", authorize,
		"acr_values=idp:B consentId:7 client_id=id code_challenge_method=S256 redirect_uri=http://127.0.0.1/callback response_type=code state=known"},
	{"OAuth", "`responseType`", "https://bank.example/a?responseType=code&client_id=id", authorize,
		"client_id=id code_challenge_method=S256 redirect_uri=http://127.0.0.1/callback response_type=code state=known"},
	{"OAuth", "`clientId` in camel case", "https://bank.example/a?response_type=code&clientId=somebody&redirectUri=https://elsewhere.example/&codeChallengeMethod=plain", authorize,
		"client_id=id code_challenge_method=S256 redirect_uri=http://127.0.0.1/callback response_type=code state=known"},
	{"OAuth", "no refresh token", "verifier", exchange, "token"},
	{"OAuth", "a scope with a blank after the colon", "https://bank.example/a?response_type=code&scope=AIS:%207", authorize,
		"client_id=id code_challenge_method=S256 redirect_uri=http://127.0.0.1/callback response_type=code scope=AIS: 7 state=known"},
	{"OAuth", "a scope with a blank after the colon", "7", blankScope, "AIS: 7"},
}

// TestQuirks takes each form without loss.
func TestQuirks(t *testing.T) {
	for _, q := range quirks {
		t.Run(q.line+"/"+strings.ReplaceAll(q.part, "/", " "), func(t *testing.T) {
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

// joints are the words that hold the parts of a line of the list together.
var joints = regexp.MustCompile(`\b(?:and|or)\b|[ ,;/()` + "`" + `]`)

// TestQuirksAreWhole compares the table with the list it is made from: taken out of
// a line in their order, the parts that are tested leave nothing of it.
func TestQuirksAreWhole(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("..", "..", "shared", "reference", "quirks.md"))
	if os.IsNotExist(err) {
		t.Skip("the list of quirks is not beside the checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for row := range strings.Lines(string(list)) {
		cells := strings.Split(row, "|")
		if len(cells) == 4 && !strings.HasPrefix(row, "| ---") && !strings.HasPrefix(row, "| what") {
			lines[strings.TrimSpace(cells[1])] = strings.TrimSpace(cells[2])
		}
	}
	if len(lines) == 0 {
		t.Error("the list has no line")
	}
	for i, q := range quirks {
		if i > 0 && quirks[i-1].line == q.line && quirks[i-1].part == q.part {
			continue // another form of the same part
		}
		before, after, there := strings.Cut(lines[q.line], q.part)
		if !there {
			t.Errorf("%s: %q is not in the list, or stands before its turn", q.line, q.part)
		}
		if rest := joints.ReplaceAllString(before, ""); rest != "" {
			t.Errorf("%s: %q is not tested", q.line, before)
		}
		lines[q.line] = after
	}
	for line, after := range lines {
		if rest := joints.ReplaceAllString(after, ""); rest != "" {
			t.Errorf("%s: %q is not tested", line, after)
		}
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
		{`{"transactions":{"booked":[]},"balances":[{"balanceAmount":{"amount":"x"}}]}`, entries, "balances[0].balanceAmount.amount: "},
		{`{"accounts":["1"]}`, accounts(nil), "accounts[0]: "},
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
	if _, err = sends(t, http.StatusAccepted, "").Transactions(t.Context(), Call{}, "1", TransactionQuery{}); err == nil {
		t.Error("nothing under 202 was taken for a report")
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
