package frontend

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/fresh"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// exampleReads are reads with each outcome.
func exampleReads() []storage.ConsentRead {
	read := func(id int64, endpoint storage.Endpoint, account, outcome string, attended bool) storage.ConsentRead {
		return storage.ConsentRead{ID: id, ConsentID: "c1", At: now.Add(-time.Duration(20-id) * time.Hour), Endpoint: endpoint, Account: account, Attended: attended, Outcome: outcome, RequestID: "77f0/" + hostile}
	}
	return []storage.ConsentRead{
		read(19, storage.ReadTransactions, "Lönekonto, SE45 ···· 7466", storage.ReadOK, true),
		read(18, storage.ReadBalances, georgian+", SE45 ···· 7466", "ACCESS_EXCEEDED", false),
		read(17, storage.ReadAccounts, "", "unreachable", false),
		read(16, storage.ReadDetails, hostile, "", true),
		read(15, storage.ReadTransaction, arabic, "not understood", true),
		read(14, storage.Endpoint(hostile), "", hostile, false),
		{ID: 13, At: daysAgo(9), Endpoint: storage.RefreshAccounts, Attended: true, Outcome: storage.ReadOK},
	}
}

// exampleLive is a consent in use, with everything there is to say of one.
func exampleLive() consentView {
	live, _, _, _ := exampleConsents()
	live.Purpose, live.RenewBy, live.Schedule, live.Series, live.Renews = hostile, "2027-05-16", 2, "c0", "c0"
	live.ReadAt, live.ReadAttended = now.Add(-time.Hour), false
	former, renewal := live, live
	former.ID, former.Renews, former.ReplacedBy, former.End, former.EndedAt, former.CreatedAt = "c0", "", "c1", storage.EndReplaced, daysAgo(3), daysAgo(180)
	renewal.ID, renewal.Renews, renewal.Status, renewal.GrantedAt, renewal.CreatedAt = "c9", "c1", xs2a.ConsentReceived, time.Time{}, daysAgo(0)
	line := func(c storage.Consent) consentLine {
		return consentLine{Consent: c, State: stateAt(c, false, now), Now: now}
	}
	view := consentView{
		consentLine: line(live), Accounts: append(exampleAccounts(), exampleMissing()),
		Unreadable: []partFailure{{AccountID: 3, Account: georgian, Title: "Balances: " + hostile}}, Reads: exampleReads(), Exchanges: 12,
		Series:      []consentLine{line(former), line(live), line(renewal)},
		Differences: []app.Difference{{Kind: app.EndsEarlier, Granted: "2027-03-03", Asked: "2027-05-16"}, {Kind: app.OtherAccounts, Number: 2}},
		Events: []storage.ConsentEvent{
			{At: daysAgo(3), Source: storage.FromBank, Status: xs2a.ConsentValid, Event: storage.Event{Kind: storage.EventStatus}},
			{At: daysAgo(4), Source: storage.FromPerson, Event: storage.Event{Kind: storage.EventNote, Text: hostile}}, {At: daysAgo(4), Source: storage.FromTime, Event: storage.Event{Kind: storage.EventNote, Text: "Its last day has passed"}},
		},
		Attempts: []storage.Authorisation{
			{ID: "a2", Approach: "REDIRECT", SCAStatus: "finalised", Outcome: storage.Succeeded, CreatedAt: daysAgo(3)},
			{ID: "a1", Approach: hostile, SCAStatus: hostile, Outcome: storage.Failed, CreatedAt: daysAgo(4)},
		},
	}
	view.Updated = map[int64]bool{}
	for _, account := range view.Accounts {
		view.Updated[account.ID] = true
	}
	view.Quota = fetch.Quota{Used: 2, Limit: 4, NextAt: now.Add(4 * time.Hour), Planned: []time.Time{now.Add(5 * time.Hour), now.Add(17 * time.Hour)}}
	return view
}

