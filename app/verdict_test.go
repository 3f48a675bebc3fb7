package app_test

import (
	"cmp"
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
	w.await("the fetch begins", func() bool { return w.Reader().Job(flow.Consent.ID) != nil }) // else it would be part of the run
	w.Reader().Stop(flow.Consent.ID)
	w.fetched(flow.Consent.ID)
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
			place := conformance.Place{Side: each.Side, In: each.In, Name: each.Name}
			all = append(all, fmt.Sprintf("%s %s: %s", place, each.Rule, operation.Name))
		}
	}
	slices.Sort(all)
	return all
}

// expectation is the report that is expected of a bank's habit where it is only read.
type expectation struct {
	seen   int      // operations of the definition; 0: as many as at any of the dialect
	always []string // departures that are always there
	may    string   // and those that may be, as transactions and balances differ from day to day
}

// usually is how many operations of the definition are seen at a bank of the dialect.
var usually = map[string]int{
	"openpayments": 9, "bankofgeorgia": 9, // about the consent 4, the accounts 5
	"berlingroup": 10, // and whether there are cards
	"saltedge":    8,  // that has no list of authorisations, and answers nothing about one transaction
}

// expected are the practice banks that are not as any of their dialect. All others keep to the
// definition.
var expected = map[string]expectation{
	"SKGDSES0":   {seen: 8},                          // without ids: nobody can ask about one transaction
	"VDDANOT0":   {seen: 8},                          // all have the same
	"kartenhaus": {seen: 13}, "kortland": {seen: 13}, // card accounts apart

	"kruemel": {always: []string{
		"answer body body: GET /v1/consents/{consentId}/authorisations/{authorisationId}", // nothing at all for an answer
		"answer body /accounts/*/_links/balances type: GET /v1/accounts",                  // bare links
		"answer body /account/_links/balances type: GET /v1/accounts/{account-id}",
	}, may: `_links/[A-Za-z]+ type: `},
	"zahlenwirr": {always: []string{
		"answer body /frequencyPerDay type: GET /v1/consents/{consentId}", // counts and flags as texts
		"answer body /recurringIndicator type: GET /v1/consents/{consentId}",
		"answer body /accounts/*/bban nullable: GET /v1/accounts", // null for what is not there
		"answer body /account/bban nullable: GET /v1/accounts/{account-id}",
	}, may: ` nullable: |/purposeCode enum: |/amount (pattern|type): `},
	"huellenlos": {always: []string{
		"answer body type: GET /v1/accounts", // without envelopes
		"answer body /account required: GET /v1/accounts/{account-id}",
	}, may: ` /(scaStatus|transactionsDetails|consentStatus|balances|transactions) required: |answer body type: `},
	"datumsfroh": {seen: 9, always: []string{
		"answer body /accounts/*/status enum: GET /v1/accounts", // words of its own
		"answer body /account/status enum: GET /v1/accounts/{account-id}",
	}, may: `/balanceType (enum|required): |Date(Time)? format: |/remittanceInformationUnstructuredArray/\* maxLength: `},
	"patzerhof": {seen: 13, always: slipLines()}, // one mistake for each rule
}

// slipLines are slips as departures has them.
func slipLines() (all []string) {
	for _, each := range slips {
		all = append(all, each.place+" "+each.rule+": "+each.operation)
	}
	return all
}

