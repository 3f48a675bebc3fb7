package frontend

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox"
)

// practising serves the screens over a store with a practice bank and one of the person's own.
func practising(t *testing.T) (*Server, http.Handler, *storage.Store) {
	t.Helper()
	store := fresh.Store(t, func() time.Time { return now })
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { banks.Close() })
	program := app.New(app.Config{Store: store, Now: func() time.Time { return now }, Control: banks.Info().Control})
	t.Cleanup(func() { program.Close(); store.Close() })
	practice := storage.Environment{ID: bank.SandboxID, Name: "Practice banks", Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name}, Banks: []storage.Bank{{ID: "lindwurm", Name: "Lindwurm Bank", CountryCode: "DE", Note: "embedded: password"}}}
	own := storage.Environment{ID: "own", Name: "Mine", Profile: practice.Profile, Banks: []storage.Bank{{ID: "true", Name: "True Bank", CountryCode: "SE"}}}
	for _, err := range []error{program.Banks().UsePractice(t.Context(), practice), store.PutEnvironment(t.Context(), own), store.ListBanks(t.Context(), "own", xs2a.CountryName)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := exampleExchange(1, "getAccountList", "GET", banks.Info().Control+"/v1/accounts", http.StatusOK).Exchange
	refused.FlowID, refused.Answer.Body = "c1", "{}"
	for range 2 {
		if err := store.AddExchange(t.Context(), refused); err != nil {
			t.Fatal(err)
		}
	}
	s := &Server{app: program, log: slog.New(slog.DiscardHandler), about: About{SandboxLogins: []Login{{Name: "Nils"}}}}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	return s, s.presented(mux), store
}

// TestAudience shows each audience what it has a use for: practice banks are out of the way of who looks at their own banks alone,
// unless something is linked there, and testers' words of all but testers. Who was never asked sees all.
func TestAudience(t *testing.T) {
	t.Parallel()
	s, handler, store := practising(t)
	page := func(address string) string {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", address, w.Code)
		}
		return w.Body.String()
	}
	marks := []struct{ address, mark string }{
		{"/banks", "Lindwurm Bank"}, {"/banks", "Germany"}, {"/settings", "Practice banks"}, {"/settings", "Logins of the practice banks"}, {"/settings", "Clock of the practice banks"}, {"/", "try it with the practice banks"},
		{"/banks", "Practice banks by type"}, {"/banks", "Embedded: password"}, {"/banks/sandbox/lindwurm", "To practise here"}, {"/banks/sandbox/lindwurm", "What do you use Consentry for?"},
		{"/settings", "Scenes and stories"}, {"/banks/sandbox/lindwurm", "Let something go wrong here"}, {"/settings", "Control of the practice banks"}, {"/environments/own", "Hold it to the official definition"},
		{"/activity", "Recordings"}, {"/activity?q=accounts", "Take along"}, {"/activity/flows/c1", "Take along"}, {"/activity/flows/c1", "Side by side"},
		{"/activity/exchanges/1", "Take along"}, {"/activity/exchanges/1", "Side by side"}, {"/activity/exchanges/1", "Send again"}, {"/activity/exchanges/1", "Official definition"}, {"/activity/exchanges/1", "answer so again"},
	}
	expect := func(who string, want string) {
		t.Helper()
		for i, one := range marks {
			if shown := strings.Contains(page(one.address), one.mark); shown != (want[i] == 'x') {
				t.Errorf("%s: %s shows %q: %v", who, one.address, one.mark, shown)
			}
		}
		if !strings.Contains(page("/banks"), "True Bank") || !strings.Contains(page("/settings"), "Mine") {
			t.Errorf("%s: the person's own bank is gone", who)
		}
	}
	choose := func(audience app.Audience) {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/settings/audience", strings.NewReader(url.Values{"audience": {string(audience)}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != http.StatusSeeOther {
			t.Errorf("%q: %d", audience, w.Code)
		}
	}
	expect("never asked", "xxxxxxxxxx"+"xxxx"+"xxxxxxxxx")
	choose(app.AudienceTesting)
	expect("testing", "xxxxxxxxx."+"xxxx"+"xxxxxxxxx")
	choose(app.AudienceShowing)
	expect("showing", "xxxxxx...."+"xx.."+".........")
	choose(app.AudienceOwn)
	expect("own banks", ".........."+"...."+".........")
	live, _, _, _ := exampleConsents()
	live.EnvironmentID, live.BIC, live.BankName = bank.SandboxID, "lindwurm", "Lindwurm Bank"
	if err := store.AddConsent(t.Context(), live); err != nil {
		t.Fatal(err)
	}
	expect("own banks, with one of practice linked", "xxxxxx...."+"...."+".........")
	if err := s.app.SetAudience(t.Context(), "everybody"); err == nil {
		t.Error("an audience that is none is kept")
	}
}

// TestPresenterModeBeginsAndEnds is for showing the program: whoever begins it shows, and who turns to something else ends it.
func TestPresenterModeBeginsAndEnds(t *testing.T) {
	t.Parallel()
	s, handler, _ := practising(t)
	post := func(address string, form url.Values) {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	expect := func(want app.Settings) {
		t.Helper()
		if got, err := s.app.Settings(t.Context()); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%+v, %v, not %+v", got, err, want)
		}
	}
	post("/settings/presenter", url.Values{"presenter": {"on"}, "amounts": {"hidden"}})
	expect(app.Settings{Audience: app.AudienceShowing, Presenting: app.Presenting{On: true, HideAmounts: true}})
	post("/settings/presenter", url.Values{"presenter": {"on"}})
	expect(app.Settings{Audience: app.AudienceShowing, Presenting: app.Presenting{On: true}})
	post("/settings/presenter", url.Values{"presenter": {"off"}})
	expect(app.Settings{Audience: app.AudienceShowing})
	post("/settings/presenter", url.Values{"presenter": {"on"}})
	post("/settings/audience", url.Values{"audience": {"testing"}})
	expect(app.Settings{Audience: app.AudienceTesting})
}