// exampleEnded is the same after an end.
func exampleEnded(end storage.End, ack storage.Acknowledgement) consentView {
	view := exampleLive()
	view.End, view.EndedAt, view.Acknowledgement, view.Differences, view.Series, view.Job = end, daysAgo(1), ack, nil, nil, nil
	view.State = stateAt(view.Consent, false, now)
	if end != storage.EndReplaced {
		view.Updated = nil
	}
	return view
}

// exampleLeft is an account that a renewal does not give.
func exampleLeft() []app.LeftBehind {
	account := exampleAccounts()[1]
	account.ID, account.Name = 77, georgian
	return []app.LeftBehind{{Account: account, Under: storage.Consent{ID: "c0"}}}
}

// singleConsentScreens are the screens about one consent.
func singleConsentScreens() map[string]templ.Component {
	live := exampleLive()
	renewed := live.consentLine
	refused := exampleEnded(storage.EndWithdrawn, storage.AckRefused)
	refused.AckError = storage.Reason{Code: failure.BankFault, Bank: "Hamnbanken"}
	refused.Failure = &app.Error{Reason: storage.TextReason(hostile), Detail: hostile}
	unconfirmed := exampleEnded(storage.EndWithdrawn, storage.AckUnconfirmed)
	unconfirmed.Deletion = storage.Deletion{Step: xs2a.StepStart, Message: hostile}
	unconfirmed.State = stateAt(unconfirmed.Consent, false, now)
	erased := exampleEnded(storage.EndWithdrawn, storage.AckConfirmed)
	erased.Accounts, erased.ErasedAt = nil, daysAgo(1)
	going := exampleEnded(storage.EndWithdrawn, storage.AckConfirmed)
	going.Accounts, going.Erasing = nil, true
	provisional := exampleLive()
	provisional.ValidUntil, provisional.RenewBy, provisional.RanOutAt = "2026-11-18", "2026-11-18", daysAgo(1)
	provisional.Differences, provisional.Series, provisional.Job, provisional.Failure = nil, nil, nil, nil
	provisional.State = stateAt(provisional.Consent, false, now)
	replaced := exampleEnded(storage.EndReplaced, "")
	replaced.ReplacedBy = "c9"
	open := consentView{consentLine: exampleWaiting(true), Attempts: []storage.Authorisation{{ID: "a1", CreatedAt: daysAgo(1)}}}
	soon := live
	soon.Series, soon.Differences, soon.Failure = nil, nil, nil
	soon.ValidUntil, soon.RenewBy = "2026-11-26", "2026-11-26"
	soon.State = stateAt(soon.Consent, false, now)
	full := live
	full.Quota, full.Schedule = fetch.Quota{Used: 4, Limit: 4, NextAt: now.Add(20 * time.Hour)}, 4
	full.Failure = failure.Unchanged(map[string]storage.Reason{"schedule": {Code: failure.ReadsPerDay, Bank: "Norrsken Bank", Of: 4}})
	erasing, after := live, exampleEnded(storage.EndWithdrawn, storage.AckConfirmed)
	erasing.Erasure = storage.Erasure{Accounts: 2, Transactions: 312, Alerts: 2, Kept: exampleAccounts()[1:]}
	after.Erasure = erasing.Erasure
	partly := replaced
	partly.Updated = map[int64]bool{partly.Accounts[0].ID: true}
	partly.Events = []storage.ConsentEvent{{At: daysAgo(1), Source: storage.FromPerson, Event: storage.Event{Kind: storage.EventErasedWith, Accounts: 1}}}
	leaves, leaving := live, after
	leaves.Left, leaving.Left = exampleLeft(), exampleLeft()
	bank := exampleBank()
	renewal := shareView{Bank: bank, Renewed: &renewed, Missing: exampleMissing().Gaps[1:2], Known: exampleAccounts()[:1], Chosen: []string{"SE4550000000058398257466"}, Endings: []storage.Consent{live.Consent, refused.Consent},
		Share: app.Share{Balances: true, Recurring: true, ValidUntil: "2027-05-19", FrequencyPerDay: 4, IBANs: []string{"SE4550000000058398257466"}, Purpose: hostile, Renews: "c1"}, Named: true, IBANs: hostile, Frequency: "4"}
	again := renewal
	again.Renewed, again.Endings, again.Named = &refused.consentLine, nil, false
	return map[string]templ.Component{
		"consent":                   consentScreen(live),
		"consent-full":              consentScreen(full),
		"consent-leaves":            consentScreen(leaves),
		"consent-replaced-partly":   consentScreen(partly),
		"erase-leaves":              endingScreen(leaving, leaving.question("erase-dialog"), eraseQuestion(leaving)),
		"consent-soon":              consentScreen(soon),
		"consent-open":              consentScreen(open),
		"consent-ended-untold":      consentScreen(refused),
		"consent-ended-unconfirmed": consentScreen(unconfirmed),
		"consent-ended-erased":      consentScreen(erased),
		"consent-ended-erasing":     consentScreen(going),
		"consent-ended-clock":       consentScreen(provisional),
		"consent-ended-replaced":    consentScreen(replaced),
		"consent-asked": consentTesters(consentView{consentLine: live.consentLine, Said: &asked{}, Authorisations: sca.AtBank{
			List:      []sca.AuthorisationAtBank{{ID: "a1", Status: "finalised"}, {ID: hostile, Status: hostile}, {ID: "a3", Failure: &app.Error{Reason: storage.TextReason(hostile)}}},
			NotListed: &app.Error{Reason: storage.Reason{Code: failure.Refused, Bank: "Norrsken Bank"}, Detail: hostile},
		}}),
		"withdraw":                endingScreen(erasing, erasing.question("withdraw-dialog"), withdrawQuestion(erasing)),
		"withdraw-dialog":         endingDialog("withdraw-dialog", erasing.question("withdraw-dialog"), withdrawQuestion(erasing)),
		"withdraw-dialog-unread":  endingDialog("withdraw-dialog", live.question("withdraw-dialog"), withdrawQuestion(live)),
		"withdraw-dialog-dropped": endingDialog("withdraw-dialog", open.question("withdraw-dialog"), withdrawQuestion(open)),
		"erase":                   endingScreen(after, after.question("erase-dialog"), eraseQuestion(after)),
		"reads":                   readsScreen(readsView{consentLine: live.consentLine, Reads: exampleReads(), More: true}),
		"reads-none":              readsScreen(readsView{consentLine: live.consentLine}),
		"consent-ended":           consentScreen(after),
		"renew":                   shareScreen(renewal),
		"renew-ended":             shareScreen(again),
	}
}

