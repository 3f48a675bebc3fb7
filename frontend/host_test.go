package frontend

import (
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

func exampleHost() hostView {
	return hostView{
		Flow:   flowOf(storage.Authorisation{ID: "a1"}, storage.Consent{ID: "c1", EnvironmentID: "e2", BIC: "HAMNSEG0", BankName: hostile}),
		Failed: &app.Error{Reason: storage.TextReason(hostile), Detail: hostile, Host: &app.NewHost{Origin: "https://login.bank.example:8443", Sends: []storage.Reason{{Code: failure.SendsClientID, Name: hostile}}}},
	}
}

// TestHostIsAskedOnScreen walks through the question whether a host is the bank's:
// it names the host and what would be sent, nothing is sent before the answer, and
// the answer can be taken back in the environment.
func TestHostIsAskedOnScreen(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		fmt.Fprintf(w, `{"authorization_endpoint":"http://%s/authorize","token_endpoint":"http://%s/token"}`, r.Host, r.Host)
	}))
	t.Cleanup(server.Close)
	bank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"consentId":"k","consentStatus":"received","_links":{"scaOAuth":{"href":"%s/.well-known/oauth-authorization-server"}}}`, server.URL)
	}))
	t.Cleanup(bank.Close)

	log := slog.New(slog.DiscardHandler)
	store := fresh.Store(t, time.Now)
	program := app.New(app.Config{Store: store, Log: log, CallbackURL: "http://127.0.0.1:8999/callback"})
	t.Cleanup(program.Close)
	if err := program.UseSandbox(t.Context(), storage.Environment{ID: "e", Name: "Mine", Banks: []storage.Bank{{ID: "b", Name: "Hamnbanken", CountryCode: "SE"}},
		Identity: xs2a.Identity{ClientID: "id", ClientSecret: "hunter2"}, Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: bank.URL}}); err != nil {
		t.Fatal(err)
	}
	share := program.DefaultShare("e")
	share.EnvironmentID, share.BIC = "e", "b"
	id, err := program.Ask(t.Context(), share, app.Person{IPAddress: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{app: program, log: log}
	mux := http.NewServeMux()
	for pattern, handler := range s.routes() {
		mux.Handle(pattern, s.adapt(handler))
	}
	ask := func(method, path string, form url.Values) (int, string, http.Header) {
		r, w := httptest.NewRequest(method, path, strings.NewReader(form.Encode())), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		mux.ServeHTTP(w, r)
		return w.Code, html.UnescapeString(w.Body.String()), w.Header()
	}
	host := strings.TrimPrefix(server.URL, "http://")

	if _, page, _ := ask(http.MethodGet, "/authorisations/"+id, nil); !strings.Contains(page, "Its page is at "+host+".") {
		t.Error("the step does not say which host the bank names")
	}
	code, page, _ := ask(http.MethodGet, "/authorisations/"+id+"/page", nil)
	if code != http.StatusConflict || asked.Load() != 0 || strings.Contains(page, "hunter2") {
		t.Fatalf("%d, and %d requests went there", code, asked.Load())
	}
	for _, words := range []string{"Does " + host + " belong to Hamnbanken?", "Nothing was sent there.", "client secret", "authorisation code", `value="` + server.URL + `"`} {
		if !strings.Contains(page, words) {
			t.Errorf("not said: %s", words)
		}
	}
	if code, _, header := ask(http.MethodPost, "/authorisations/"+id+"/host", url.Values{"origin": {server.URL}}); code != http.StatusSeeOther || header.Get("Location") != "/authorisations/"+id {
		t.Fatalf("named: %d, %s", code, header.Get("Location"))
	}
	if code, _, header := ask(http.MethodGet, "/authorisations/"+id+"/page", nil); code != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), server.URL+"/authorize?") {
		t.Fatalf("the step does not go on: %d, %s", code, header.Get("Location"))
	}
	if _, page, _ := ask(http.MethodGet, "/environments/e", nil); !strings.Contains(page, "Hosts you named") || !strings.Contains(page, host) {
		t.Error("the environment does not list the host")
	}
	ask(http.MethodPost, "/environments/e/host", url.Values{"bic": {"b"}, "origin": {server.URL}})
	if code, _, _ := ask(http.MethodGet, "/authorisations/"+id+"/page", nil); code != http.StatusConflict {
		t.Errorf("taken back, and still used: %d", code)
	}
}

// TestHostsOfAnEnvironmentAreRead keeps further hosts in the one spelling, and says
// at the field what is none.
func TestHostsOfAnEnvironmentAreRead(t *testing.T) {
	for typed, want := range map[string]string{
		"":                   "",
		"Login.Bank.Example": "https://login.bank.example",
		"https://a.example:443/\r\nhttps://b.example:8443": "https://a.example\nhttps://b.example:8443",
		"https://bänk.example":                             "https://xn--bnk-qla.example",
		"https://{bank}.auth.example":                      "https://{bank}.auth.example",
		"https://10.0.0.5":                                 "https://10.0.0.5",
		"https://a.example/path":                           "refused",
		"http://a.example":                                 "refused",
		"https://user@a.example":                           "refused",
		"https://2130706433":                               "refused",
		"https://a.example?x":                              "refused",
		"nonsense://":                                      "refused",
	} {
		t.Run(typed, func(t *testing.T) {
			d := newDesk(t)
			answer := d.post("/environments", berlin(map[string]string{"more_hosts": typed, "signing": ""}), "", nil)
			switch {
			case want == "refused":
				if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), `id="more_hosts-error"`) {
					t.Errorf("taken: %d", answer.Code)
				}
			case answer.Code != http.StatusSeeOther || d.only().Profile.MoreHosts != want:
				t.Errorf("%d, kept as %q", answer.Code, d.only().Profile.MoreHosts)
			}
		})
	}
}
