package frontend

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/activity"
	"consentry/app/draft"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// forkScreens are the views with the data that is hardest on them.
func forkScreens() map[string]templ.Component {
	live, _, _, _ := exampleConsents()
	fork := storage.Fork{FlowID: "fork-1", Origin: "c1", Root: "c1", ExchangeID: 39, Step: "createConsent", Done: 39, BeganAt: daysAgo(1), Skipped: 2}
	line := flowLine{Flow: activity.Flow{Fork: &fork, Root: &activity.Flow{Consent: &live}, Host: "b.example", ExchangeFlow: storage.ExchangeFlow{ID: "fork-1", Count: 2, Failed: 1, LatestID: 42, Latest: daysAgo(1)}}}
	former := exampleExchange(40, "sendPassword", "PUT", "https://b.example/v1/consents/c/authorisations/a?x="+hostile, 200)
	former.Request.Body = `{"psuData":{"password":"` + record.Redacted + `"}}`
	latest := exampleExchange(42, "createConsent", "POST", "https://b.example/v1/consents", 201)
	latest.FlowID = fork.FlowID
	token := exampleExchange(41, "exchangeCode", "POST", "https://b.example/token", 200)
	from := draft.From{Exchange: former, Bank: georgian, Consent: &live, Fork: &fork, Hosts: []string{"https://b.example"}, Home: "https://b.example", Names: []string{"«password»"}}
	next := draft.Next{Open: true, From: from, Draft: draft.Draft{FormID: "f2", Method: "PUT", Address: former.URL, Body: former.Request.Body}, More: true, Left: 300,
		Given:  []draft.Given{{Name: "consent_id", Was: "old", Now: hostile}, {Name: "page", Was: "p1", Why: draft.StandsSkipped}, {Name: "authorisation_id", Was: "a1", Why: draft.StandsUntold}},
		Passed: []draft.Passed{{Exchange: token, Why: draft.PassedToken}, {Exchange: latest, Why: draft.PassedRepeat}}}
	made := []storage.Handmade{
		{Kind: storage.HandmadeConsent, FlowID: fork.FlowID, ExchangeID: 42, BankName: georgian, BankID: hostile, Status: string(xs2a.ConsentValid), MadeAt: daysAgo(1)},
		{Kind: storage.HandmadePayment, FlowID: fork.FlowID, ExchangeID: 43, BankName: arabic, BankID: "p1", Status: hostile, MadeAt: daysAgo(2), OverAt: daysAgo(1)},
	}
	view := flowView{flowLine: line, Exchanges: []storage.Exchange{latest}, Made: made, Forks: []storage.Fork{fork},
		Forked: &forkView{Next: next, Latest: &latest, Awaited: draft.Awaited{What: draft.AwaitsPage, Link: "https://b.example/sca?x=1", Message: hostile}}}
	ended := view
	ended.Forked, ended.Made, ended.Forks = &forkView{Latest: &latest, Awaited: draft.Awaited{What: draft.AwaitsDevice}}, nil, nil
	elsewhere := view
	elsewhere.Forked = &forkView{Next: next, Awaited: draft.Awaited{What: draft.AwaitsPage, Host: "https://elsewhere.example"}}
	brought := flowView{flowLine: flowLine{Flow: activity.Flow{Recording: &storage.Recording{ID: "recording-1", FileName: "a.har"}, ExchangeFlow: storage.ExchangeFlow{ID: "recording-1.1"}}}, Exchanges: nil}
	begins := draftView{From: from, Draft: draft.Draft{FormID: "f1", Method: "POST", Address: "https://b.example/v1/consents"}, Forks: true}
	return map[string]templ.Component{
		"fork":           flowScreen(view),
		"fork-ended":     flowScreen(ended),
		"fork-elsewhere": flowScreen(elsewhere),
		"flow-brought":   flowScreen(brought),
		"fork-form":      draftScreen(begins),
		"next":           draftScreen(draftView{From: from, Draft: next.Draft, Next: &next}),
		"activity-made":  activityScreen(activityView{Flows: []flowLine{line}, Made: made}),
	}
}

func TestForkScreens(t *testing.T) { golden(t, forkScreens()) }

// TestForkAtALiveBank asks twice before a fork makes anything at a bank that is not for
// practice, sends nothing while names are masked, and leads once to one flow, to which the
// person comes back.
func TestForkAtALiveBank(t *testing.T) {
	t.Parallel()
	var got atomic.Int64
	bank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Add(1)
		w.WriteHeader(http.StatusCreated)
	}))
	defer bank.Close()
	store := fresh.Store(t, time.Now)
	program := app.New(app.Config{Store: store, CallbackURL: "http://127.0.0.1:8999/callback"})
	defer program.Close()
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.Handle("POST /activity/exchanges/{id}/fork", s.adapt(s.fork))
	mux.Handle("GET /callback", s.adapt(s.callback))
	e := exampleExchange(0, "createConsent", "POST", bank.URL+"/v1/consents", 201).Exchange
	for _, err := range []error{
		store.PutEnvironment(t.Context(), storage.Environment{ID: "live", Name: "Live", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: bank.URL}}),
		store.AddExchange(t.Context(), e),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	answer := func(r *http.Request) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		mux.ServeHTTP(w, r)
		return w
	}
	send := func(do string) *httptest.ResponseRecorder {
		form := url.Values{"form": {"f1"}, "method": {"POST"}, "address": {e.URL}, "header": {"Accept: */*"}, "body": {"{}"}, "do": {do}}
		return answer(httptest.NewRequest(http.MethodPost, "/activity/exchanges/1/fork", strings.NewReader(form.Encode())))
	}
	present := func(on bool) {
		if err := program.SetPresenting(t.Context(), app.Presenting{On: on}); err != nil {
			t.Fatal(err)
		}
	}
	if w := send("send"); w.Code != http.StatusOK || got.Load() != 0 || !strings.Contains(w.Body.String(), `value="sure"`) {
		t.Errorf("%d, and %d requests went out", w.Code, got.Load())
	}
	present(true)
	if w := send("sure"); w.Code != http.StatusConflict || got.Load() != 0 {
		t.Errorf("%d while presenting, and %d requests went out", w.Code, got.Load())
	}
	present(false)
	for range 2 {
		if w := send("sure"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/activity/flows/fork-f1" || got.Load() != 1 {
			t.Errorf("%d to %s, and %d requests went out", w.Code, w.Header().Get("Location"), got.Load())
		}
	}
	for state, want := range map[string]int{"fork-f1": http.StatusOK, "fork-f2": http.StatusBadRequest, "f1": http.StatusBadRequest} {
		if w := answer(httptest.NewRequest(http.MethodGet, "/callback?state="+state, nil)); w.Code != want {
			t.Errorf("back with %s: %d, want %d", state, w.Code, want)
		}
	}
}