// exampleWaiting is a consent that was asked for and not approved.
func exampleWaiting(begun bool) consentLine {
	_, _, waiting, _ := exampleConsents()
	waiting.Purpose, waiting.ValidUntil = "", "2027-05-16"
	line := consentLine{Consent: waiting, State: stateAt(waiting, begun, now), Now: now}
	if begun {
		line.Flow = &sca.Flow{Authorisation: storage.Authorisation{ID: "a1", CreatedAt: daysAgo(1)}}
	}
	return line
}

func TestSingleConsentScreens(t *testing.T) {
	golden(t, singleConsentScreens(), "SE4550000000058398257466")
}

// What was noticed late ended on its last day all the same.
func TestRunOutEndsOnItsLastDay(t *testing.T) {
	view := exampleEnded(storage.EndExpired, "")
	for _, test := range []struct {
		validUntil string
		endedAt    time.Time
		want       time.Time
	}{
		{"2026-11-14", daysAgo(1), time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)},
		{"2026-11-14", time.Time{}, time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)},
		{"2027-05-16", daysAgo(1), daysAgo(1)}, // the bank says so before
	} {
		view.ValidUntil, view.EndedAt = test.validUntil, test.endedAt
		if got := view.endedAt(); !got.Equal(test.want) {
			t.Errorf("until %s, noticed %v: ended %v, want %v", test.validUntil, test.endedAt, got, test.want)
		}
	}
}

