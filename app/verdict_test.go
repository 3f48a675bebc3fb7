package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"consentry/app/bank"
	"consentry/app/verdict"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/conformance"
)

// linked links a practice bank, and stops the first fetch.
func (w *world) linked(at string) storage.Consent {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, at, w.psu.Login
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	flow := w.walk(id)
	if flow.Outcome != storage.Succeeded {
		w.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	w.Reader().Stop(flow.Consent.ID)
	w.await("the fetch ends", func() bool { j := w.Reader().Job(flow.Consent.ID); return j == nil || !j.Running() })
	return flow.Consent
}

// checked has all asked that is only read, and reports on one bank.
func (w *world) checked(at string) verdict.Report {
	w.Helper()
	w.Seen()
	w.must(w.Verdicts().Begin(w.Context(), bank.SandboxID, &person))
	w.await("the run ends", func() bool { return !w.Verdicts().Progress(bank.SandboxID).Running() })
	progress := w.Verdicts().Progress(bank.SandboxID)
	if progress.Done != progress.Total || len(progress.Skipped) > 0 || progress.Answered == 0 {
		w.Errorf("the run: %+v", progress)
	}
	scope := progress.Scope
	scope.BIC = at
	report, err := w.Verdicts().Report(w.Context(), scope)
	w.must(err)
	return report
}

// departures are those of a report, each in a line.
func departures(report verdict.Report) (all []string) {
	for _, operation := range report.Operations {
		for _, each := range operation.Departures {
			all = append(all, fmt.Sprintf("%s %s %s %s: %s", each.Side, each.In, each.Name, each.Rule, operation.Name))
		}
	}
	slices.Sort(all)
	return all
}

// habits are what the practice banks that depart from the definition on purpose show where
// they are only read: what is always there, and what may be, since transactions and balances
// differ from day to day. All others keep to it.
var habits = map[string]struct {
	always []string
	may    string
}{
	"kruemel": {[]string{
		"answer body  body: GET /v1/consents/{consentId}/authorisations/{authorisationId}", // nothing at all for an answer
		"answer body /accounts/*/_links/balances type: GET /v1/accounts",                   // bare links
		"answer body /account/_links/balances type: GET /v1/accounts/{account-id}",
	}, `_links/[A-Za-z]+ type: `},
	"zahlenwirr": {[]string{
		"answer body /frequencyPerDay type: GET /v1/consents/{consentId}", // counts and flags as texts
		"answer body /recurringIndicator type: GET /v1/consents/{consentId}",
		"answer body /accounts/*/bban nullable: GET /v1/accounts", // null for what is not there
		"answer body /account/bban nullable: GET /v1/accounts/{account-id}",
	}, ` nullable: |/purposeCode enum: |/amount (pattern|type): `},
	"huellenlos": {[]string{
		"answer body  type: GET /v1/accounts", // without envelopes
		"answer body /account required: GET /v1/accounts/{account-id}",
	}, ` /(scaStatus|transactionsDetails|consentStatus|balances|transactions) required: |answer body  type: `},
	"datumsfroh": {[]string{
		"answer body /accounts/*/status enum: GET /v1/accounts", // words of its own
		"answer body /account/status enum: GET /v1/accounts/{account-id}",
	}, `/balanceType (enum|required): |Date(Time)? format: |/remittanceInformationUnstructuredArray/\* maxLength: `},
}

// checkBank holds a bank's report to its habit.
func (w *world) checkBank(at string) {
	w.Helper()
	c := w.linked(at)
	report := w.checked(at)
	found, habit := departures(report), habits[at]
	for _, want := range habit.always {
		if !slices.Contains(found, want) {
			w.Errorf("its habit was not found: %s, but %q", want, found)
		}
	}
	may := regexp.MustCompile(habit.may)
	for _, each := range found {
		if !slices.Contains(habit.always, each) && (habit.may == "" || !may.MatchString(each)) {
			w.Errorf("unexpected: %s", each)
		}
	}
	if seen := report.SeenOperations(); seen < 7 || report.Kept+report.Departing < 7 || len(report.Operations) < 23 {
		w.Errorf("%d of %d operations were seen, %d kept, %d departing", seen, len(report.Operations), report.Kept, report.Departing)
	}
	w.must(w.Withdraw(w.Context(), c.ID, true, person))
}

// TestCheckOfBanks runs the checks at a bank of each dialect, and at one with a habit;
// TestJourneyCheckOfEveryBank at all of them.
func TestCheckOfBanks(t *testing.T) {
	checkBanks(t, func(at xs2a.ASPSP) bool {
		return slices.Contains([]string{"zahlenwirr", "mtkvari", "saltsjon_se", "DALBSEF0", "lindwurm"}, at.BIC)
	})
}

func TestJourneyCheckOfEveryBank(t *testing.T) {
	journey(t)
	checkBanks(t, func(xs2a.ASPSP) bool { return true })
}

func checkBanks(t *testing.T, chosen func(xs2a.ASPSP) bool) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	all, err := w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	refuses := map[string]bool{silentBank: true} // nobody answers there, see TestSilence
	for _, at := range w.info.Banks {
		refuses[at.ID] = refuses[at.ID] || at.Refuses != ""
	}
	for _, at := range all {
		if refuses[at.BIC] || !chosen(at.ASPSP) {
			continue
		}
		t.Run(at.BIC, func(t *testing.T) {
			w := *w
			w.T = t
			w.checkBank(at.BIC)
		})
	}
}

