package frontend

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/remind"
	"consentry/frontend/ui"
	"consentry/storage"
)

// exampleRound is a round whose turns ended in every way.
func exampleRound() roundView {
	live, soon, waiting, refused := exampleConsents()
	turn := func(id, name string, c storage.Consent, state app.TurnState) app.Turn {
		c.ID, c.BankName = id, name
		return app.Turn{RenewalTurn: storage.RenewalTurn{ConsentID: id}, Consent: c, State: state}
	}
	renewed, begun, failed := turn("c1", longName, soon, app.TurnRenewed), turn("c2", georgian, soon, app.TurnBegun), turn("c3", hostile, soon, app.TurnFailed)
	renewed.Renewal, begun.Renewal = &live, &waiting
	failed.Reason, failed.PassedAt = storage.Reason{Code: failure.Unreachable, Bank: hostile}, now
	later, skipped := turn("c4", arabic, soon, app.TurnLater), turn("c5", "Vidda", soon, app.TurnSkipped)
	later.Consent.SnoozedUntil, skipped.PassedAt = "2026-11-27", now
	view := roundView{Round: app.Round{RenewalRound: storage.RenewalRound{ID: "r1", BegunAt: daysAgo(1)}, Turns: []app.Turn{
		renewed, begun, failed, later, skipped, turn("c6", "Ended Bank", refused, app.TurnOver), turn("c7", "Later Bank", live, app.TurnNotDue), turn("c8", "Open Bank", soon, app.TurnOpen),
	}}, Present: -1}
	for _, turn := range view.Turns {
		view.Names = append(view.Names, turn.Consent.BankName)
	}
	return view
}

// roundScreens are what is shown of rounds, of reminders, and of directories that changed.
func roundScreens(t *testing.T) map[string]templ.Component {
	_, soon, _, _ := exampleConsents()
	underWay, over, at := exampleRound(), exampleRound(), exampleRound()
	over.EndedAt, over.Due = now, 3
	at.Present, at.Later = 7, snoozeActions(t.Context(), soon, now)
	settled := at
	settled.Present = 0
	due := renewalsView{Due: []remind.Bundle{bundleOf("2026-12-01", longName, georgian, hostile, arabic, "E", "F", "G"), bundleOf("2026-12-18", "Vidda")}}
	reading := storage.DirectoryReading{Since: daysAgo(2), At: daysAgo(1), LeftOut: 4, Changes: []storage.DirectoryChange{
		{Kind: storage.BankNew, BIC: "NEWBSES1", Name: georgian}, {Kind: storage.BankGone, BIC: "GONESES1", Name: hostile},
		{Kind: storage.BankRenamed, BIC: "RENASES1", Name: longName, Before: []string{arabic}, After: []string{longName}},
		{Kind: storage.BankProducts, BIC: "PRODSES1", Name: "P", Before: []string{"domestic"}, After: []string{"domestic", hostile}},
		{Kind: storage.BankApproaches, BIC: "APPRSES1", Name: "A", Before: []string{"OAuth2"}, After: []string{"Decoupled", "OAuth2"}},
	}}
	environment := storage.Environment{ID: "e1", Name: hostile, DirectoryAt: now}
	return map[string]templ.Component{
		"round":            roundScreen(underWay),
		"round-over":       roundScreen(over),
		"round-bar":        roundBar(&at),
		"round-settled":    roundBar(&settled),
		"renewal-strip":    renewalStrip(due, ui.Primary),
		"renewal-begun":    renewalStrip(renewalsView{Round: &underWay.Round}, ui.Plain),
		"directory":        directoryScreen(directoryView{Environment: environment, Readings: []storage.DirectoryReading{reading}, Listed: map[string]bool{"RENASES1": true}}),
		"directory-empty":  directoryScreen(directoryView{Environment: environment}),
		"directory-news":   directoryNews(environment, bank.DirectoryNews{Since: daysAgo(8), Changes: reading.Changes, LeftOut: 4}, true),
		"directory-silent": directoryNews(environment, bank.DirectoryNews{}, true),
	}
}

func TestRoundScreens(t *testing.T) { golden(t, roundScreens(t)) }

// bundleOf is a reminder of consents at some banks, all with one last day.
func bundleOf(by string, banks ...string) (bundle remind.Bundle) {
	for i, name := range banks {
		c := storage.Consent{ID: fmt.Sprint("c", i), BankName: name, RenewBy: by, ValidUntil: by, Recurring: true}
		bundle = append(bundle, remind.Reminder{Consent: c, Days: int(day(by).Sub(now.Truncate(24*time.Hour)).Hours() / 24), Level: 30})
	}
	return bundle
}

