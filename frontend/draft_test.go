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
	"consentry/app/draft"
	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// draftScreens are the views with the data that is hardest on them.
func draftScreens() map[string]templ.Component {
	live, _, _, _ := exampleConsents()
	former := exampleExchange(39, "initiatePayment", "POST", "https://b.example/v1/payments/sepa-credit-transfers?x="+hostile, 400)
	former.Request.Body = `{"debtorAccount":{"iban":"SE45"},"password":"` + record.Redacted + `","text":"` + hostile + `"}`
	from := draft.From{Exchange: former, Bank: georgian, Consent: &live, Hosts: []string{"https://b.example", "https://auth.b.example"}, Home: "https://b.example", Names: []string{"«password»"}}
	written := draft.Draft{FormID: "f1", Method: "POST", Address: former.URL, Header: "Authorization: Bearer " + record.Token + "\nX-More: " + hostile, Body: `{"text":"</textarea>` + hostile + `"}`}
	view := draftView{From: from, Draft: written, Looked: true, Changes: from.Changes(written)}
	plain := draftView{From: from, Draft: written}
	plain.From.Consent, plain.From.Names, plain.From.Moved, plain.From.Practice, plain.From.Request.Cut = nil, nil, true, true, true
	wrong := view
	wrong.Looked, wrong.Failure = false, failure.Unsent(map[string]storage.Reason{
		"method": {Code: failure.ChooseFromList}, "address": {Code: failure.NotAHostOf, Bank: georgian, Names: from.Hosts},
		"header": {Code: failure.HeaderMade, Name: "Signature"}, "body": {Code: failure.PlaceholderLeft, Name: "«password»"}})
	again := exampleExchange(41, record.StepSentAgain, "POST", former.URL+"2", 201)
	again.Former, again.Answer.Body = former.ID, `{"transactionStatus":"`+hostile+`"}`
	sent := exchangeView{Exchange: again, Operation: record.OperationOf(again.Method, again.URL, ""), From: &former, Consent: &live, Differences: record.Differences(former.Exchange, again.Exchange)}
	alone := sent
	alone.From, alone.Consent, alone.Payment, alone.Differences = nil, nil, &storage.Payment{ID: "p1", BankName: arabic}, nil
	return map[string]templ.Component{
		"draft":           draftScreen(view),
		"draft-presented": draftScreen(draftView{From: view.From, Draft: view.Draft, Presenting: true}),
		"draft-plain":     draftScreen(plain),
		"draft-wrong":     draftScreen(wrong),
		"draft-question":  draftQuestion(view),
		"sent-again":      exchangeScreen(sent),
		"sent-again-gone": exchangeScreen(alone),
	}
}

func TestDraftScreens(t *testing.T) { golden(t, draftScreens()) }

// TestLongDifference holds that a table shows of a long body its beginning.
func TestLongDifference(t *testing.T) {
	if got := shownSide(strings.Repeat("ä", 2*longestShown)); got != strings.Repeat("ä", longestShown)+"…" {
		t.Errorf("%d bytes are shown", len(got))
	}
}

// TestLiveBankIsAskedTwice sends what may cost money to a bank that is not for practice:
// only after a second word, and once, however often the form is sent.
func TestLiveBankIsAskedTwice(t *testing.T) {
	t.Parallel()
	var got atomic.Int64
	bank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Add(1)
		w.WriteHeader(http.StatusCreated)
	}))
	defer bank.Close()
	store := fresh.Store(t, time.Now)
	program := app.New(app.Config{Store: store})
	defer program.Close()
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.Handle("POST /activity/exchanges/{id}/again", s.adapt(s.sendAgain))
	e := exampleExchange(0, "initiatePayment", "POST", bank.URL+"/v1/payments/sepa-credit-transfers", 201).Exchange
	for _, err := range []error{
		store.PutEnvironment(t.Context(), storage.Environment{ID: "live", Name: "Live", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: bank.URL}}),
		store.AddExchange(t.Context(), e),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	send := func(do string) *httptest.ResponseRecorder {
		form := url.Values{"form": {"f1"}, "method": {"POST"}, "address": {e.URL}, "header": {"Accept: */*"}, "body": {"{}"}, "do": {do}}
		r, w := httptest.NewRequest(http.MethodPost, "/activity/exchanges/1/again", strings.NewReader(form.Encode())), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		mux.ServeHTTP(w, r)
		return w
	}
	for _, do := range []string{"send", "look", "edit", ""} {
		if w := send(do); w.Code != http.StatusOK || got.Load() != 0 {
			t.Fatalf("%q: %d, and %d requests went out", do, w.Code, got.Load())
		}
	}
	if page := send("send").Body.String(); !strings.Contains(page, "It can cost money.") || !strings.Contains(page, `value="sure"`) {
		t.Errorf("the question is\n%s", page)
	}
	for range 2 {
		if w := send("sure"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/activity/exchanges/2" || got.Load() != 1 {
			t.Errorf("%d to %s, and %d requests went out", w.Code, w.Header().Get("Location"), got.Load())
		}
	}
}
