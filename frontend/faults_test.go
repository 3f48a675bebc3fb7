package frontend

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/fault"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
	"consentry/xs2a/sandbox"
)

func exampleFaults() faultsView {
	text := hostile
	rheintor := practiceBank{"RHTRDEB0", georgian, "/banks/sandbox/rheintor", xs2a.BerlinGroup.Name}
	other := practiceBank{"NRSKSEP0", "Norrsken Bank", "/banks/sandbox/NRSKSEP0", xs2a.OpenPayments.Name}
	return faultsView{
		Bank: rheintor, Banks: []practiceBank{rheintor, other}, Form: fault.Form{Requests: "1", Kind: fault.AStatus, Bank: rheintor.BIC},
		Board: fault.Board{
			Faults: []fault.Fault{
				{ID: 1, Name: "reads-503", Bank: rheintor.BIC, Operation: fault.Reads, Status: 503, Count: 2},
				{ID: 2, Name: fault.BankDown, Status: 503, Count: 1_000_000},
				{ID: 3, Name: hostile, Method: "PUT", Path: hostile, Count: 1, Delay: "2s", Slow: "3s", Status: 429, Code: "ACCESS_EXCEEDED", RetryAfter: 60, Body: &text, MediaType: "text/html", After: true},
				{ID: 4, Operation: "getBalances", Count: 1, Drop: true}, {ID: 5, Operation: hostile, Count: 1, Garbage: true},
			},
			Hits: []fault.Hit{
				{Fault: fault.Fault{Name: "reads-503"}, At: now, Bank: rheintor.BIC, Operation: "getAccountList", Method: "GET", Path: "/berlingroup/rheintor/v1/accounts", RequestID: "8d2f"},
				{Fault: fault.Fault{Drop: true}, At: daysAgo(1), Method: "GET", Path: "/logo/" + hostile},
			},
			Operations: []fault.Operation{{Name: "getAccountList", Group: fault.Reads}, {Name: "initiatePayment", Group: fault.Payments}, {Name: "getDeposits", Group: "products"}},
			Consents: []fault.Consent{
				{ID: "c1", Bank: rheintor.BIC, PSU: "lukas", Status: "valid", ValidUntil: "2027-05-19", Accounts: 3},
				{ID: "c2", Bank: rheintor.BIC, Status: "received", ValidUntil: "2027-05-19", Forgotten: true},
			},
			Approvals:  []fault.Approval{{ID: "a1", Bank: rheintor.BIC, PSU: "lukas", Approach: "DECOUPLED", Created: now}},
			Accounts:   []fault.Account{{PSU: "lukas", IBAN: "DE89370400440532013000", Name: hostile, Currency: "EUR"}, {PSU: "lukas", Number: 1, BBAN: "12345", Name: "Sparkonto", Currency: "SEK", Closed: true}},
			FlatPhones: []string{rheintor.BIC},
		},
	}
}

// TestFaultScreens shows what is set, and what was typed wrongly, where that stands.
func TestFaultScreens(t *testing.T) {
	all := exampleFaults()
	all.Bank, all.Form.Bank, all.Board = practiceBank{}, "", fault.Board{}
	wrong := exampleFaults()
	wrong.Form = fault.Form{Requests: "0", Kind: fault.ABody, Status: hostile, Body: hostile, MediaType: "html", Delay: "15", Slow: "15", After: true, Operation: "initiatePayment"}
	wrong.Failure = failure.Unchanged(map[string]storage.Reason{
		"requests": {Code: failure.NumberBetween, Number: 1, Of: 1000}, "media_type": {Code: failure.NotAMediaType}, "slow": {Code: failure.TooLongTogether, Of: 20}, "body": {Code: failure.LongerThan, Of: 49152},
	})
	wrong.From = &storage.Exchange{ID: 7, Exchange: record.Exchange{Answer: record.Message{Cut: true}}}
	deed := exampleFaults()
	deed.Deed, deed.Failure = fault.Deed{ID: "c1", Until: hostile, Accounts: "9"}, failure.Unchanged(map[string]storage.Reason{"until": {Code: failure.EnterDate}, "accounts": {Code: failure.NumberBetween, Of: 3}})
	done := exampleFaults()
	done.Done = deedWords[fault.Revoke]
	failed := exampleFaults()
	failed.Failure = &app.Error{Reason: storage.Reason{Code: failure.FaultNotTaken}, Detail: hostile}
	unread := faultsView{Unread: &app.Error{Reason: storage.Reason{Code: failure.FaultsNotRead}, Detail: hostile}}
	golden(t, map[string]templ.Component{
		"faults": faultsScreen(exampleFaults()), "faults-all": faultsScreen(all), "faults-mistakes": faultsScreen(wrong), "faults-deed": faultsScreen(deed), "faults-done": faultsScreen(done),
		"faults-failed": faultsScreen(failed), "faults-unread": faultsScreen(unread), "bank-faults": faultsCard(exampleFaults()),
		"control":         controlCard(controlView{Address: "http://127.0.0.1:8021/_control", Port: "8021"}),
		"control-given":   controlCard(controlView{Address: "http://127.0.0.1:8021/_control", Given: true}),
		"control-free":    controlCard(controlView{Address: "http://127.0.0.1:8021/_control"}),
		"control-mistake": controlCard(controlView{Address: "http://127.0.0.1:8021/_control", Port: hostile, Failure: failure.Unchanged(map[string]storage.Reason{"port": {Code: failure.NumberBetween, Number: 1024, Of: 65535}})}),
	})
}