// TestNotifications tells each reminder once, and names its banks.
func TestNotifications(t *testing.T) {
	for name, test := range map[string]struct {
		due  []remind.Bundle
		want []string
	}{
		"one": {[]remind.Bundle{bundleOf("2026-12-01", "A")}, []string{"Renew your consent at A: Its last day is 1 December 2026: 11 days left. Open Consentry to renew it or to be reminded later."}},
		"together": {[]remind.Bundle{bundleOf("2026-12-01", "A", "B", "A")},
			[]string{"3 consents have to be renewed: They are at A and B. The first has to be renewed by 1 December 2026: 11 days left. Open Consentry to renew them or to be reminded later."}},
		"many": {[]remind.Bundle{bundleOf("2026-12-01", "A", "B", "C", "D", "E", "F", "G")},
			[]string{"7 consents have to be renewed: They are at A, B, C, D, E and 2 other banks. The first has to be renewed by 1 December 2026: 11 days left. Open Consentry to renew them or to be reminded later."}},
		"two": {[]remind.Bundle{bundleOf("2026-11-21", "A"), bundleOf("2026-12-18", "B")}, []string{
			"Renew your consent at A: Its last day is 21 November 2026: 1 day left. Open Consentry to renew it or to be reminded later.",
			"Renew your consent at B: Its last day is 18 December 2026: 28 days left. Open Consentry to renew it or to be reminded later."}},
	} {
		var got []string
		for _, one := range Notifications(t.Context(), test.due) {
			got = append(got, one.Title+": "+one.Text)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestTurnNames tells apart what is of banks of one name.
func TestTurnNames(t *testing.T) {
	turn := func(id, environment, bank, purpose string) app.Turn {
		return app.Turn{RenewalTurn: storage.RenewalTurn{ConsentID: id}, Consent: storage.Consent{ID: id, EnvironmentID: environment, BankName: bank, Purpose: purpose}}
	}
	round := app.Round{Turns: []app.Turn{turn("a", "e1", "Norrsken", ""), turn("b", "e2", "Norrsken", "x"), turn("c", "e1", "Fjord", "Home"), turn("d", "e1", "Fjord", "Work"), turn("e", "e1", "Vidda", "x")}}
	want := []string{"Norrsken (Here)", "Norrsken (There)", "Fjord (Home)", "Fjord (Work)", "Vidda"}
	for i, one := range round.Turns {
		if got := turnName(t.Context(), round, one, map[string]string{"e1": "Here", "e2": "There"}); got != want[i] {
			t.Errorf("got %q, want %q", got, want[i])
		}
	}
}

// TestBrought says what an update brought, what failed and what was not read.
func TestBrought(t *testing.T) {
	at := func(id int64, added int) fetch.AccountProgress {
		return fetch.AccountProgress{ID: id, Ended: true, Progress: fetch.Progress{New: added}}
	}
	ended := func(change func(*fetch.Job), accounts ...fetch.AccountProgress) *fetch.Job {
		job := &fetch.Job{Attended: true, FinishedAt: now, Done: len(accounts), Total: len(accounts), Accounts: accounts}
		for _, account := range accounts {
			job.New += account.New
		}
		if change != nil {
			change(job)
		}
		return job
	}
	failed := &app.Error{Reason: storage.Reason{Code: failure.Refused}, Cause: errors.New("x")}
	for name, test := range map[string]struct {
		job     *fetch.Job
		account int64
		tone    ui.Tone
		want    string
	}{
		"nothing new":        {ended(nil, at(1, 0), at(2, 0)), 0, ui.Good, "Already up to date. 2 accounts were read."},
		"twelve":             {ended(nil, at(1, 5), at(2, 7)), 0, ui.Good, "12 new transactions. 2 accounts were read."},
		"of this account":    {ended(nil, at(1, 1), at(2, 7)), 1, ui.Good, "1 new transaction. 2 accounts were read. 7 new transactions are in other accounts of this consent."},
		"of others alone":    {ended(nil, at(1, 0), at(2, 1)), 1, ui.Good, "Already up to date. 2 accounts were read. 1 new transaction is in another account of this consent."},
		"days are missing":   {ended(func(j *fetch.Job) { j.Missing = 1 }, at(1, 3)), 0, ui.Warn, "3 new transactions. 1 account was read. Not all days of 1 account were read; it says which."},
		"and nothing is new": {ended(func(j *fetch.Job) { j.Missing = 1 }, at(1, 0)), 0, ui.Warn, "Nothing new in what was read. 1 account was read. Not all days of 1 account were read; it says which."},
		"one unreadable":     {ended(func(j *fetch.Job) { j.Unread = 1 }, at(1, 3)), 0, ui.Warn, "3 new transactions. 1 account was read. 1 transaction came and could not be read; its account shows it."},
		"it failed":          {ended(func(j *fetch.Job) { j.Err = failed }), 0, ui.Warn, "Not everything was read. 0 accounts were read."},
		"a part failed":      {ended(func(j *fetch.Job) { j.Err, j.Done = failed, 1 }, at(1, 3), at(2, 0)), 0, ui.Warn, "3 new transactions. 1 account was read. 1 account was not read."},
		"this was not come to": {ended(func(j *fetch.Job) { j.Total = 2 }, at(1, 3)), 2, ui.Warn,
			"Not everything was read. 1 account was read. 3 new transactions are in other accounts of this consent. 1 account was not read."},
	} {
		got := broughtNotice(t.Context(), test.job, test.account, nil)
		if said := got.Title + " " + got.Next; said != test.want || got.Tone != test.tone {
			t.Errorf("%s: %q (%s), want %q (%s)", name, said, got.Tone, test.want, test.tone)
		}
	}
	if got := broughtNotice(t.Context(), ended(nil, at(1, 0)), 0, []string{"You did not ask for balances."}); !strings.HasSuffix(got.Next, "You did not ask for balances.") {
		t.Errorf("what is not shared is not said: %q", got.Next)
	}
}

// TestBroughtNow says what came as long as it is news, to whom it was brought.
func TestBroughtNow(t *testing.T) {
	s := &Server{app: app.New(app.Config{Now: func() time.Time { return now }})}
	for name, test := range map[string]struct {
		job  *fetch.Job
		want bool
	}{
		"none":            {nil, false},
		"it runs":         {&fetch.Job{Attended: true}, false},
		"just now":        {&fetch.Job{Attended: true, FinishedAt: now.Add(-time.Second)}, true},
		"an hour ago":     {&fetch.Job{Attended: true, FinishedAt: now.Add(-time.Hour)}, false},
		"nobody asked":    {&fetch.Job{FinishedAt: now.Add(-time.Second)}, false},
		"it was stopped":  {&fetch.Job{Attended: true, Stopped: true, FinishedAt: now.Add(-time.Second)}, false},
		"a failure, too":  {&fetch.Job{Attended: true, FinishedAt: now.Add(-time.Second), Err: &app.Error{}}, true},
		"the clock moved": {&fetch.Job{Attended: true, FinishedAt: now.Add(time.Hour)}, true},
	} {
		if got := s.brought(test.job) != nil; got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestUnfolds has the time line in sight where the list begins above the fold all the same, until the
// person has chosen.
func TestUnfolds(t *testing.T) {
	lanes := func(n int) consentsView {
		return consentsView{Lives: ui.Timeline{Lanes: make([]ui.Lane, n)}, Groups: []consentGroup{{Group: app.Active}}}
	}
	needs := lanes(2)
	needs.Groups = []consentGroup{{Group: app.NeedsPerson, Consents: make([]consentLine, 5)}}
	for name, test := range map[string]struct {
		view         consentsView
		window, fold string
		address      string
		want         bool
	}{
		"few lives on a laptop":       {lanes(2), "1280x800", "", "", true},
		"many":                        {lanes(12), "1280x800", "", "", false},
		"many on a large screen":      {lanes(12), "1920x1400", "", "", true},
		"few on a phone":              {lanes(2), "360x740", "", "", false},
		"below what needs the person": {needs, "1280x800", "", "", false},
		"nobody told the size":        {lanes(2), "", "", "", false},
		"no size":                     {lanes(2), "wide", "", "", false},
		"the person unfolded it":      {lanes(12), "360x740", "open", "", true},
		"the person folded it":        {lanes(1), "1920x1080", "folded", "", false},
		"neither word":                {lanes(2), "1280x800", "x", "", true},
		"all were asked for":          {lanes(30), "360x740", "folded", "?lives=all", true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/consents"+test.address, nil)
		for cookie, value := range map[string]string{windowCookie: test.window, foldCookie: test.fold} {
			if value != "" {
				r.AddCookie(&http.Cookie{Name: cookie, Value: value})
			}
		}
		if got := test.view.unfolds(r); got != test.want {
			t.Errorf("%s: %v (%d px above)", name, got, test.view.above(1280))
		}
	}
}

// TestCalendarWords names the banks of one day and their last days.
func TestCalendarWords(t *testing.T) {
	summary, description := calendarWords(t.Context())([]remind.Renewal{{Bank: "A", By: day("2026-12-01")}, {Bank: "B", By: day("2026-12-10")}})
	if summary != "Renew 2 consents: A and B" || !strings.HasSuffix(description, "Their last days: A: 1 December 2026, B: 10 December 2026.") {
		t.Errorf("%q: %q", summary, description)
	}
}
