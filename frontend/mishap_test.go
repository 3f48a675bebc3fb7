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
	"consentry/app/fault"
	"consentry/app/fresh"
	"consentry/xs2a/sandbox"
)

// exampleMishaps is a bank that is down, at which an approval waits, with something set elsewhere.
func exampleMishaps() mishapsView {
	of := exampleFaults()
	of.Board.Faults[1].Bank = of.Banks[0].BIC
	of.Board.FlatPhones = []string{of.Banks[1].BIC}
	return mishapsView{Bank: of.Banks[0], Banks: of.Banks, Why: mishapWaits, Board: of.Board, Played: &mishapPlayed{fault.SaysNo, hostile, now}}
}

// quietMishaps is a bank at which nothing is set and nothing waits.
func quietMishaps() mishapsView {
	banks := exampleFaults().Banks
	return mishapsView{Bank: banks[1], Banks: banks, Chosen: banks[1].BIC}
}

// TestMishaps lets things go wrong from the panel without a story: at the bank of what happens now, or
// at the one that was chosen; what goes on is taken back, and the panel learns of what others do.
func TestMishaps(t *testing.T) {
	t.Parallel()
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { banks.Close() })
	log, clock := slog.New(slog.DiscardHandler), func() time.Time { return now }
	program := app.New(app.Config{Store: fresh.Store(t, clock), Log: log, Now: clock, Control: banks.Info().Control})
	t.Cleanup(program.Close)
	if err := program.UseSandbox(t.Context(), bank.Practice(banks.Info())); err != nil {
		t.Fatal(err)
	}
	s := &Server{app: program, log: log}
	d := &desk{t, program, http.NewServeMux()}
	for pattern, handler := range s.routes() {
		d.mux.Handle(pattern, s.adapt(handler))
	}
	sees := func(page string, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if !strings.Contains(page, text) {
				t.Errorf("%q is not there: %s", text, page)
			}
		}
	}
	plays := func(status int, fields ...string) *httptest.ResponseRecorder {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		answer := d.postForm("/stage/panel/mishap", form)
		if answer.Code != status {
			t.Errorf("%v: %d", fields, answer.Code)
		}
		return answer
	}
	const rheintor = "RHTRDEB0"
	changed := func(stand string) bool {
		w := httptest.NewRecorder()
		d.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/stage/panel/step?shown="+url.QueryEscape(stand), nil))
		return w.Header().Get("HX-Refresh") == "true"
	}
	stand := func() string {
		view, err := s.looks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return view.stand()
	}

	sees(d.get("/stage/panel"), "No story is shown.", "until something happens at another bank.", "Not now: no approval waits at ", "will answer 503 to everything")
	before := stand()
	plays(http.StatusSeeOther, "bank", rheintor, "play", fault.BankDown)
	if !changed(before) || changed(stand()) {
		t.Error("the panel does not learn of it, or does not stop to")
	}
	sees(d.get("/stage/panel"), "At Rheintor Bank, still.", "Rheintor Bank is down.")
	d.postForm("/stage/panel/bank", url.Values{"bank": {rheintor}})
	sees(d.get("/stage/panel"), "At Rheintor Bank, which you chose.", "Rheintor Bank answers 503 to everything, until you take it back.")
	plays(http.StatusSeeOther, "bank", rheintor, "back", fault.BankDown)
	if now, err := program.Faults().Now(t.Context(), ""); err != nil || len(now.Faults) != 0 {
		t.Errorf("%+v, %v", now.Faults, err)
	}
	sees(plays(http.StatusUnprocessableEntity, "bank", rheintor, "play", fault.SaysNo).Body.String(), "Nothing waits for the customer at this bank.")
	d.postForm("/stage/panel/bank", url.Values{"bank": {""}})
	asksThere(t, banks.Info(), "rheintor")
	sees(d.get("/stage/panel"), "At Rheintor Bank, where an approval waits.", "Ends the time of the 1 approval that waits at Rheintor Bank.")
	plays(http.StatusSeeOther, "bank", rheintor, "play", fault.RunsOut)
	sees(d.get("/stage/panel"), "The approval at Rheintor Bank ran out.", "Rheintor Bank, where the newest consent is.")
	plays(http.StatusUnprocessableEntity, "bank", rheintor, "play", "none")
	plays(http.StatusNotFound, "bank", "LIVEDEB0", "play", fault.BankDown)
	if answer := d.postForm("/stage/panel/bank", url.Values{"bank": {"LIVEDEB0"}}); answer.Code != http.StatusNotFound {
		t.Errorf("a bank that is none for practice: %d", answer.Code)
	}
}

