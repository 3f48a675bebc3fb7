package frontend

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

// exampleReceipt is the receipt of a consent that was used, or of its end.
func exampleReceipt(ended bool) receiptView {
	live, _, _, _ := exampleConsents()
	live.Purpose, live.RenewBy, live.Series, live.Renews = hostile, "2027-05-10", "c0", "c0"
	live.ReadAt, live.ReadAttended = daysAgo(1), true
	r := app.Receipt{
		Consent: live, Accounts: exampleAccounts(), Reads: storage.ReadSum{Attended: 1, Unattended: 12}, MadeAt: now, Person: "p1",
		Asked:   app.Terms{Access: map[string][]string{"accounts": {}, "balances": {}}, Recurring: true, ValidUntil: "2027-05-16", FrequencyPerDay: 4},
		Granted: &app.Terms{Access: map[string][]string{"accounts": {"SE45 ···· 7466 SEK", hostile}, "balances": {"SE45 ···· 7466 SEK"}}, Recurring: true, ValidUntil: "2027-05-16"},
		Events: []storage.ConsentEvent{
			{At: daysAgo(4), Source: storage.FromPerson, Event: storage.Event{Kind: storage.EventAsked}},
			{At: daysAgo(3), Source: storage.FromBank, Status: xs2a.ConsentValid, Event: storage.Event{Kind: storage.EventNote, Text: hostile}},
		},
	}
	if ended {
		c := &r.Consent
		c.End, c.EndedAt, c.Acknowledgement, c.AckError, c.ErasedAt, c.ReplacedBy = storage.EndWithdrawn, daysAgo(2), storage.AckRefused, storage.Reason{Code: failure.BankFault, Bank: "Hamnbanken"}, daysAgo(1), "c9"
		r.Accounts, r.Granted, c.ReadAt = nil, nil, time.Time{}
		r.Asked.Access = map[string][]string{"allPsd2": {"allAccounts"}}
	}
	return receiptView{Receipt: r, State: stateAt(r.Consent, false, now), Record: RecordOf(context.Background(), r)}
}

// keepingScreens are the screens about reminders, receipts and the clock.
func keepingScreens() map[string]templ.Component {
	_, soon, _, _ := exampleConsents()
	soon.RenewBy, soon.ValidUntil = "2026-12-10", "2026-12-10"
	ahead := clockView{Ahead: 181 * 24 * time.Hour, There: now.AddDate(0, 0, 181), Days: "400", Failure: failure.Unchanged(map[string]storage.Reason{"days": {Code: failure.DaysAhead, Of: 366}})}
	stuck := clockView{There: now, Failure: &app.Error{Reason: storage.Reason{Code: failure.ClockNotMoved}, Detail: hostile}}
	return map[string]templ.Component{
		"receipt":     receiptScreen(exampleReceipt(false)),
		"receipt-end": receiptScreen(exampleReceipt(true)),
		"snooze":      snoozeMenu(soon, now),
		"clock":       clockCard(ahead),
		"clock-stuck": clockCard(stuck),
	}
}

func TestKeepingScreens(t *testing.T) { golden(t, keepingScreens(), "SE4550000000058398257466") }

// TestSnoozeActions offers each day once, and nothing that is off already.
func TestSnoozeActions(t *testing.T) {
	_, soon, _, _ := exampleConsents()
	for _, test := range []struct {
		renewBy, snoozed string
		want             []string
	}{
		{"2026-12-20", "", []string{"day", "week", "next"}},
		{"2026-12-02", "", []string{"day", "next", "week"}}, // by date: the next reminder comes in five days
		{"2026-11-28", "", []string{"day", "week"}},         // the next reminder comes tomorrow
		{"2026-11-22", "", []string{"day"}},
		{"2026-11-20", "", nil},
		{"2026-12-20", "2026-11-21", nil},
		{"2026-12-20", "2026-11-20", []string{"day", "week", "next"}},
		{"2027-03-01", "", nil},
	} {
		soon.RenewBy, soon.ValidUntil, soon.SnoozedUntil = test.renewBy, test.renewBy, test.snoozed
		var got []string
		for _, action := range snoozeActions(t.Context(), soon, now) {
			got = append(got, action.Value)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("to renew by %s, snoozed to %q: got %q, want %q", test.renewBy, test.snoozed, got, test.want)
		}
	}
}