// Every end says how it came, and whether the bank knows.
func TestEndIsTold(t *testing.T) {
	for _, test := range []struct {
		end   storage.End
		ack   storage.Acknowledgement
		tone  ui.Tone
		words []string
	}{
		{storage.EndWithdrawn, storage.AckConfirmed, ui.Neutral, []string{"You withdrew", "knows", "stays on this machine"}},
		{storage.EndWithdrawn, storage.AckPending, ui.Warn, []string{"You withdrew", "stopped using it at once", "has not confirmed"}},
		{storage.EndWithdrawn, storage.AckRefused, ui.Bad, []string{"You withdrew", "has not confirmed that", "stopped using it at once", "may stand until 16 May 2027", "Notify the bank again"}},
		{storage.EndGivenUp, storage.AckConfirmed, ui.Neutral, []string{"cancelled this request", "before it was approved", "knows"}},
		{storage.EndGivenUp, "", ui.Neutral, []string{"cancelled this request", "Nothing was shared"}},
		{storage.EndExpired, "", ui.Neutral, []string{"ran out on 19 Nov 2026"}},
		{storage.EndRejected, "", ui.Neutral, []string{"was declined at", "Nothing was shared"}},
		{storage.EndRevoked, "", ui.Neutral, []string{"was ended at"}},
		{storage.EndReplaced, "", ui.Neutral, []string{"A newer consent took the place", "Your accounts go on with it"}},
		{storage.EndReplaced, storage.AckRefused, ui.Bad, []string{"A newer consent took the place", "may stand until"}},
		{storage.EndRefused, "", ui.Warn, []string{"has not accepted this consent any more since 19 Nov 2026", "stopped using it"}},
		{storage.EndUnknown, "", ui.Warn, []string{"knows of no such consent", "stopped using it"}},
	} {
		t.Run(string(test.end)+" "+string(test.ack), func(t *testing.T) {
			notice := exampleEnded(test.end, test.ack).endNotice(t.Context())
			if notice.Tone != test.tone {
				t.Errorf("tone %s, want %s", notice.Tone, test.tone)
			}
			said := notice.Title + " " + notice.Lost + " " + notice.Next
			for _, want := range test.words {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not said: %s", want, said)
				}
			}
		})
	}
}

func TestQuotaText(t *testing.T) {
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now})
	for _, test := range []struct {
		quota      fetch.Quota
		schedule   int
		used, plan string
	}{
		{fetch.Quota{Used: 2, Limit: 4}, 0, "2 of 4 used", "Nothing is read unless you ask."},
		{fetch.Quota{Used: 4, Limit: 4, NextAt: now.Add(264 * time.Minute)}, 4, "4 of 4 used, next at 14:05", "Nothing is planned for the next 24 hours: the allowance is used up."},
		{fetch.Quota{Used: 4, Limit: 4, NextAt: now.Add(20 * time.Hour), Planned: []time.Time{now.Add(time.Hour), now.Add(20 * time.Hour)}}, 2, "4 of 4 used, next tomorrow 05:41", "Planned while Consentry runs: at 10:41, tomorrow 05:41."},
		{fetch.Quota{Used: 1, Limit: 4, NextAt: now.Add(-time.Hour)}, 0, "1 of 4 used", "Nothing is read unless you ask."},
	} {
		view := consentView{consentLine: consentLine{Now: now, Quota: test.quota}}
		view.Schedule = test.schedule
		if got := view.quotaText(ctx); got != test.used {
			t.Errorf("got %q, want %q", got, test.used)
		}
		if got := view.planned(ctx); got != test.plan {
			t.Errorf("got %q, want %q", got, test.plan)
		}
	}
}

