package frontend

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/fetch"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// exampleList is a list with one of everything a consent can be.
func exampleList() (found app.ConsentList, lines []consentLine) {
	live, soon, waiting, refused := exampleConsents()
	live.ReadAt, live.ReadAttended = daysAgo(1), true
	soon.RenewBy, soon.ReadAt = "2026-11-26", now.Add(-time.Hour)
	once := live
	once.ID, once.BankName, once.Recurring, once.FetchError, once.ReadAt = "c5", "Hamnbanken", false, storage.Reason{}, time.Time{}
	partial := waiting
	partial.ID, partial.Status = "c6", xs2a.ConsentPartiallyAuthorised
	begun := waiting
	begun.ID = "c7"
	add := func(group app.Group, c storage.Consent, flow *sca.Flow, quota fetch.Quota) {
		c.Series = c.ID
		line := consentLine{Consent: c, Group: group, State: stateAt(c, flow != nil, now), Flow: flow, Now: now, Quota: quota}
		found.Lines, lines = append(found.Lines, app.ConsentLine{Consent: c, Group: group, Flow: flow}), append(lines, line)
	}
	add(app.NeedsPerson, soon, nil, fetch.Quota{Used: 2, Limit: 4})
	add(app.NeedsPerson, begun, &sca.Flow{}, fetch.Quota{})
	add(app.NeedsPerson, partial, nil, fetch.Quota{})
	add(app.Active, live, nil, fetch.Quota{Used: 4, Limit: 4, NextAt: now.Add(4 * time.Hour)})
	add(app.Active, once, nil, fetch.Quota{})
	add(app.Waiting, waiting, nil, fetch.Quota{})
	add(app.Ended, refused, nil, fetch.Quota{})
	for _, end := range []storage.End{storage.EndWithdrawn, storage.EndGivenUp, storage.EndExpired, storage.EndRevoked, storage.EndReplaced, storage.EndRefused, storage.EndUnknown} {
		c := live
		c.ID, c.BankName, c.End, c.EndedAt = "e-"+string(end), "Norrsken Bank", end, daysAgo(2)
		switch end {
		case storage.EndWithdrawn:
			c.Acknowledgement = storage.AckRefused
		case storage.EndGivenUp:
			c.GrantedAt, c.ReadAt, c.Acknowledgement = time.Time{}, time.Time{}, storage.AckPending
		case storage.EndReplaced:
			c.ReplacedBy = "c1"
		}
		add(app.Ended, c, nil, fetch.Quota{})
	}
	found.Counts = map[app.Group]int{app.NeedsPerson: 3, app.Active: 2, app.Waiting: 1, app.Ended: 80}
	return found, lines
}

func exampleConsentsView(ctx context.Context) consentsView {
	found, lines := exampleList()
	view := consentsView{Counts: found.Counts, Groups: groupLines(found.Counts, lines), Lives: ui.Timeline{Now: now}}
	for _, line := range lines {
		view.Lives.Lanes = append(view.Lives.Lanes, ui.Lane{Name: line.BankName, Href: consentPath(line.ID), Spells: []ui.Spell{line.spell(ctx)}})
	}
	return view
}

// consentScreens are the list as it can be narrowed.
func consentScreens(ctx context.Context) map[string]templ.Component {
	all := exampleConsentsView(ctx)
	one := exampleConsentsView(ctx)
	one.Query = app.ConsentQuery{Text: "bank & co", Group: app.Ended, Offset: 50, Limit: 50}
	one.Groups, one.Lives = one.Groups[3:], ui.Timeline{}
	filtered := all
	filtered.Query = app.ConsentQuery{BIC: "HAMNSEG0", AccountID: 3, Sort: app.ByBank}
	filtered.Filter = &consentFilter{
		Banks:        []ui.Option{{Value: "HAMNSEG0", Label: longName}, {Value: "X", Label: hostile}},
		Accounts:     []ui.Option{{Value: "3", Label: georgian + ", SE45 ···· 7466"}},
		Environments: []ui.Option{{Value: "sandbox", Label: "Sandbox"}},
	}
	noneInGroup := consentsView{Query: app.ConsentQuery{Group: app.Waiting}, Counts: map[app.Group]int{app.Active: 2}}
	return map[string]templ.Component{
		"consents":            consentsScreen(all),
		"consents-empty":      consentsScreen(consentsView{}),
		"consents-filtered":   consentsScreen(filtered),
		"consents-group":      consentsScreen(one),
		"consents-group-next": nextConsents(one),
		"consents-none":       foundConsents(noneInGroup),
		"consents-none-found": foundConsents(consentsView{Query: app.ConsentQuery{Text: hostile}}),
	}
}

func TestConsentScreens(t *testing.T) { golden(t, consentScreens(t.Context())) }

