package frontend

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/joshdk/go-junit"

	"consentry/app"
	"consentry/app/fresh"
	"consentry/app/verdict"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/conformance"
)

func exampleReport() verdict.Report {
	departure := verdict.Departure{Side: conformance.Answer, In: conformance.InBody, Name: "/accounts/*/status", Rule: conformance.RuleEnum, Wants: "enabled, deleted, blocked", Value: hostile, Clause: "#/components/schemas/accountStatus/enum", Count: 12, Latest: 40}
	missing := verdict.Departure{Side: conformance.Request, In: conformance.InHeader, Name: "Consent-ID", Rule: conformance.RuleRequired, Clause: "#/components/parameters/consentId_HEADER_mandatory", Count: 1, Latest: 39}
	return verdict.Report{
		Environment: "sandbox", EnvironmentName: "Practice banks", BIC: "kruemel", BankName: hostile, Definitions: []verdict.Definition{{Name: "NextGenPSD2 XS2A Framework", Version: "1.3.12"}},
		MadeAt: now, From: daysAgo(3), To: now, Exchanges: 14, Older: true, Kept: 1, Departing: 12, Undefined: 1,
		Operations: []verdict.Operation{
			{Name: "GET /v1/accounts", Seen: 12, Departing: 12, Median: verdict.Millis(23 * time.Millisecond), Slowest: verdict.Millis(11 * time.Second), Statuses: []verdict.Status{{Count: 2}, {Status: 200, Count: 10}}, Departures: []verdict.Departure{departure, missing}},
			{Name: "GET /v1/consents/{consentId}", Seen: 1, Median: verdict.Millis(time.Microsecond), Slowest: verdict.Millis(time.Microsecond), Statuses: []verdict.Status{{Status: 200, Count: 1}}},
			{Name: "POST /v1/funds-confirmations"},
		},
		Beyond: []verdict.Beyond{{Operation: "getClientToken", Count: 1, Latest: 7}},
		Interfaces: []verdict.Interface{
			{Dialect: "berlingroup", Name: "Berlin Group NextGenPSD2", Spoken: true, Operations: []verdict.Described{
				{Name: "GET /accounts", Seen: 12, Held: conformance.HoldsBoth}, {Name: "GET /consents/{id}", Held: conformance.HoldsBoth},
				{Name: "POST /{service}/{product}", Seen: 1, Held: conformance.HoldsBoth, Further: true},
			}},
			{Dialect: "saltedge", Name: "Salt Edge PSD2 Compliance", Spoken: true, Operations: []verdict.Described{
				{Name: "GET /accounts", Seen: 1, Held: conformance.HoldsRequests}, {Name: "POST /accounts/refresh", Held: conformance.HoldsNothing},
			}},
			{Dialect: "openpayments", Name: "Open Payments Europe", Operations: []verdict.Described{{Name: "GET /aspsps", Held: conformance.HoldsBoth}}},
		},
	}
}