func TestTabTitle(t *testing.T) {
	for n, want := range map[int]string{0: "Consents", 1: "(1) Consents", 12: "(12) Consents"} {
		if got := (Page{Title: "Consents", NeedYou: n}).tabTitle(); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestAheadWords(t *testing.T) {
	for ahead, want := range map[time.Duration]string{
		time.Second: "1 minute", 90 * time.Minute: "1 hour", 24 * time.Hour: "1 day", 181*24*time.Hour + time.Hour: "181 days",
	} {
		if got := aheadWords(t.Context(), ahead); got != want {
			t.Errorf("%v is %q, want %q", ahead, got, want)
		}
	}
}

func TestFileWord(t *testing.T) {
	for name, want := range map[string]string{
		"Sparbanken Skåne":     "sparbanken-skane",
		"A/S \"..\\ & Co.":     "a-s-co",
		"../../etc/passwd\r\n": "etc-passwd",
		georgian:               "bank",
		"":                     "bank",
		longName:               "sparbanken-skaraborg-vastra-gotaland-och",
	} {
		if got := fileWord(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// TestKeeping asks for receipts, calendars and a snooze as a browser does.
func TestKeeping(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return now }
	store := fresh.Store(t, clock)
	program := app.New(app.Config{Store: store, Now: clock})
	defer program.Close()
	s := &Server{app: program, log: slog.New(slog.DiscardHandler), about: About{SandboxLogins: []Login{{}}}}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	if err := store.PutEnvironment(t.Context(), storage.Environment{ID: "sandbox", Name: "Sandbox"}); err != nil {
		t.Fatal(err)
	}
	soon, _, _, _ := exampleConsents()
	soon.BankName, soon.ValidUntil, soon.Purpose = "Sparbanken Skåne", "2026-12-01", "See my savings"
	if err := store.AddConsent(t.Context(), soon); err != nil {
		t.Fatal(err)
	}
	ask := func(method, address, form string) *httptest.ResponseRecorder {
		t.Helper()
		r, w := httptest.NewRequest(method, address, strings.NewReader(form)), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		mux.ServeHTTP(w, r)
		return w
	}
	if w := ask("GET", "/consents.ics", ""); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "No consent has to be renewed.") {
		t.Errorf("no calendar: %d %s", w.Code, w.Body)
	}
	if err := store.SetConsentStatus(t.Context(), "c1", "", xs2a.ConsentValid); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		address, mediaType, name, says string
	}{
		{"/consents/c1/receipt", "text/html; charset=utf-8", "", "See my savings"},
		{"/consents/c1/receipt.json", "application/json", "consent-receipt-sparbanken-skane-2026-11-20.json", `"purpose": "See my savings"`},
		{"/consents/c1/calendar.ics", "text/calendar; charset=utf-8", "renew-sparbanken-skane.ics", "DTSTART;VALUE=DATE:20261201"},
		{"/consents.ics", "text/calendar; charset=utf-8", "consentry.ics", "DTSTART;VALUE=DATE:20261201"},
		{"/", "text/html; charset=utf-8", "", "<title>(1) Overview · Consentry</title>"},
		{"/settings", "text/html; charset=utf-8", "", "Clock of the practice banks"},
	} {
		w := ask("GET", test.address, "")
		disposition := ""
		if test.name != "" {
			disposition = `attachment; filename="` + test.name + `"`
		}
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != test.mediaType || w.Header().Get("Content-Disposition") != disposition || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s: %d %v %s", test.address, w.Code, w.Header(), w.Body)
		}
		if strings.HasSuffix(test.address, ".json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s is no JSON", test.address)
		}
	}
	if w := ask("POST", "/consents/c1/snooze", "for=ever"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("snoozed for ever: %d", w.Code)
	}
	if w := ask("POST", "/consents/c1/snooze", "for=day"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/consents/c1" {
		t.Errorf("snoozed: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := ask("GET", "/", ""); !strings.Contains(w.Body.String(), "<title>Overview · Consentry</title>") {
		t.Error("it is counted although it was put off")
	}
	if w := ask("GET", "/consents/c9/receipt.json", ""); w.Code != http.StatusNotFound {
		t.Errorf("the receipt of nothing: %d", w.Code)
	}
	if w := ask("POST", "/settings/clock", "days=7"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "The practice banks are not running.") {
		t.Errorf("moved the clock of nobody: %d %s", w.Code, w.Body)
	}
}