// checkBank holds a bank's report to what is expected of it.
func (w *world) checkBank(at string) {
	w.Helper()
	c := w.linked(at)
	report := w.checked(at)
	environment, err := w.store.Environment(w.Context(), bank.SandboxID)
	w.must(err)
	dialect := environment.ProfileOf(at).Dialect
	found, want := departures(report), expected[at]
	for _, each := range want.always {
		if !slices.Contains(found, each) {
			w.Errorf("its habit was not found: %s, but %q", each, found)
		}
	}
	may := regexp.MustCompile(want.may)
	for _, each := range found {
		if !slices.Contains(want.always, each) && (want.may == "" || !may.MatchString(each)) {
			w.Errorf("unexpected: %s", each)
		}
	}
	seen := cmp.Or(want.seen, usually[dialect])
	if got := report.SeenOperations(); got != seen || report.Kept+report.Departing != seen || report.Exchanges != len(report.Cases) {
		w.Errorf("%d operations were seen, not %d; %d exchanges kept, %d departing, of %d", got, seen, report.Kept, report.Departing, report.Exchanges)
	}
	// Nothing is left open at a bank with a definition; Salt Edge's answers have words of their own.
	for _, each := range report.Cases {
		own := slices.Contains(each.Unseen, "answer body: ownWords")
		if own != (dialect == "saltedge" && each.Outcome != conformance.Undefined) {
			w.Errorf("not looked at in %s: %q", each.Operation, each.Unseen)
		}
	}
	beyond := slices.DeleteFunc(report.Beyond, func(one verdict.Beyond) bool { return one.Operation == "refreshToken" }) // where one ended
	if refreshes := len(beyond) == 1 && beyond[0].Operation == "getRefreshStatus"; len(beyond) > 1 || refreshes != (dialect == "saltedge") {
		w.Errorf("beyond the definition: %+v", beyond)
	}
	for _, one := range report.Interfaces {
		if got, _ := one.Of(false); one.Spoken != (one.Dialect == dialect) || got > 0 != (one.Spoken && dialect != "openpayments") {
			w.Errorf("of the 62, %d were seen of %s", got, one.Name)
		}
	}
	w.must(w.Withdraw(w.Context(), c.ID, true, person))
}

// checkRefusal holds to the definition what a bank answers with which nobody can link: the
// attempt is in its report though it left no consent, and a run has nothing to ask there.
func (w *world) checkRefusal(at, code string) {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, at, w.psu.Login
	id, err := w.Ask(w.Context(), share, person)
	if (err != nil) != (code != "") {
		w.Fatal(err)
	}
	if code == "" {
		w.must(w.SCA().GiveUp(w.Context(), id, person))
	}
	w.Seen()
	report, err := w.Verdicts().Report(w.Context(), verdict.Scope{Environment: bank.SandboxID, BIC: at})
	w.must(err)
	status := http.StatusCreated
	if code != "" {
		status = http.StatusUnauthorized
	}
	if report.Departing > 0 || report.Kept == 0 || report.BankName == "" || !slices.ContainsFunc(report.Operations, func(o verdict.Operation) bool {
		return o.Name == "POST /v1/consents" && slices.Contains(o.Statuses, verdict.Status{Status: status, Count: 1})
	}) {
		w.Errorf("the attempt: %+v", report)
	}
	if report := w.checked(at); report.Exchanges != 0 {
		w.Errorf("asked at a bank without a consent: %+v", report.Cases)
	}
}

// TestCheckOfBanks runs the checks at a bank of each dialect, at one with a habit and at one
// that refuses; TestJourneyCheckOfEveryBank at all of them.
func TestCheckOfBanks(t *testing.T) {
	checkBanks(t, func(at string) bool {
		return slices.Contains([]string{"zahlenwirr", "mtkvari", "saltsjon_se", "DALBSEF0", "lindwurm", "sperrwerk"}, at)
	})
}

func TestJourneyCheckOfEveryBank(t *testing.T) {
	journey(t)
	checkBanks(t, func(string) bool { return true })
}

func checkBanks(t *testing.T, chosen func(bic string) bool) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	all, err := w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	known, refuses := map[string]bool{}, map[string]string{silentBank: ""} // nobody answers there, see TestSilence
	for _, at := range w.info.Banks {
		if at.Refuses != "" {
			refuses[at.ID] = at.Refuses
		}
	}
	for _, at := range all {
		known[at.BIC] = true
		if !chosen(at.BIC) {
			continue
		}
		t.Run(at.BIC, func(t *testing.T) {
			w := *w
			w.T = t
			if code, cannot := refuses[at.BIC]; cannot {
				w.checkRefusal(at.BIC, code)
			} else {
				w.checkBank(at.BIC)
			}
		})
	}
	for bic := range expected {
		if !known[bic] {
			t.Errorf("something is expected of %s, which is no practice bank", bic)
		}
	}
}

// slip is one mistake of the bank that makes one for each rule.
type slip struct{ operation, place, rule, wants, value string }

// slips are what the bank is found to do that makes one mistake for each rule: the operation,
// the place, the rule, what the rule has and what stood there instead.
var slips = []slip{
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
func isSlip(operation string, found verdict.Departure, want slip) bool {
	place := conformance.Place{Side: found.Side, In: found.In, Name: found.Name}
	value, err := regexp.Compile("^" + want.value + "$")
	return err == nil && operation == want.operation && place.String() == want.place && string(found.Rule) == want.rule && found.Wants == want.wants &&
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