// definitionScreens are the views of verdicts with the data that is hardest on them.
func definitionScreens() map[string]templ.Component {
	odd := conformance.Verdict{Source: &conformance.OpenPayments, Operation: "GET /accountinformation/v1/accounts", More: 3, Violations: []conformance.Violation{
		{Place: conformance.Place{Side: conformance.Answer, In: conformance.InBody, Name: "/accounts/0/" + hostile}, Rule: conformance.RulePattern, Wants: hostile, Value: hostile, Clause: "#/components/schemas/iban/pattern"},
		{Place: conformance.Place{Side: conformance.Answer, In: conformance.InStatus}, Rule: conformance.RuleStatus, Value: "418", Clause: "#/paths/~1v1"},
		{Place: conformance.Place{Side: conformance.Request, In: conformance.InQuery, Name: "dateFrom"}, Rule: conformance.RuleRequired, Clause: "#/components/parameters/dateFrom"},
	}}
	for _, why := range conformance.Reasons {
		odd.Unseen = append(odd.Unseen, conformance.Unseen{Place: conformance.Place{Side: conformance.Answer, In: conformance.InHeader, Name: hostile}, Why: why})
	}
	kept := conformance.Verdict{Source: &conformance.BerlinGroup, Operation: "GET /v1/accounts"}
	run := verdict.Progress{Environment: "sandbox", Scope: verdict.Scope{Environment: "sandbox", After: 7}, StartedAt: now, Done: 3, Total: 9, Bank: hostile, Step: "getBalances"}
	over := run
	over.EndedAt, over.Done, over.Answered, over.Refused = now, 9, 5, 1
	for _, why := range []verdict.SkippedWhy{verdict.SkippedQuota, verdict.SkippedEnded, verdict.SkippedPerson, verdict.SkippedOther} {
		over.Skipped = append(over.Skipped, verdict.Skipped{Bank: hostile, Step: "getBalances", Why: why})
	}
	stopping, stopped := run, over
	stopping.Stopped, stopped.Stopped = true, true
	environment := storage.Environment{ID: "sandbox", Name: hostile}
	whole := exampleReport()
	whole.BIC, whole.BankName, whole.Banks = "", "", []verdict.Bank{{BIC: "kruemel", Name: hostile, Exchanges: 12, Departing: 11}, {Exchanges: 2}, {BIC: "HAMNSEG0", Exchanges: 1}}
	nothing := verdict.Report{Environment: "e1", EnvironmentName: hostile, MadeAt: now}
	return map[string]templ.Component{
		"verdict":            verdictCard(odd),
		"verdict-kept":       verdictCard(kept),
		"verdict-undefined":  verdictCard(conformance.Verdict{Source: &conformance.BerlinGroup}),
		"verdict-none":       verdictCard(conformance.Verdict{}),
		"definitions":        definitionsScreen(conformance.Sources),
		"report":             reportScreen(reportView{exampleReport(), verdict.Scope{Flow: "c1"}}),
		"report-run":         reportScreen(reportView{whole, verdict.Scope{Environment: "sandbox", After: 7}}),
		"report-bank-run":    reportScreen(reportView{exampleReport(), verdict.Scope{Environment: "sandbox", BIC: "kruemel", After: 7}}),
		"report-nothing":     reportScreen(reportView{nothing, verdict.Scope{Environment: "e1", After: 7}}),
		"check-run":          checkRunScreen(checkRunView{Environment: environment}),
		"check-run-running":  checkRunScreen(checkRunView{Environment: environment, Progress: &run}),
		"check-run-stopping": checkRunScreen(checkRunView{Environment: environment, Progress: &stopping}),
		"check-run-over":     checkRunScreen(checkRunView{Environment: environment, Progress: &over}),
		"check-run-stopped":  checkRunScreen(checkRunView{Environment: environment, Progress: &stopped}),
		"check-run-nothing":  checkRunScreen(checkRunView{Environment: environment, Nothing: true}),
	}
}

func TestDefinitionScreens(t *testing.T) { golden(t, definitionScreens()) }

// TestVerdictsHaveWords: each rule, reason and mistake has its own, so that none is shown empty.
func TestVerdictsHaveWords(t *testing.T) {
	for _, rule := range conformance.Rules {
		if definedWords[rule].alone == "" {
			t.Errorf("the rule %q has no words", rule)
		}
	}
	if len(definedWords) != len(conformance.Rules) {
		t.Errorf("%d rules have words, of %d", len(definedWords), len(conformance.Rules))
	}
	for _, why := range conformance.Reasons {
		if whyWords[why] == "" {
			t.Errorf("the reason %q has no words", why)
		}
	}
	for _, source := range conformance.Sources {
		for _, mistake := range source.Mistakes() {
			if said := mistakeWords[mistake.ID]; said.name == "" || said.why == "" {
				t.Errorf("the mistake %q has no words", mistake.ID)
			}
		}
	}
}