// TestSchedulesAreBounded offers no million choices because a bank grants as
// many reads.
func TestSchedulesAreBounded(t *testing.T) {
	view := exampleLive()
	view.FrequencyPerDay = 1_000_000
	if n := len(view.schedules(t.Context())); n != 1+fetch.MostPerDay {
		t.Errorf("%d choices", n)
	}
}

// The words of a bank's refusal stand on the page once, not those it sent
// before.
func TestRefusalIsQuotedOnce(t *testing.T) {
	refusal := &app.Error{Reason: storage.Reason{Code: failure.WrongCredentials}, Fields: map[string]storage.Reason{"password": {Code: failure.WrongCredentials}},
		Cause: &xs2a.Error{Kind: xs2a.Refused, Code: "PSU_CREDENTIALS_INVALID", Text: "Two attempts are left"}}
	view := linkingView{Failed: refusal, Flow: flowOf(storage.Authorisation{Step: xs2a.StepPassword, Message: "Welcome"}, storage.Consent{BankName: "Lindwurm Bank"})}
	html := string(render(t, t.Context(), view.content()))
	if strings.Count(html, "Two attempts are left") != 1 || strings.Contains(html, "Welcome") {
		t.Errorf("the bank's words do not stand there once: %s", html)
	}
}

// TestAWrongLoginHasAWayOut leads on from a page whose password was refused and that has
// no field for the login: to asking again with another one.
func TestAWrongLoginHasAWayOut(t *testing.T) {
	const way = "ask again with the right one"
	for name, test := range map[string]struct {
		code  string
		start bool
		want  bool
	}{
		"login in the request": {failure.WrongCredentials, false, true},
		"login on the page":    {failure.WrongCredentials, true, false},
		"login taken":          {failure.WrongPassword, false, false},
	} {
		refusal := &app.Error{Reason: storage.Reason{Code: test.code}, Fields: map[string]storage.Reason{"password": {Code: test.code}}}
		view := linkingView{Failed: refusal, Flow: app.Flow{Flow: sca.Flow{PSUID: "nobody", Authorisation: storage.Authorisation{Step: xs2a.StepPassword, Asks: storage.Asks{Start: test.start}}}}}
		html := string(render(t, t.Context(), view.content()))
		if strings.Contains(html, way) != test.want {
			t.Errorf("%s: a way out: %v", name, !test.want)
		}
	}
}

// What a bank's answer says beside its step is shown, what it costs first, and
// the answer itself to testers.
func TestFeesAreShown(t *testing.T) {
	yes := true
	a := storage.Authorisation{Step: xs2a.StepPassword, Answer: `{"a":"</pre><script>"}`}
	a.Asks.Said = storage.Said{Fees: xs2a.Fees{Transaction: &xs2a.Amount{Number: "1.50", Currency: "EUR"}, EstimatedTotal: &xs2a.Amount{Number: "101.70", Currency: "EUR"}},
		Trusted: &yes, NameMatch: hostile, Warnings: []string{"Evening works"}}
	html := string(render(t, t.Context(), linkingView{Flow: flowOf(a, storage.Consent{})}.content()))
	for _, want := range []string{">Fee<", "1.50", "101.70", "One you trust", "Evening works", "&lt;/pre&gt;&lt;script&gt;"} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing: %s", want, html)
		}
	}
	if strings.Contains(html, hostile) {
		t.Error("the bank's words are not escaped")
	}
	for charged, want := range map[bool]string{true: "does not say how much", false: "None"} {
		a.Asks.Said = storage.Said{Fees: xs2a.Fees{Charged: &charged}}
		if facts := besideFacts(t.Context(), a.Asks.Said); len(facts) != 1 || !strings.Contains(facts[0].words, want) {
			t.Errorf("charged %v: %+v", charged, facts)
		}
	}
	if facts := besideFacts(t.Context(), storage.Said{}); len(facts) != 0 {
		t.Errorf("nothing said, and %+v shown", facts)
	}
}