// seeded is a network on which the answers to one kind of request have a mistake.
type seeded struct {
	mu     sync.Mutex
	path   *regexp.Regexp
	change func(res *http.Response, body string) string
}

func (s *seeded) set(path string, change func(*http.Response, string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.path, s.change = regexp.MustCompile(path+"$"), change
}

// seededNetwork is one of its transports.
type seededNetwork struct {
	*seeded
	base http.RoundTripper
}

func (s seededNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := s.base.RoundTrip(req)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.change == nil || req.Method != http.MethodGet || !s.path.MatchString(req.URL.Path) {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	changed := s.change(res, string(body))
	res.Body, res.ContentLength = io.NopCloser(bytes.NewBufferString(changed)), int64(len(changed))
	res.Header.Del("Content-Length")
	return res, nil
}

// TestEachRuleIsFound seeds one mistake for each rule that a bank's answer can break into the
// answers of a bank that makes none: the report on the run names that one, and no other.
func TestEachRuleIsFound(t *testing.T) {
	w := newWorld(t)
	network := &seeded{}
	w.network.wrap = func(base http.RoundTripper) http.RoundTripper { return seededNetwork{network, base} }
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	w.linked("lindwurm")
	const balances, transactions, consent = `/accounts/[^/]+/balances`, `/accounts/[^/]+/transactions`, `/consents/[^/]+`
	instead := func(pattern, by string) func(*http.Response, string) string {
		return func(_ *http.Response, body string) string {
			return regexp.MustCompile(pattern).ReplaceAllString(body, by)
		}
	}
	broken := map[conformance.Rule]struct {
		path, place string
		change      func(*http.Response, string) string
	}{
		conformance.RuleStatus:    {balances, "answer status ", func(res *http.Response, body string) string { res.StatusCode = 203; return body }},
		conformance.RuleMediaType: {balances, "answer header Content-Type", func(res *http.Response, body string) string { res.Header.Set("Content-Type", "text/html"); return body }},
		conformance.RuleBody:      {balances, "answer body ", func(*http.Response, string) string { return "" }},
		conformance.RuleJSON:      {balances, "answer body ", func(*http.Response, string) string { return "{" }},
		conformance.RuleRequired:  {balances, "answer header X-Request-ID", func(res *http.Response, body string) string { res.Header.Del("X-Request-Id"); return body }},
		conformance.RuleType:      {balances, "answer body /balances/*/balanceAmount/amount", instead(`"amount": *"(-?[0-9.]+)"`, `"amount":$1`)},
		conformance.RuleNull:      {balances, "answer body /balances/*/balanceAmount/amount", instead(`"amount": *"[^"]*"`, `"amount":null`)},
		conformance.RulePattern:   {balances, "answer body /balances/*/balanceAmount/amount", instead(`"amount": *"[^"]*"`, `"amount":"1,50"`)},
		conformance.RuleEnum:      {balances, "answer body /balances/*/balanceType", instead(`"balanceType": *"[^"]*"`, `"balanceType":"other"`)},
		conformance.RuleFormat:    {transactions, "answer body /transactions/booked/*/bookingDate", instead(`"bookingDate": *"[^"]*"`, `"bookingDate":"01.02.2026"`)},
		conformance.RuleLong:      {transactions, "answer body /transactions/booked/*/creditorId", instead(`"transactionAmount"`, `"creditorId":"`+strings.Repeat("x", 36)+`","transactionAmount"`)},
		conformance.RuleLow:       {consent, "answer body /frequencyPerDay", instead(`"frequencyPerDay": *[0-9]+`, `"frequencyPerDay":0`)},
	}
	// What no answer that is only read can break: of requests, of baskets, cards and standing orders, or of
	// several forms. The definitions' own tests have them.
	elsewhere := []conformance.Rule{conformance.RuleMethod, conformance.RuleNoBody, conformance.RuleShort, conformance.RuleFew, conformance.RuleMany, conformance.RuleForm}
	for _, rule := range conformance.Rules {
		test, can := broken[rule]
		if can == slices.Contains(elsewhere, rule) {
			t.Errorf("%s is broken here, and elsewhere", rule)
		}
		if !can {
			continue
		}
		network.set(test.path, test.change)
		found := departures(w.checked("lindwurm"))
		if len(found) != 1 || !strings.HasPrefix(found[0], test.place+" "+string(rule)+":") {
			t.Errorf("%s: found %q, want %s", rule, found, test.place)
		}
	}
	network.set("^nowhere", func(_ *http.Response, body string) string { return body })
	if found := departures(w.checked("lindwurm")); len(found) > 0 {
		t.Errorf("without a mistake: %q", found)
	}
}

// TestCheckKeepsToTheQuota checks without a person more often than the bank lets read: what
// would be one read too many is left out, and said.
func TestCheckKeepsToTheQuota(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	c := w.linked("lindwurm")
	lists := func() int { return w.network.count(http.MethodGet, "/lindwurm/v1/accounts") }
	before, left := lists(), 0
	for range 6 {
		_, progress, err := w.Verdicts().Check(t.Context(), bank.SandboxID)
		w.must(err)
		for _, each := range progress.Skipped {
			if each.Why != verdict.SkippedQuota || each.Bank != c.BankName {
				t.Errorf("not asked: %+v", each)
			}
			left++
		}
	}
	if sent := lists() - before; sent != w.consent(c.ID).FrequencyPerDay || left == 0 {
		t.Errorf("the accounts were asked for %d times without the person, of %d; %d questions were left out", sent, w.consent(c.ID).FrequencyPerDay, left)
	}
}

// TestStopCheck stops a run: nothing is asked after what is under way, and what was asked is
// in the report.
func TestStopCheck(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	w.linked("lindwurm")
	var sent []string
	w.network.before(func(r *http.Request) {
		if r.Method == http.MethodGet {
			sent = append(sent, r.URL.Path)
		}
		if strings.HasSuffix(r.URL.Path, "/cities") {
			w.Verdicts().Stop(bank.SandboxID)
		}
	})
	w.Seen()
	w.must(w.Verdicts().Begin(t.Context(), bank.SandboxID, &person))
	w.await("the run ends", func() bool { return !w.Verdicts().Progress(bank.SandboxID).Running() })
	progress := w.Verdicts().Progress(bank.SandboxID)
	w.network.before(nil)
	if !progress.Stopped || len(sent) != 3 || progress.Done >= progress.Total {
		t.Errorf("asked after the stop: %q, %+v", sent, progress)
	}
	report, err := w.Verdicts().Report(t.Context(), progress.Scope)
	w.must(err)
	if report.SeenOperations() == 0 || report.Departing > 0 {
		t.Errorf("the report: %+v", report)
	}
}
