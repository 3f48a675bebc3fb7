package quirk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/storage"
	"consentry/xs2a/record"
)

// noon is when the first exchange of each row was.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// sent is an exchange of a row.
type sent struct {
	method, path string
	status       int
	header       string // "Name: value", of the answer
	body         string // of one that was cut after CUT
	flow         string
	alone        bool // without the person
	after        time.Duration
}

const (
	api  = "https://bank.example/v1"
	list = "/accounts/1/transactions?bookingStatus=both&dateFrom="
)

// recorded makes a row's exchanges of the record, the newest first, and when the reads were.
func recorded(all []sent) (exchanges []storage.Exchange, moments map[string]time.Time) {
	moments = map[string]time.Time{}
	for i, one := range all {
		e := storage.Exchange{ID: int64(i + 1)}
		id := fmt.Sprint("request-", i)
		e.FlowID, e.Method, e.URL, e.Status, e.Attended = one.flow, one.method, api+one.path, one.status, !one.alone
		e.Started, e.Took = noon.Add(one.after), 20*time.Millisecond
		e.Request.Header = []record.HeaderField{{Name: http.CanonicalHeaderKey("X-Request-ID"), Value: id}}
		name, value, set := strings.Cut(one.header, ": ")
		if set {
			e.Answer.Header = append(e.Answer.Header, record.HeaderField{Name: http.CanonicalHeaderKey(name), Value: value})
		}
		if name != "Content-Type" {
			e.Answer.Header = append(e.Answer.Header, record.HeaderField{Name: "Content-Type", Value: "application/json"})
		}
		e.Answer.Body, e.Answer.Cut = strings.CutPrefix(one.body, "CUT")
		e.Answer.Size = int64(len(one.body))
		moments[id] = e.Started
		exchanges = append(exchanges, e)
	}
	slices.Reverse(exchanges)
	return exchanges, moments
}

// learned are the findings of a kind, each as its value, how often it was seen, and by which exchanges.
func learned(k Kind, all []sent) string {
	exchanges, moments := recorded(all)
	l := newLearner(moments)
	for _, e := range exchanges {
		l.add(e)
	}
	var said []string
	for _, card := range l.cards() {
		if card.Kind != k {
			continue
		}
		for _, one := range card.Learned {
			text := fmt.Sprintf("%s×%d%v", one.Value, one.Times, one.Exchanges)
			if one.Refused > 0 {
				text += fmt.Sprint("<", one.Refused)
			}
			said = append(said, text)
		}
	}
	return strings.Join(said, " ")
}

// listed is a list of transactions that was asked for from a day on.
func listed(from, body string) sent {
	return sent{method: "GET", path: list + from, status: 200, body: body}
}

func booked(entries ...string) string {
	return `{"transactions":{"booked":[` + strings.Join(entries, ",") + `]}}`
}

// entry is one with an id as JSON, an amount as JSON, and a text.
func entry(id, amount, text string) string {
	return `{` + id + `"bookingDate":"2026-03-01","transactionAmount":{"currency":"EUR","amount":` + amount + `},"remittanceInformationUnstructured":"` + text + `"}`
}