// TestPresetsAreOffered has words and a place for each preset, and none for what is none.
func TestPresetsAreOffered(t *testing.T) {
	var known, offered []string
	for _, preset := range fault.Presets {
		known = append(known, preset.ID)
	}
	for _, group := range presetGroups {
		offered = append(offered, group.presets...)
	}
	slices.Sort(known)
	slices.Sort(offered)
	if said := slices.Sorted(maps.Keys(presetWords)); !slices.Equal(known, offered) || !slices.Equal(known, said) {
		t.Errorf("there are %v; offered are %v, and words have %v", known, offered, said)
	}
	view := exampleFaults()
	if all := view.presets([]string{tokenPreset, "reads-503"}); len(all) != 2 {
		t.Errorf("%v", all)
	}
	view.Bank = view.Banks[1]
	if all := view.presets([]string{tokenPreset, "reads-503"}); !slices.Equal(all, []string{"reads-503"}) {
		t.Errorf("at a bank of the directory: %v", all)
	}
}

// TestFaultsAreOfPracticeBanksAlone offers faults at the practice banks inside the program, and at no
// other bank, whatever its name; without them there is no board.
func TestFaultsAreOfPracticeBanksAlone(t *testing.T) {
	t.Parallel()
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { banks.Close() })
	info := banks.Info()
	log, clock := slog.New(slog.DiscardHandler), func() time.Time { return now }
	program := app.New(app.Config{Store: fresh.Store(t, clock), Log: log, Now: clock, Control: info.Control})
	t.Cleanup(program.Close)
	s := &Server{app: program, log: log}
	d := &desk{t, program, http.NewServeMux()}
	for pattern, handler := range s.routes() {
		d.mux.Handle(pattern, s.adapt(handler))
	}
	status := func(address string) int {
		w := httptest.NewRecorder()
		d.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		return w.Code
	}
	live := xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "https://bank.example", Signing: xs2a.SignNothing}
	if _, err := program.Banks().SaveEnvironment(t.Context(), storage.Environment{Name: "Live", Profile: live, Banks: []storage.Bank{{ID: "livebank", BIC: "LIVEDEB0", Name: "Live Bank", CountryCode: "DE"}}}, "", false); err != nil {
		t.Fatal(err)
	}
	own := d.only().ID
	if err := program.Banks().Refresh(t.Context(), own); err != nil { // which is done in the background otherwise
		t.Fatal(err)
	}
	if got := status("/faults"); got != http.StatusNotFound {
		t.Errorf("without practice banks there is a board: %d", got)
	}
	if err := program.UseSandbox(t.Context(), bank.Practice(info)); err != nil {
		t.Fatal(err)
	}

	if page := d.get("/banks/sandbox/rheintor"); !strings.Contains(page, `id="faults"`) {
		t.Error("a practice bank's page has no faults")
	}
	if page := d.get("/banks/" + own + "/livebank"); !strings.Contains(page, "Live Bank") || strings.Contains(page, `id="faults"`) {
		t.Errorf("a live bank's page has faults, or is none: %s", page)
	}
	if page := d.get("/faults"); !strings.Contains(page, "Rheintor Bank") || strings.Contains(page, "Live Bank") {
		t.Error("the board has other banks than those for practice")
	}
	for _, address := range []string{"/faults?bank=LIVEDEB0", "/faults?bank=livebank", "/faults?exchange=1", "/faults?exchange=x"} {
		if got := status(address); got != http.StatusNotFound {
			t.Errorf("%s: %d", address, got)
		}
	}
	if answer := d.postForm("/faults", url.Values{"bank": {"LIVEDEB0"}, "preset": {"reads-503"}}); answer.Code != http.StatusNotFound {
		t.Errorf("a fault at a live bank: %d", answer.Code)
	}
	if answer := d.postForm("/faults", url.Values{"bank": {"RHTRDEB0"}, "preset": {"reads-503"}, "on": {onBankPage}}); answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/banks/sandbox/rheintor#faults" {
		t.Errorf("%d, to %s", answer.Code, answer.Header().Get("Location"))
	}
	if board, err := program.Faults().Board(t.Context(), ""); err != nil || len(board.Faults) != 1 || board.Faults[0].Bank != "RHTRDEB0" {
		t.Errorf("%+v, %v", board.Faults, err)
	}
	if answer := d.postForm("/faults", url.Values{"bank": {"RHTRDEB0"}, "kind": {"status"}, "status": {"1"}, "requests": {"1"}}); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "Enter a number from 200 to 599.") {
		t.Errorf("%d", answer.Code)
	}
	if page := d.get("/settings"); !strings.Contains(page, info.Control) {
		t.Error("the settings do not tell the control's address")
	}
}