// asksThere has a consent wait for its customer at a practice bank.
func asksThere(t *testing.T, banks sandbox.Info, id string) {
	t.Helper()
	const consent = `{"access":{"accounts":[],"balances":[],"transactions":[]},"recurringIndicator":true,"validUntil":"9999-12-31","frequencyPerDay":4,"combinedServiceIndicator":false}`
	base := strings.TrimSuffix(banks.Control, "/_control")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf("%s/berlingroup/%s/v1/consents", base, id), strings.NewReader(consent))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"X-Request-ID": "00000001-1111-4222-8333-444455556666", "Content-Type": "application/json",
		"PSU-IP-Address": "192.0.2.7", "TPP-Redirect-URI": "http://127.0.0.1/callback", "PSU-ID": "astrid",
	} {
		req.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Fatalf("a consent: %d", answer.StatusCode)
	}
}

// TestPanelBesideTheWindow opens the panel from the program's own window: in the system's browser, by an
// address that works once, leads to the panel, and has a session of its own; the window goes on to the
// overview. A browser that cannot be opened is said.
func TestPanelBesideTheWindow(t *testing.T) {
	t.Parallel()
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { banks.Close() })
	s := newServed(t, func(c *app.Config) { c.Control = banks.Info().Control })
	if err := s.server.app.UseSandbox(t.Context(), bank.Practice(banks.Info())); err != nil {
		t.Fatal(err)
	}
	var opened []string
	var broken error
	s.server.openBrowser = func(address string) error {
		opened = append(opened, address)
		return broken
	}
	home, cookie := s.begins()
	if page := s.get(home+"/stage", cookie); !strings.Contains(page.body, "Open the panel in the browser") {
		t.Error("the window does not offer it")
	}
	if answer := s.sends(home, "/stage/panel", cookie); answer.StatusCode != http.StatusSeeOther || strings.TrimSuffix(answer.Header.Get("Location"), "/") != home {
		t.Errorf("the window goes on with %d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	if len(opened) != 1 {
		t.Fatalf("opened: %v", opened)
	}
	first := s.get(opened[0])
	if first.StatusCode != http.StatusSeeOther || !strings.HasSuffix(first.Header.Get("Location"), panelPath) || len(first.Cookies()) != 1 {
		t.Fatalf("the browser is led with %d to %q", first.StatusCode, first.Header.Get("Location"))
	}
	if first.Cookies()[0].Value == cookie.Value || strings.HasPrefix(first.Header.Get("Location"), home+"/") {
		t.Error("it is the session of the window")
	}
	if page := s.get(first.Header.Get("Location"), first.Cookies()[0]); page.StatusCode != http.StatusOK || !strings.Contains(page.body, "Things go wrong") {
		t.Errorf("%d: %s", page.StatusCode, page.body)
	}
	if again := s.get(opened[0]); again.StatusCode == http.StatusSeeOther {
		t.Error("the address works twice")
	}
	broken = http.ErrAbortHandler
	if answer := s.sends(home, "/stage/panel", cookie); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(answer.body, "browser") {
		t.Errorf("a browser that cannot be opened: %d", answer.StatusCode)
	}
}

// sends sends an empty form from a page of a session.
func (s *served) sends(home, path string, cookie *http.Cookie) reply {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, "http://"+s.server.host+home+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.AddCookie(cookie)
	r.Header.Set("Origin", "http://"+s.server.host)
	return s.answered(r)
}