// TestReportFiles saves a report in each form, which libraries of other hands read, and shows
// the same on a page; a verdict stands on an exchange's own page, and a mark in the list.
func TestReportFiles(t *testing.T) {
	t.Parallel()
	store := fresh.Store(t, time.Now)
	if err := store.PutEnvironment(t.Context(), storage.Environment{ID: "mine", Name: "My bank", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: "https://b.example/xs2a"}}); err != nil {
		t.Fatal(err)
	}
	e := exampleExchange(0, "getAccountList", "GET", "https://b.example/xs2a/v1/accounts", 200).Exchange
	e.FlowID, e.Answer.Body = "", `{"accounts":[{"iban":"no iban","currency":"EUR"}]}`
	if err := store.AddExchange(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	application := app.New(app.Config{Store: store})
	t.Cleanup(application.Close)
	s := &Server{app: application, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	ask := func(method, address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, address, nil))
		return w
	}
	const departure = "/accounts/*/iban"
	for address, says := range map[string]string{
		"/activity/report?environment=mine": departure, "/activity/exchanges/1": departure, "/activity/flows/-": " departures",
		"/activity/report?environment=mine&after=1": "Nothing of this is in the record", "/environments/mine/run": "Run the checks",
	} {
		if w := ask(http.MethodGet, address); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s: %d, without %q: %s", address, w.Code, says, w.Body.String())
		}
	}
	if w := ask(http.MethodPost, "/environments/mine/run"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "There is nothing to ask.") {
		t.Errorf("a run with nothing to ask: %d", w.Code)
	}
	file := ask(http.MethodGet, "/activity/report/junit?environment=mine")
	suites, err := junit.Ingest(file.Body.Bytes())
	if err != nil || !strings.HasSuffix(file.Header().Get("Content-Disposition"), `-junit.xml"`) {
		t.Fatal(err, file.Header())
	}
	failed := 0
	for _, suite := range suites {
		failed += suite.Totals.Failed
	}
	if failed != 1 {
		t.Errorf("%d exchanges failed", failed)
	}
	var report verdict.Report
	if err := json.Unmarshal(ask(http.MethodGet, "/activity/report/json?environment=mine").Body.Bytes(), &report); err != nil || report.Departing != 1 || report.Environment != "mine" {
		t.Errorf("%+v, %v", report, err)
	}
	for _, address := range []string{"/activity/report", "/activity/report?environment=other", "/activity/report?flow=other", "/activity/report/exe?environment=mine", "/environments/other/run"} {
		if w := ask(http.MethodGet, address); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	again := e // as it happens: the page of a flow asks what came since, and has its verdict with it
	again.Answer.Body = `{"accounts":[{"iban":null,"currency":1}]}`
	if err := store.AddExchange(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if w := ask(http.MethodGet, "/activity/flows/-?since=1"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "exchanges/2") || strings.Count(w.Body.String(), " departures") != 2 {
		t.Errorf("as it happens: %d", w.Code)
	}
	refused := exampleExchange(0, "createConsent", "POST", "https://b.example/xs2a/v1/consents", 401).Exchange
	elsewhere := refused // where no environment is any more
	refused.FlowID, elsewhere.FlowID, elsewhere.URL = "refused", "gone", "https://gone.example/v1/consents"
	if err := errors.Join(store.AddExchange(t.Context(), refused), store.AddExchange(t.Context(), elsewhere)); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]struct {
		code int
		says string
	}{
		"/activity/flows/refused": {http.StatusOK, "/activity/report?flow=refused"}, "/activity/report?flow=refused": {http.StatusOK, "POST /v1/consents"},
		"/activity/flows/gone": {http.StatusOK, "1 exchange"}, "/activity/report?flow=gone": {http.StatusNotFound, ""},
	} {
		if w := ask(http.MethodGet, address); w.Code != want.code || !strings.Contains(w.Body.String(), want.says) || strings.Contains(w.Body.String(), "report?flow=gone") {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
}