// A consent's screens, asked as a browser asks, with a real store behind them.
func TestConsentRoutes(t *testing.T) {
	t.Parallel()
	store := fresh.Store(t, func() time.Time { return now })
	program := app.New(app.Config{Store: store, Now: func() time.Time { return now }})
	defer program.Close()
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		if strings.Contains(pattern, "/consents") {
			mux.Handle(pattern, s.adapt(h))
		}
	}
	if err := store.PutEnvironment(t.Context(), storage.Environment{ID: "sandbox", Name: "Sandbox"}); err != nil {
		t.Fatal(err)
	}
	live, _, _, _ := exampleConsents()
	live.ID, live.Purpose, live.FrequencyPerDay = "c1", "See my savings", 4
	if err := store.AddConsent(t.Context(), live); err != nil {
		t.Fatal(err)
	}
	if err := store.SetConsentStatus(t.Context(), "c1", "", xs2a.ConsentValid); err != nil {
		t.Fatal(err)
	}
	for range readsAtOnce + 1 {
		if _, err := store.BeginRead(t.Context(), storage.ConsentRead{ConsentID: "c1", Endpoint: storage.ReadBalances, Attended: true, RequestID: "r"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, method, address, form, htmx string
		status                            int
		leads                             string
		says, not                         []string
	}{
		{"the page", "GET", "/consents/c1", "", "", 200, "", []string{"See my savings", "0 of 4 used", "All reads", "you did", "the bank said"}, nil},
		{"nobody", "GET", "/consents/c2", "", "", 404, "", []string{"nothing at this address"}, nil},
		{"the ledger", "GET", "/consents/c1/reads", "", "", 200, "", []string{"Every read", "before=2", "Not known"}, nil},
		{"the rest of the ledger", "GET", "/consents/c1/reads?before=2", "", "true", 200, "", []string{"Balances"}, []string{"<html", "before="}},
		{"more often than granted", "POST", "/consents/c1/schedule", "schedule=5", "", 422, "", []string{"schedule-error"}, nil},
		{"no number", "POST", "/consents/c1/schedule", "schedule=often", "", 422, "", []string{"schedule-error"}, nil},
		{"twice a day", "POST", "/consents/c1/schedule", "schedule=2", "", 303, "/consents/c1", nil, nil},
		{"asks before it withdraws", "GET", "/consents/c1/withdraw", "", "", 200, "", []string{"Withdraw the consent?", "stops reading at once"}, []string{"Withdraw and erase"}},
		{"erases nothing of one in use", "GET", "/consents/c1/erase", "", "", 303, "/consents/c1", nil, nil},
		{"withdraws one no bank has", "POST", "/consents/c1/withdraw", "data=keep", "", 303, "/consents/c1", nil, nil},
		{"the page after", "GET", "/consents/c1", "", "", 200, "", []string{"You withdrew this consent on 20 Nov 2026", "Ask again"}, []string{"Update now", "Update automatically"}},
		{"another window is late", "GET", "/consents/c1/withdraw", "", "", 303, "/consents/c1", nil, nil},
		{"withdraws twice", "POST", "/consents/c1/withdraw", "data=erase", "", 303, "/consents/c1", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, w := httptest.NewRequest(test.method, test.address, strings.NewReader(test.form)), httptest.NewRecorder()
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if test.htmx != "" {
				r.Header.Set("HX-Request", test.htmx)
			}
			mux.ServeHTTP(w, r)
			if w.Code != test.status || w.Header().Get("Location") != test.leads {
				t.Fatalf("%d to %q, want %d to %q: %s", w.Code, w.Header().Get("Location"), test.status, test.leads, w.Body)
			}
			for _, said := range test.says {
				if !strings.Contains(w.Body.String(), said) {
					t.Errorf("does not say %q: %s", said, w.Body)
				}
			}
			for _, said := range test.not {
				if strings.Contains(w.Body.String(), said) {
					t.Errorf("says %q", said)
				}
			}
		})
	}
}

