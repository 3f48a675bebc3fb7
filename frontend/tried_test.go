package frontend

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

func TestTriedScreens(t *testing.T) {
	none := exampleExchange(38, "createConsent", "POST", "https://b.example/v1/consents?"+hostile, 0)
	none.Error = "dial tcp: lookup b.example: no such host " + hostile
	golden(t, map[string]templ.Component{"tried": triedLast(&none)})
}

// TestFailureSaysWhatWasTried asks a bank at a port where nobody listens: the page of the link
// says what was tried, at once and whenever it is opened again, and leads to the exchange.
func TestFailureSaysWhatWasTried(t *testing.T) {
	t.Parallel()
	nobody := httptest.NewServer(nil)
	nobody.Close()
	store := fresh.Store(t, time.Now)
	program := app.New(app.Config{Store: store})
	defer program.Close()
	if err := store.PutEnvironment(t.Context(), storage.Environment{ID: "live", Name: "Live", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: nobody.URL, AuthURL: nobody.URL, Context: "private"},
		Banks: []storage.Bank{{ID: "b", Name: "Bank"}}}); err != nil {
		t.Fatal(err)
	}
	if err := store.ListBanks(t.Context(), "live", xs2a.CountryName); err != nil {
		t.Fatal(err)
	}
	share := program.DefaultShare("live")
	share.EnvironmentID, share.BIC = "live", "b"
	id, err := program.Ask(t.Context(), share, app.Person{IPAddress: "127.0.0.1"})
	if id == "" {
		t.Fatal(err)
	}
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.Handle("GET /authorisations/{id}", s.adapt(s.authorisation))
	mux.Handle("GET /settings", s.adapt(s.settings))
	mux.Handle("POST /environments/{id}/check", s.adapt(s.checkConnection))
	page := func(method, address string) string {
		r, w := httptest.NewRequest(method, address, nil), httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Body.String()
	}
	if got := page(http.MethodGet, "/authorisations/"+id); !strings.Contains(got, "What was tried") || !strings.Contains(got, "/activity/exchanges/1") || !strings.Contains(got, "POST "+nobody.URL+"/v1/consents") || !strings.Contains(got, "refused") {
		t.Errorf("the page of the link is\n%s", got)
	}
	if got := page(http.MethodGet, "/settings"); !strings.Contains(got, "Not checked") || strings.Contains(got, "Last checked") {
		t.Errorf("before a check:\n%s", got)
	}
	page(http.MethodPost, "/environments/live/check")
	if got := page(http.MethodGet, "/settings"); !strings.Contains(got, "Check failed") || !strings.Contains(got, "Last checked") {
		t.Errorf("after a check:\n%s", got)
	}
	e, err := store.Environment(t.Context(), "live")
	if err != nil {
		t.Fatal(err)
	}
	e.Name = "Changed"
	if err := store.PutEnvironment(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if got := page(http.MethodGet, "/settings"); !strings.Contains(got, "Not checked") {
		t.Errorf("after a change:\n%s", got)
	}
}
