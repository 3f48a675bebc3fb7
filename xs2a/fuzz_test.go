package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"consentry/xs2a/field"
)

// longest bounds what reading any input may take: far more than an honest
// answer of that size needs, also on a machine that is busy.
const longest = 5 * time.Second

// swiftly fails a test that takes too long.
func swiftly(t *testing.T, f func()) {
	t.Helper()
	begun := time.Now()
	if f(); time.Since(begun) > longest {
		t.Errorf("took %v", time.Since(begun))
	}
}

// usableAmount checks what every amount must be, whatever it was read from.
func usableAmount(t *testing.T, a Amount) {
	t.Helper()
	again, err := field.Number(a.Number)
	if err != nil || again != a.Number {
		t.Errorf("amount %q is not canonical: %q, %v", a.Number, again, err)
	}
	if a.Decimal().IsZero() && a.Negative() {
		t.Errorf("%q is a negative nothing", a.Number)
	}
	if a.negated().negated() != a {
		t.Errorf("%q turned twice is %q", a.Number, a.negated().negated().Number)
	}
	encoded, err := json.Marshal(map[string]string{"amount": a.Number, "currency": a.Currency})
	if err != nil {
		t.Fatal(err)
	}
	var b Amount
	if err := json.Unmarshal(encoded, &b); err != nil || b.Number != a.Number {
		t.Errorf("%q comes back as %q, %v", a.Number, b.Number, err)
	}
}

func usableDay(t *testing.T, days ...string) {
	t.Helper()
	for _, d := range days {
		if d != "" && !field.IsDay(d) {
			t.Errorf("%q is not a day", d)
		}
	}
}

func usablePage(t *testing.T, page TransactionPage, body []byte) {
	t.Helper()
	for _, entry := range append(page.Booked, page.Pending...) {
		usableAmount(t, entry.Amount)
		for _, charge := range entry.Charges {
			usableAmount(t, charge)
		}
		usableDay(t, entry.BookingDate, entry.ValueDate)
		if entry.Inferred && !entry.Amount.Negative() {
			t.Errorf("%+v was given a sign and has none", entry)
		}
	}
	for _, left := range page.LeftOut {
		if left.Reason == "" || len(left.Raw) > maxKept || !utf8.ValidString(left.Raw) {
			t.Errorf("%+v was left out", left)
		}
	}
	usableBalances(t, page.Balances)
	if len(page.Booked)+len(page.Pending)+len(page.Balances) > len(body) {
		t.Error("more was read than came")
	}
}

func usableBalances(t *testing.T, balances []Balance) {
	t.Helper()
	for _, b := range balances {
		usableAmount(t, b.Amount)
		usableDay(t, b.ReferenceDate)
	}
}

// kept checks that a raw part stands in the answer as it is.
func kept(t *testing.T, body []byte, raw json.RawMessage) {
	t.Helper()
	if !bytes.Contains(body, raw) && !bytes.Contains(toUTF8(body, "application/json"), raw) { // through a client it is UTF-8
		t.Errorf("%s is not part of the answer", raw)
	}
}

// named checks that an error says something, and that the path to a field has
// no hole.
func named(t *testing.T, err error) {
	t.Helper()
	var field *field.Error
	if err.Error() == "" {
		t.Error("the error says nothing")
	}
	if errors.As(err, &field) && (strings.Contains(field.Path, "..") || strings.HasPrefix(field.Path, ".") || strings.HasSuffix(field.Path, ".")) {
		t.Errorf("the path %q has a hole", field.Path)
	}
}

// FuzzTransactions reads JSON.
func FuzzTransactions(f *testing.F) {
	for _, body := range []string{
		`{"transactions":{"booked":[{"transactionAmount":{"amount":"1.00","currency":"SEK"},"bookingDate":"2024-05-01"}],"_links":{"next":{"href":"/n"}}}}`,
		`{"transactions":{"pending":[{"transactionAmount":{"amount":1e2,"currency":null}}]},"balances":[{"balanceAmount":{"amount":"-0.00"}}]}`,
		`[{"transactionAmount":{"amount":"5 "},"creditorName":"x","remittanceInformationStructured":[{"reference":1}],"creditDebitIndicator":"DBIT"}]`,
	} {
		f.Add([]byte(body))
	}
	for _, q := range quirks {
		f.Add([]byte(q.wire))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		swiftly(t, func() {
			page, err := DecodeTransactions(body)
			if !bytes.Equal(body, before) {
				t.Error("the answer was changed")
			}
			if err != nil {
				named(t, err)
				return
			}
			usablePage(t, page, body)
			own := Account{IBAN: "SE1", OwnerName: "x"}
			page.Of(own)
			once := slices.Clone(page.Booked)
			if page.Of(own); !reflect.DeepEqual(page.Booked, once) {
				t.Error("whose account it is changes more when said twice")
			}
			for _, entry := range append(page.Booked, page.Pending...) {
				kept(t, body, entry.Raw)
				again, err := decodeTransaction(entry.Raw)
				if err != nil || again.BookingDate != entry.BookingDate || again.Remittance != entry.Remittance {
					t.Errorf("%s reads differently the second time: %+v, %v", entry.Raw, again, err)
				}
			}
		})
	})
}