// TestConsentQuery reads addresses; what is nonsense chooses nothing.
func TestConsentQuery(t *testing.T) {
	for address, want := range map[string]app.ConsentQuery{
		"":                               {Limit: eachGroup},
		"q=+ham++bank+":                  {Text: "ham  bank", Limit: eachGroup},
		"group=ended":                    {Group: app.Ended, Limit: consentsAtOnce},
		"group=ended&from=50":            {Group: app.Ended, Limit: consentsAtOnce, Offset: 50},
		"from=50":                        {Limit: eachGroup},
		"group=nonsense&sort=drop":       {Limit: eachGroup},
		"group=active&from=-3&q=x":       {Group: app.Active, Text: "x", Limit: consentsAtOnce},
		"account=three&sort=bank":        {Sort: app.ByBank, Limit: eachGroup},
		"environment=e&bank=B&account=3": {EnvironmentID: "e", BIC: "B", AccountID: 3, Limit: eachGroup},
	} {
		asked, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		want.UsualPurpose = string(usualPurpose)
		if got := consentQuery(t.Context(), asked); got != want {
			t.Errorf("%q: got %+v, want %+v", address, got, want)
		}
	}
}

// TestConsentAddress: a link keeps what the person chose, but for its own change.
func TestConsentAddress(t *testing.T) {
	view := consentsView{Query: app.ConsentQuery{Text: "a b", BIC: "X/Y", AccountID: 3, Group: app.Ended, Sort: app.Newest, Offset: 50}}
	for _, test := range []struct{ got, want string }{
		{view.address(), "/consents?account=3&bank=X%2FY&group=ended&q=a+b&sort=new"},
		{view.address("group", ""), "/consents?account=3&bank=X%2FY&q=a+b&sort=new"},
		{view.address("account", "", "bank", "", "q", "", "sort", ""), "/consents?group=ended"},
		{view.more(consentGroup{Group: app.Ended, Count: 52, Consents: make([]consentLine, 2)}), ""},
		{view.more(consentGroup{Group: app.Ended, Count: 53, Consents: make([]consentLine, 2)}), "/consents?account=3&bank=X%2FY&from=52&group=ended&q=a+b&sort=new"},
		{consentsView{}.more(consentGroup{Group: app.Active, Count: 26, Consents: make([]consentLine, 25)}), "/consents?from=25&group=active"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

// TestNextStep: each line offers the one thing that helps, or nothing.
// Those asked for must not crowd out of the picture what is in use.
func TestLanesInUseComeFirst(t *testing.T) {
	s := &Server{app: app.New(app.Config{Now: func() time.Time { return now }})}
	live, _, waiting, _ := exampleConsents()
	var lines []consentLine
	for i := range 20 {
		waiting.ID = "w" + strconv.Itoa(i)
		waiting.Series = waiting.ID
		lines = append(lines, s.line(waiting, nil))
	}
	live.Series = live.ID
	got, err := s.timeline(t.Context(), append(lines, s.line(live, nil)), false)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Lanes) != livesInSight || got.Lanes[0].Href != consentPath(live.ID) || got.Lanes[1].Href != consentPath("w0") {
		t.Errorf("%d lanes, the first %+v, then %+v", len(got.Lanes), got.Lanes[0], got.Lanes[1])
	}
}

func TestNextStep(t *testing.T) {
	_, lines := exampleList()
	want := map[string]string{
		"c2": "/consents/c2/renew", "c7": "/consents/c7/resume", "c6": "/consents/c6/resume", "c1": "", "c5": "", "c3": "/consents/c3/resume", "c4": "",
		"e-withdrawn": "/consents/e-withdrawn/tell", "e-givenUp": "", "e-expired": "/consents/e-expired/renew", "e-revoked": "/consents/e-revoked/renew",
		"e-replaced": "", "e-refused": "/consents/e-refused/renew", "e-unknown": "/consents/e-unknown/renew",
	}
	for _, line := range lines {
		html := string(render(t, t.Context(), line.next(true)))
		wanted, known := want[line.ID]
		if !known {
			t.Fatalf("no expectation for %s", line.ID)
		}
		if wanted == "" && strings.TrimSpace(html) != "" || wanted != "" && !strings.Contains(html, `"`+wanted+`"`) {
			t.Errorf("%s: want %q, got %s", line.ID, wanted, html)
		}
	}
}

// TestNeedGoesByTheBanksClock says when something was begun by the clock it was
// begun by, which may be ahead of the program's.
func TestNeedGoesByTheBanksClock(t *testing.T) {
	line := exampleWaiting(true)
	line.Now = now.AddDate(0, 6, 0)
	line.State.Needs, line.Flow.CreatedAt = true, line.Now
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now})
	if page := string(render(t, ctx, needsCard(needsView{Lines: []needLine{{Need: app.Need{Kind: app.NeedApproval, Consent: app.ConsentLine{Consent: line.Consent, Flow: line.Flow}}, Line: line}}}, renewalsView{}))); !strings.Contains(page, "Begun today") {
		t.Error("what was begun a moment ago is said to have been begun half a year from now")
	}
}
