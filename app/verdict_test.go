package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
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

// slips are what the bank is found to do that makes one mistake for each rule: the operation,
// the place, the rule, what the rule has and what stood there instead.
var slips = [][5]string{
	{"GET /v1/accounts", "answer body /accounts/*/bic", "pattern", "[A-Z]{6,6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3,3}){0,1}", `"ptzhdeh0"`},
	{"GET /v1/accounts/{account-id}", "answer header Content-Type", "mediaType", "application/json", "text/html"},
	{"GET /v1/accounts/{account-id}/balances", "answer body /balances/*/balanceAmount/amount", "type", "string", `-?[0-9.]+`},
	{"GET /v1/accounts/{account-id}/balances", "answer body /balances/*/lastCommittedTransaction", "nullable", "", "null"},
	{"GET /v1/accounts/{account-id}/transactions", "answer body /transactions/booked/*/additionalInformationStructured/standingOrderDetails/monthsOfExecution", "maxItems", "11", `\["1",.*,"12"\]`},
	{"GET /v1/accounts/{account-id}/transactions", "answer body /transactions/booked/*/valueDate", "format", "date", `"[0-9-]+T00:00:00"`},
	{"GET /v1/accounts/{account-id}/transactions/{transactionId}", "answer body", "json", "", `{"transactionsDetails".*,}}}}`},
	{"GET /v1/card-accounts", "answer body /cardAccounts/*/usage", "enum", "PRIV, ORGA", `"PRIVATE"`},
	{"GET /v1/card-accounts/{account-id}", "answer body", "body", "application/json", ""},
	{"GET /v1/card-accounts/{account-id}/balances", "answer body /balances/*/lastChangeDateTime", "format", "date-time", `"[0-9-]+ 08:00"`},
	{"GET /v1/card-accounts/{account-id}/balances", "answer body /balances/*/balanceType", "required", "", ""},
	{"GET /v1/card-accounts/{account-id}/transactions", "answer body /cardTransactions/booked/*/merchantCategoryCode", "minLength", "4", `"541"`},
	{"GET /v1/consents/{consentId}", "answer body /frequencyPerDay", "minimum", "1", "0"},
	{"GET /v1/consents/{consentId}/authorisations", "answer status", "status", "200, 400, 401, 403, 404, 405, 406, 408, 409, 415, 429, 500, 503", "203"},
	{"GET /v1/consents/{consentId}/authorisations/{authorisationId}", "answer body /psuMessage", "maxLength", "500", `"This message is too long\..*…`},
	{"GET /v1/consents/{consentId}/status", "answer header X-Request-ID", "required", "", ""},
}

// TestEachRuleIsFound runs the checks at the bank that makes one mistake for each rule of the
// definition that an answer can break where a bank is only read. The report names each of them
// once, with what stood there and the clause, and nothing else; and of all rules of the
// operations that were seen none is without a mistake.
func TestEachRuleIsFound(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	w.linked("patzerhof")
	report := w.checked("patzerhof")
	var found []verdict.Departure
	broken, breakable := map[conformance.Rule]bool{}, map[conformance.Rule]bool{}
	for _, operation := range report.Operations {
		if operation.Seen == 0 {
			continue
		}
		rules, err := conformance.Breakable("berlingroup", operation.Name)
		w.must(err)
		for _, rule := range rules {
			breakable[rule] = true
		}
		for _, each := range operation.Departures {
			broken[each.Rule] = true
			if found = append(found, each); each.Count != 1 || each.Latest == 0 || len(found) > len(slips) || !isSlip(operation.Name, each, slips[len(found)-1]) {
				t.Errorf("%s: %+v", operation.Name, each)
			}
		}
	}
	if len(found) != len(slips) {
		t.Errorf("%d mistakes were found, of %d", len(found), len(slips))
	}
	if !maps.Equal(broken, breakable) {
		t.Errorf("these rules were broken: %v; these can be: %v", broken, breakable)
	}
	// Of requests, of baskets, or of several forms; the definitions' own tests have them.
	elsewhere := []conformance.Rule{conformance.RuleMethod, conformance.RuleNoBody, conformance.RuleFew, conformance.RuleForm}
	for _, rule := range conformance.Rules {
		if broken[rule] == slices.Contains(elsewhere, rule) {
			t.Errorf("%s is broken here: %t", rule, broken[rule])
		}
	}
}

// isSlip compares a departure with what is expected.
func isSlip(operation string, found verdict.Departure, want [5]string) bool {
	place := conformance.Place{Side: found.Side, In: found.In, Name: found.Name}
	value, err := regexp.Compile("^" + want[4] + "$")
	return err == nil && operation == want[0] && place.String() == want[1] && string(found.Rule) == want[2] && found.Wants == want[3] &&
		value.MatchString(found.Value) && strings.HasPrefix(found.Clause, "#/")
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