func TestLearned(t *testing.T) {
	const refusedPeriod = `{"tppMessages":[{"category":"ERROR","code":"PERIOD_INVALID"}]}`
	granted := sent{method: "GET", path: "/consents/c", status: 200, flow: "f", body: `{"recurringIndicator":true,"frequencyPerDay":2}`}
	alone := func(path string, status int, hours int) sent {
		return sent{method: "GET", path: path, status: status, flow: "f", alone: true, after: time.Duration(hours) * time.Hour, body: `{}`}
	}
	pageOf := func(next string) string {
		return `{"transactions":{"booked":[` + entry(`"transactionId":"1",`, `"1.00"`, "a") + `],"_links":{"next":` + next + `}}}`
	}
	for name, row := range map[string]struct {
		kind Kind
		want string
		sent []sent
	}{
		"approach by its link, which goes before the header": {Approach, "oauth×1[1]", []sent{{method: "POST", path: "/consents", status: 201, header: "ASPSP-SCA-Approach: REDIRECT", body: `{"_links":{"scaOAuth":{"href":"x"}}}`}}},
		"approach by the header":                             {Approach, "decoupled×1[1]", []sent{{method: "POST", path: "/consents", status: 201, header: "aspsp-sca-approach: DECOUPLED", body: `{}`}}},
		"no approach while the link is to come":              {Approach, "", []sent{{method: "POST", path: "/consents", status: 201, header: "ASPSP-SCA-Approach: REDIRECT", body: `{"_links":{"startAuthorisation":{"href":"x"}}}`}}},
		"several approaches, the surest first": {Approach, "embedded×2[3 1] redirect×1[2]", []sent{
			{method: "POST", path: "/consents", status: 201, header: "ASPSP-SCA-Approach: EMBEDDED", body: `{}`},
			{method: "POST", path: "/consents", status: 302, header: "ASPSP-SCA-Approach: REDIRECT"},
			{method: "POST", path: "/consents", status: 201, header: "ASPSP-SCA-Approach: EMBEDDED", body: `{}`}}},
		"a forgotten authorisation": {SCAStatus, "forgotten×1[1]", []sent{{method: "GET", path: "/consents/c/authorisations/a", status: 404}}},
		"a withdrawal":              {EndStatus, "202×1[1]", []sent{{method: "DELETE", path: "/consents/c", status: 202}}},
		"location as JSON":          {Location, "json×1[1]", []sent{{method: "POST", path: "/consents", status: 201, header: `Location: {"href":"x"}`, body: `{}`}}},

		"days refused and served":                    {Period, "89×2[2 1]<729", []sent{{method: "GET", path: list + "2024-03-03", status: 400, body: refusedPeriod}, listed("2025-12-03", booked())}},
		"all days served":                            {Period, "", []sent{listed("2024-03-03", booked())}},
		"more days just after the approval":          {Period, "89×2[3 2]<729 729×1[1]", []sent{listed("2024-03-03", booked()), {method: "GET", path: list + "2024-03-03", status: 400, body: refusedPeriod}, listed("2025-12-03", booked())}},
		"refused for something else than the period": {Period, "", []sent{{method: "GET", path: list + "2024-03-03", status: 400, body: `{"tppMessages":[{"code":"FORMAT_ERROR"}]}`}, listed("2025-12-03", booked())}},

		"pages by a link":              {Paging, "inside×1[1]", []sent{listed("2026-02-01", pageOf(`{"href":"/v1/next"}`))}},
		"pages by offset, until empty": {Paging, "emptyLast×1[2] inside×1[1] offset×1[1]", []sent{listed("2026-02-01", pageOf(`{"href":"/v1/accounts/1/transactions?offset=1&limit=1"}`)), {method: "GET", path: "/accounts/1/transactions?offset=1&limit=1", status: 200, body: booked()}}},
		"the next page is itself":      {Paging, "inside×1[1] self×1[1]", []sent{listed("2026-02-01", pageOf(`"`+api+list+`2026-02-01"`))}},
		"the next page beside":         {Paging, "beside×1[1]", []sent{listed("2026-02-01", `{"transactions":{"booked":[]},"_links":{"next":{"href":"/n"}}}`)}},
		"whole lists":                  {Paging, "whole×1[1]", []sent{listed("2026-02-01", booked(entry("", `"1.00"`, "a")))}},
		"one page among others tells nothing of whole lists": {Paging, "inside×1[1]", []sent{listed("2026-02-01", pageOf(`{"href":"/v1/next"}`)), listed("2026-02-02", booked(entry("", `"1.00"`, "a")))}},

		"both statuses refused":   {BookingStatus, "apart×1[1]", []sent{{method: "GET", path: list + "2026-02-01", status: 400, body: `{"tppMessages":[{"code":"PARAMETER_NOT_SUPPORTED"}]}`}}},
		"no pending ones":         {BookingStatus, "noPending×1[1]", []sent{{method: "GET", path: "/accounts/1/transactions?bookingStatus=pending", status: 400, body: `{"tppMessages":[{"text":"bookingStatus"}]}`}}},
		"delta refused, not both": {BookingStatus, "", []sent{{method: "GET", path: "/accounts/1/transactions?bookingStatus=both&deltaList=true", status: 400, body: `{"tppMessages":[{"code":"PARAMETER_NOT_SUPPORTED"}]}`}}},
		"what is new alone": {Delta, "entryReferenceFrom×1[2] refused×1[1]", []sent{
			{method: "GET", path: "/accounts/1/transactions?deltaList=true", status: 400}, {method: "GET", path: "/accounts/1/transactions?entryReferenceFrom=x", status: 200, body: booked()}}},
		"a report that is no JSON": {ReportForm, "text×1[1]", []sent{{method: "GET", path: list + "2026-02-01", status: 200, header: "Content-Type: text/plain", body: ":20:A"}}},

		"ids":                            {EntryIDs, "own×1[1]", []sent{listed("2026-02-01", booked(entry(`"transactionId":"1",`, `"1.00"`, "a"), entry(`"transactionId":"2",`, `"1.00"`, "b")))}},
		"poor ids, several ways a page":  {EntryIDs, "blank×1[1] missing×1[1] placeholder×1[1]", []sent{listed("2026-02-01", booked(entry(`"transactionId":" ",`, `"1.00"`, "a"), entry(`"transactionId":"NOTPROVIDED",`, `"1.00"`, "b"), entry("", `"1.00"`, "c")))}},
		"the same id twice":              {EntryIDs, "double×1[1]", []sent{listed("2026-02-01", booked(entry(`"transactionId":"1",`, `"1.00"`, "a"), entry(`"transactionId":"1",`, `"1.00"`, "b")))}},
		"other ids when read again":      {EntryIDs, "own×2[2 1] renamed×1[1]", []sent{listed("2026-02-01", booked(entry(`"transactionId":"1",`, `"1.00"`, "a"), entry(`"transactionId":"2",`, `"1.00"`, "b"))), listed("2026-02-01", booked(entry(`"transactionId":"3",`, `"1.00"`, "a"), entry(`"transactionId":"4",`, `"1.00"`, "b")))}},
		"equal transactions have theirs": {EntryIDs, "own×2[2 1]", []sent{listed("2026-02-01", booked(entry(`"transactionId":"1",`, `"1.00"`, "a"), entry(`"transactionId":"2",`, `"1.00"`, "a"))), listed("2026-02-01", booked(entry(`"transactionId":"2",`, `"1.00"`, "a")))}},
		"another id once booked": {EntryIDs, "own×1[2] renamedOnBooking×1[1]", []sent{
			listed("2026-02-01", `{"transactions":{"pending":[`+entry(`"transactionId":"p1",`, `"1.00"`, "a")+`]}}`),
			listed("2026-02-01", booked(strings.Replace(entry(`"transactionId":"1",`, `"1.00"`, "a"), "2026-03-01", "2026-03-02", 1)))}},
		"last month's is another one": {EntryIDs, "own×1[2]", []sent{listed("2026-02-01", `{"transactions":{"pending":[`+entry(`"transactionId":"p1",`, `"1.00"`, "a")+`]}}`), listed("2026-02-01", booked(entry(`"transactionId":"1",`, `"1.00"`, "a")))}},
		"what was cut is not missing": {EntryIDs, "own×1[1]", []sent{listed("2026-02-01", "CUT"+`{"transactions":{"booked":[`+entry(`"transactionId":"1",`, `"1.00"`, "a")+`,{"transactionAmount":{"amou`)}},
		"accounts under another id": {AccountIDs, "changed×1[1]", []sent{
			{method: "GET", path: "/accounts", status: 200, flow: "f", body: `{"accounts":[{"iban":"X1","resourceId":"a"}]}`}, {method: "GET", path: "/accounts", status: 200, flow: "g", body: `{"accounts":[{"iban":"X1","resourceId":"b"}]}`}}},

		"amounts in every form": {Amounts, "blank×1[1] comma×1[1] long×1[1] number×1[1] short×1[1] text×1[1]", []sent{{method: "GET", path: "/accounts/1/balances", status: 200,
			body: `{"balances":[{"amount":"1.00"},{"amount":"1.0 "},{"amount":1},{"amount":"5166"},{"amount":"1.000,50"},{"amount":"1.123"}]}`}}},
		"days and moments":          {Dates, "day×1[1] other×1[1] time×1[1] zone×1[1]", []sent{{method: "GET", path: "/x", status: 200, body: `[{"bookingDate":"2026-03-01"},{"bookingDate":"2026-03-01T00:00:00"},{"valueDate":"2026-03-01T00:00:00.000+01:00"},{"valueDate":"01.03.2026"}]`}}},
		"a secret shows no form":    {Amounts, "", []sent{{method: "GET", path: "/x", status: 200, body: `{"amount":"` + record.Redacted + `"}`}}},
		"no signs":                  {Signs, "unsigned×1[1]", []sent{listed("2026-02-01", booked(`{"creditorName":"A","transactionAmount":{"amount":"5.00"}}`))}},
		"signs":                     {Signs, "signed×1[1]", []sent{listed("2026-02-01", booked(`{"creditorName":"A","transactionAmount":{"amount":"-5.00"}}`))}},
		"money that came tells not": {Signs, "", []sent{listed("2026-02-01", booked(`{"debtorName":"A","transactionAmount":{"amount":"5.00"}}`))}},
		"the same type twice":       {Balances, "double×1[1]", []sent{{method: "GET", path: "/accounts/1/balances", status: 200, body: `{"balances":[{"balanceType":"a"},{"balanceType":"a"}]}`}}},
		"links":                     {Links, "null×1[1] object×1[1] relative×1[1] text×1[1]", []sent{{method: "GET", path: "/x", status: 200, body: `{"_links":{"a":{"href":"/v1"},"b":"/v1","c":{"href":null}}}`}}},
		"a bare list of accounts":   {Envelopes, "bare×1[1]", []sent{{method: "GET", path: "/accounts", status: 200, body: `[{"iban":"X"}]`}}},
		"flags as text":             {Flags, "text×1[1]", []sent{{method: "GET", path: "/x", status: 200, body: `{"recurringIndicator":"true"}`}}},
		"a text as a list":          {Remittance, "list×1[1] object×1[1]", []sent{{method: "GET", path: "/x", status: 200, body: `{"remittanceInformationUnstructuredArray":["a"],"remittanceInformationStructured":{"reference":"b"}}`}}},

		"granted reads": {Quota, "2×1[1]", []sent{granted}},
		"each account and endpoint counts": {QuotaCount, "endpoint×1[5]", []sent{granted,
			alone("/accounts", 200, 1), alone("/accounts/1/balances", 200, 1), alone("/accounts/1/balances", 200, 2), alone("/accounts/1/balances", 429, 3)}},
		"pages count": {QuotaCount, "pages×1[4]", []sent{granted,
			{method: "GET", path: "/accounts/1/transactions?dateFrom=2026-02-01", status: 200, flow: "f", alone: true, body: pageOf(`{"href":"/v1/accounts/1/transactions?page=2"}`)},
			alone("/accounts/1/transactions?page=2", 200, 1), alone("/accounts/1/transactions?dateFrom=2026-03-01", 429, 2)}},
		"all reads under a consent count":  {QuotaCount, "consent×1[4]", []sent{granted, alone("/accounts", 200, 1), alone("/accounts/1/balances", 200, 2), alone("/accounts/2/balances", 429, 3)}},
		"fewer than it granted":            {QuotaCount, "fewer×1[3]", []sent{granted, alone("/accounts", 200, 1), alone("/accounts", 429, 2)}},
		"what was a day ago does not":      {QuotaCount, "fewer×1[4]", []sent{granted, alone("/accounts", 200, 1), alone("/accounts", 200, 2), alone("/accounts", 429, 30)}},
		"the person's own count":           {QuotaCount, "person×1[1]", []sent{{method: "GET", path: "/accounts", status: 429, flow: "f"}}},
		"when to ask again":                {RetryAfter, "absent×1[2] seconds×1[1]", []sent{{method: "GET", path: "/accounts", status: 429, header: "Retry-After: 60"}, {method: "GET", path: "/accounts", status: 503}}},
		"refusals: messages":               {Errors, "tppMessages×1[1]", []sent{{method: "GET", path: "/x", status: 400, body: `{"tppMessages":[{"code":"A"}]}`}}},
		"refusals: one message":            {Errors, "tppMessage×1[1]", []sent{{method: "GET", path: "/x", status: 400, body: `{"tppMessage":{"code":"A"}}`}}},
		"refusals: a bare list":            {Errors, "list×1[1]", []sent{{method: "GET", path: "/x", status: 400, body: `[{"code":"A"}]`}}},
		"refusals: a problem document":     {Errors, "problem×1[1]", []sent{{method: "GET", path: "/x", status: 400, header: "Content-Type: application/problem+json", body: `{"title":"A"}`}}},
		"refusals: of OAuth":               {Errors, "oauth×1[1]", []sent{{method: "GET", path: "/x", status: 400, body: `{"error":"invalid_grant"}`}}},
		"refusals: a page":                 {Errors, "html×1[1]", []sent{{method: "GET", path: "/x", status: 502, header: "Content-Type: text/html", body: `<p>Bad gateway`}}},
		"refusals: nothing":                {Errors, "empty×1[1]", []sent{{method: "GET", path: "/x", status: 500}}},
		"refusals: another text":           {Errors, "text×1[1]", []sent{{method: "GET", path: "/x", status: 500, body: "Oops"}}},
		"no answer shows nothing":          {Errors, "", []sent{{method: "GET", path: "/x"}}},
		"how long it takes":                {Latency, "20×2[]", []sent{{method: "GET", path: "/x", status: 200}, {method: "GET", path: "/y", status: 200}}},
		"what is no JSON shows no form":    {Amounts, "", []sent{{method: "GET", path: "/x", status: 200, body: `{"amount":"1.00"`}}},
		"what is deep is read so far":      {Amounts, "", []sent{{method: "GET", path: "/x", status: 200, body: strings.Repeat("[", 5000) + `{"amount":"1.00"}` + strings.Repeat("]", 5000)}}},
		"an explicit null":                 {Nulls, "null×1[1]", []sent{{method: "GET", path: "/x", status: 200, body: `{"a":null}`}}},
		"a value is seen once an exchange": {Amounts, "text×1[1]", []sent{{method: "GET", path: "/x", status: 200, body: `[{"amount":"1.00"},{"amount":"2.00"}]`}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := learned(row.kind, row.sent); got != row.want {
				t.Errorf("learned %q, want %q", got, row.want)
			}
		})
	}
}

// TestKindsAreWhole holds the table of kinds together: each stands there once, and has values or bounds.
func TestKindsAreWhole(t *testing.T) {
	names := map[Kind]bool{}
	for _, k := range kinds {
		if names[k.Kind] || (k.values == nil) == (k.most == 0) {
			t.Errorf("%s: %+v", k.Kind, k)
		}
		names[k.Kind] = true
		for _, value := range k.values {
			if strings.ContainsAny(value, " \t") {
				t.Errorf("%s: %q has a blank, which stands between values", k.Kind, value)
			}
		}
	}
}

// TestLearnerIsFull reads a bounded part of what was sent, the newest.
func TestLearnerIsFull(t *testing.T) {
	one := sent{method: "GET", path: "/accounts", status: 200, body: `{"accounts":[{"iban":null}]}`}
	exchanges, moments := recorded([]sent{one, one, one})
	l := newLearner(moments)
	l.bytes = mostRead - 2*len(one.body)
	for _, e := range exchanges {
		l.add(e)
	}
	if found := l.findings[Nulls]["null"]; found == nil || found.Times != 2 || found.Exchanges[0] != 3 || !l.full() {
		t.Errorf("learned %+v", found)
	}
}