// FuzzAccounts reads lists of accounts and single ones.
func FuzzAccounts(f *testing.F) {
	f.Add([]byte(oneAccount))
	f.Add([]byte(`[{"iban":"510025******4311","currency":"sek","balances":[{"balanceAmount":{"amount":"1"}}]}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		swiftly(t, func() {
			elements, err := list(body, "accounts")
			if err != nil {
				elements = []json.RawMessage{unwrap(body, "account")}
			}
			all, err := each(elements, "accounts", decodeAccount)
			if err != nil {
				named(t, err)
				return
			}
			for _, a := range all {
				usableBalances(t, a.Balances)
				kept(t, body, a.Raw)
				if strings.Contains(a.IBAN, " ") || a.Currency != strings.ToUpper(a.Currency) || a.Key() == "" {
					t.Errorf("%+v", a)
				}
			}
		})
	})
}

// FuzzBalances reads lists of balances.
func FuzzBalances(f *testing.F) {
	f.Add([]byte(`{"balances":[{"balanceAmount":{"amount":"1.50","currency":"SEK"},"balanceType":"expected","referenceDate":"2024-05-01","creditLimitIncluded":"true"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		swiftly(t, func() {
			elements, err := list(body, "balances")
			if err != nil {
				return
			}
			all, err := each(elements, "balances", decodeBalance)
			if err != nil {
				named(t, err)
				return
			}
			usableBalances(t, all)
			for _, b := range all {
				kept(t, body, b.Raw)
			}
		})
	})
}

// canned gives the same body to every request, without a network in between.
type canned struct{ body []byte }

func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	body := c.body
	if strings.HasSuffix(req.URL.Path, "/connect/token") {
		body = []byte(`{"access_token":"token","token_type":"Bearer"}`)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: req,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

func speaks(t *testing.T, body []byte) *Client {
	t.Helper()
	const host = "https://bank.example"
	client, err := New(Reach{Identity: Identity{ClientID: "id"}, Profile: Profile{Dialect: OpenPayments.Name, AuthURL: host, APIURL: host}}, Limit(canned{body}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// FuzzConsent reads a consent back.
func FuzzConsent(f *testing.F) {
	f.Add([]byte(`{"consentStatus":"valid","access":{"accounts":[{"iban":"SE1"}],"allPsd2":"allAccounts"},"recurringIndicator":"true","validUntil":"2024-05-01","frequencyPerDay":"4"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		swiftly(t, func() {
			c, err := speaks(t, body).Consent(t.Context(), Call{}, "1")
			if err != nil {
				named(t, err)
				return
			}
			kept(t, body, c.Raw)
			if encoded, err := json.Marshal(c.Access); err != nil || !json.Valid(encoded) {
				t.Errorf("%+v cannot be stored: %v", c.Access, err)
			}
		})
	})
}

// FuzzSCA reads an answer about an authorisation and what comes next.
func FuzzSCA(f *testing.F) {
	f.Add([]byte(`{"authorisationId":"1","scaStatus":"received","scaMethods":[{"authenticationMethodId":"m"}],"_links":{"scaRedirect":{"href":"https://bank.example/"}},"psuMessage":"hello"}`))
	f.Add([]byte(`{"consentId":"1","consentStatus":"accepted","_links":{"self":"/c","scaOAuth":{"href":null}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		swiftly(t, func() {
			said, err := decodeSCA(request{}, answer{status: http.StatusOK, header: http.Header{}, body: body})
			if err != nil {
				named(t, err)
				return
			}
			for name, link := range said.Links {
				if link == "" || link != strings.TrimSpace(link) {
					t.Errorf("link %q is %q", name, link)
				}
			}
			if next := NextStep(said); next.Step == "" || next.Step == StepRedirect && next.Link == "" {
				t.Errorf("%+v leads to %+v", said, next)
			}
		})
	})
}

// FuzzLink goes to no link of a bank's that is not on its host, however it is
// written, and returns a browser no address it would read otherwise.
func FuzzLink(f *testing.F) {
	for _, link := range leadingTo("http://127.0.0.1:8021", "http://127.0.0.1:631") {
		f.Add(link)
	}
	const host = "https://bank.example"
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: host}}, canned{})
	if err != nil {
		f.Fatal(err)
	}
	rooted := *client
	rooted.reach.Prefix, rooted.dialect.LinksFromRoot = everywhere("/"), true
	f.Fuzz(func(t *testing.T, link string) {
		for _, client := range []*Client{client, &rooted} {
			if address, err := client.address(request{service: ConsentService, path: "/x", link: link}); err == nil {
				if origin, err := OriginOf(address); origin != host {
					t.Errorf("%q goes to %q: %v", link, address, err)
				}
			}
			page, err := client.PageURL(link, "b")
			if err != nil {
				continue
			}
			origin, err := OriginOf(page.String())
			rest, begins := strings.CutPrefix(page.String(), string(origin))
			if err != nil || origin.Private() || !begins || rest != "" && !strings.ContainsAny(rest[:1], "/?#") {
				t.Errorf("%q is opened as %q: %v", link, page, err)
			}
		}
	})
}

// FuzzDirectory reads what the directory says of banks.
func FuzzDirectory(f *testing.F) {
	f.Add([]byte(`{"bicFi":"NRSKSESS","name":"Norrsken Bank ","affiliatedAspsps":[{"id":"1","name":"x"}]}`))
	f.Add([]byte(`{"aspsps":[{"bicFi":"NRSKSESS","name":null}],"countries":[{"isoCountryCode":"se"}],"cities":[{"cityId":7}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		swiftly(t, func() {
			if d, err := DecodeASPSPDetails(body); err == nil {
				if again, err := DecodeASPSPDetails(d.Raw); err != nil || again.Name != d.Name {
					t.Errorf("%s reads differently the second time: %v", body, err)
				}
			}
			if elements, err := list(body, "aspsps"); err == nil {
				_, _ = each(elements, "aspsps", decodeASPSP)
			}
			if elements, err := list(body, "countries"); err == nil {
				countries, _ := each(elements, "countries", decodeCountry)
				for _, c := range countries {
					if c.Code != strings.ToUpper(c.Code) {
						t.Errorf("%+v", c)
					}
				}
			}
			if elements, err := list(body, "cities"); err == nil {
				_, _ = each(elements, "cities", decodeCity)
			}
		})
	})
}

// FuzzRefusal reads whatever a bank calls an error.
func FuzzRefusal(f *testing.F) {
	for _, body := range []string{`{"tppMessages":[{"code":"X"}]}`, `[{"code":"X"}]`, `{"error":"invalid_client"}`, `{"error_class":"X"}`, `<html>`, ``} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		swiftly(t, func() {
			req, err := http.NewRequest(http.MethodGet, "https://bank.example/accounts", nil)
			if err != nil {
				t.Fatal(err)
			}
			e := decodeError(req, &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}}, body)
			if e.Kind != Refused || len(e.Body) > maxKept || e.Error() == "" {
				t.Errorf("%+v", e)
			}
			if !bytes.Equal(body, before) {
				t.Error("the answer was changed")
			}
		})
	})
}

// FuzzReport reads a report of which nothing is known.
func FuzzReport(f *testing.F) {
	for _, name := range []string{"camt053v02.xml", "camt052v08.xml", "statement.mt940", "interim.mt942"} {
		f.Add("text/plain;charset=iso-8859-1", sample(f, "../statement/testdata/"+name))
	}
	f.Add("application/json", []byte(`{"booked":[{"transactionAmount":{"amount":1}}]}`))
	f.Add("text/html", []byte(`<!doctype html>`))
	f.Fuzz(func(t *testing.T, mediaType string, body []byte) {
		swiftly(t, func() {
			page, err := DecodeReport(mediaType, body)
			if err != nil {
				named(t, err)
				return
			}
			usablePage(t, page, toUTF8(body, mediaType))
		})
	})
}