// The accounts of a form are those ticked and those typed, each once.
func TestNamedAccounts(t *testing.T) {
	known := exampleAccounts()[:1]
	for form, want := range map[string]string{
		"which=all&account=1":   "",
		"which=named&account=1": "SE4550000000058398257466",
		"which=named&account=1&ibans=SE45+5000+0000+0583+9825+7466":     "SE4550000000058398257466",
		"which=named&account=1&account=2&ibans=NO9386011117947":         "NO9386011117947 SE4550000000058398257466",
		"which=named&account=SE4550000000058398257466&purpose=holidays": "",
	} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		view := shareView{Known: known}
		view.read(t.Context(), values)
		if got := strings.Join(view.Share.IBANs, " "); got != want {
			t.Errorf("%s: got %q, want %q", form, got, want)
		}
	}
}

// TestUnconfirmedWithdrawalHasOneWayFirst: one primary action, each said what it
// does, the way to the bank, and no end claimed for the bank.
func TestUnconfirmedWithdrawalHasOneWayFirst(t *testing.T) {
	t.Parallel()
	for told, first := range map[storage.Acknowledgement]words.Text{storage.AckUnconfirmed: checkEndLabel, storage.AckRefused: tellLabel} {
		view := exampleEnded(storage.EndWithdrawn, told)
		html := string(render(t, t.Context(), consentScreen(view)))
		if strings.Count(html, "btn btn-go") != 1 || !strings.Contains(html, `btn btn-go" type="submit"><span data-label>`+string(first)) {
			t.Errorf("%s: the first way is not %q alone: %s", told, first, html)
		}
		for _, want := range []string{"“" + string(first) + "”", `href="/banks/sandbox/HAMNSEG0"`, "<dt>Ended here</dt>", "ended here on"} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: %q is missing", told, want)
			}
		}
	}
	if word := exampleEnded(storage.EndWithdrawn, storage.AckConfirmed).consentLine; word.endedWord() != "Ended" {
		t.Error(word.endedWord())
	}
}

// TestReadsAreToldInWords keeps codes of banks to the exchange behind a read.
func TestReadsAreToldInWords(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"PERIOD_INVALID", "ACCESS_EXCEEDED", "SOMETHING_OF_ITS_OWN"} {
		if note := readNote(t.Context(), storage.ConsentRead{Outcome: code}); strings.Contains(note, "_") || note == "" {
			t.Errorf("%s: %q", code, note)
		}
	}
}

// TestNeverApprovedDidNotRunOut tells what nobody approved in time apart from a
// consent whose time was over: nothing was shared under it, and nothing ended.
func TestNeverApprovedDidNotRunOut(t *testing.T) {
	t.Parallel()
	view := exampleEnded(storage.EndExpired, "")
	view.GrantedAt = time.Time{}
	if title := view.endTitle(t.Context()); !strings.Contains(title, "never approved") {
		t.Error(title)
	}
	if state := stateAt(view.Consent, false, view.Now); state.label(t.Context()) != "Not approved" || renewable(view.Consent) {
		t.Errorf("%+v, to be renewed: %v", state, renewable(view.Consent))
	}
}

// TestOutcomeOfARead holds that a failure of the bank's own is not called a refusal.
func TestOutcomeOfARead(t *testing.T) {
	for outcome, want := range map[string]words.Text{
		"": "Not known", storage.ReadOK: "Answered", storage.ReadUnreachable: "No answer", storage.ReadMalformed: "Not understood",
		"Service Unavailable": "Bank error", "Gateway Timeout": "Bank error", "INTERNAL_SERVER_ERROR": "Bank error",
		"SERVICE_BLOCKED": "Refused", "Forbidden": "Refused", "A_CODE_OF_ITS_OWN": "Refused",
	} {
		if _, word := outcomeBadge(storage.ConsentRead{Outcome: outcome}); word != want {
			t.Errorf("%q is called %q, not %q", outcome, word, want)
		}
	}
}
