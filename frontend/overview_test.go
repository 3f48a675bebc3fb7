package frontend

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/app/pay"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// needOf is a line about a consent.
func needOf(s *Server, kind app.NeedKind, c storage.Consent, flow *sca.Flow) needLine {
	line := s.line(c, flow)
	return needLine{Need: app.Need{Kind: kind, About: c.ID, Consent: app.ConsentLine{Consent: c, Flow: flow}, Payments: 1}, Line: line}
}

// exampleNeeds are one of each kind, and one of two.
func exampleNeeds(s *Server) needsView {
	live, soon, waiting, refused := exampleConsents()
	flow := &sca.Flow{Authorisation: storage.Authorisation{ID: "a1", CreatedAt: daysAgo(1)}}
	unknown, composed := paymentIn(storage.FateUnknown, ""), paymentIn(storage.FateComposed, "")
	composed.ListID = "l1"
	ended := refused
	ended.End, ended.GrantedAt = storage.EndRevoked, daysAgo(20)
	renewed := needOf(s, app.NeedApproval, waiting, flow)
	renewed.Also = []app.Need{{Kind: app.NeedRenewal, Consent: app.ConsentLine{Consent: soon}}, {Kind: app.NeedRead, Consent: app.ConsentLine{Consent: live}}}
	stopped := needOf(s, app.NeedUnfinished, live, nil)
	stopped.Job = storage.Job{ConsentID: live.ID, Accounts: 3, Done: 1, StoppedAt: daysAgo(1)}
	return needsView{Lines: []needLine{
		{Need: app.Need{Kind: app.NeedUnknownPayment, Payment: unknown, Payments: 1}},
		{Need: app.Need{Kind: app.NeedPayment, Payment: composed, Payments: 12}},
		renewed, needOf(s, app.NeedRead, live, nil), needOf(s, app.NeedRenewal, soon, nil), needOf(s, app.NeedEnded, ended, nil), stopped,
		{Need: app.Need{Kind: app.NeedAlert, Alerts: 3}, Told: exampleTold()[0]}, {Need: app.Need{Kind: app.NeedAlert, Alerts: 1}, Told: exampleTold()[1]},
	}}
}

// manyNeeds are more than are shown.
func manyNeeds(s *Server) needsView {
	_, soon, _, _ := exampleConsents()
	view := needsView{MorePayments: true}
	for i := range needsOpen + needsFolded + 3 {
		soon.ID, soon.BankName = fmt.Sprint("c", i), fmt.Sprint("Bank ", i)
		view.Lines = append(view.Lines, needOf(s, app.NeedRenewal, soon, nil))
	}
	return view
}

func exampleLately(s *Server) []latelyLine {
	live, _, _, refused := exampleConsents()
	live.FetchError, live.TriedAt = storage.Reason{Code: failure.Unreachable, Bank: hostile}, daysAgo(0)
	refused.End = storage.EndWithdrawn
	return []latelyLine{
		{Happening: app.Happening{Kind: app.HappenedRead, At: now, Next: now.Add(6 * time.Hour)}, Line: s.line(live, nil), Now: now},
		{Happening: app.Happening{Kind: app.HappenedPayment, Payment: paymentIn(storage.FateTaken, xs2a.PaymentRejected)}, Now: now},
		{Happening: app.Happening{Kind: app.HappenedEnd}, Line: s.line(refused, nil), Now: now},
	}
}

func exampleRead() []*fetch.Job {
	return []*fetch.Job{{ConsentID: "c2", StartedAt: now, FinishedAt: now, Progress: fetch.Progress{New: 12}}}
}

// exampleComing is one of each kind, and each way it may stand.
func exampleComing(accounts []storage.Account) comingView {
	live, soon, _, _ := exampleConsents()
	standing := paymentIn(storage.FateTaken, "ACTC")
	standing.Order.Standing = &xs2a.Standing{Frequency: xs2a.Monthly, Start: "2026-11-21", Rule: "following"}
	sek := func(number string) xs2a.Amount { return xs2a.Amount{Number: number, Currency: "SEK"} }
	regular := func(name, next string, change func(*holding.Regular)) holding.Regular {
		one := holding.Regular{Counterparty: storage.Counterparty{Key: "k", Name: name}, AccountID: accounts[0].ID, Cadence: holding.Monthly, Times: 14, First: "2025-10-01", Next: next, Amount: sek("99"), Read: "2026-11-20"}
		change(&one)
		return one
	}
	line := func(kind app.ComingKind, on string, r holding.Regular) comingLine {
		return comingLine{Coming: app.Coming{Kind: kind, On: on, Regular: r, Next: r.Next == on}, Account: accounts[0], Now: now}
	}
	day := func(text string) time.Time { on, _ := time.Parse(time.DateOnly, text); return on }
	return comingView{Found: true, More: true, Rest: 3, Lines: []comingLine{
		line(app.ComesIn, "2026-11-17", regular(georgian, "2026-11-17", func(r *holding.Regular) { r.Late, r.Amount = true, sek("31000") })),
		line(app.ComesOut, "2026-11-18", regular(hostile, "2026-11-18", func(r *holding.Regular) { r.Unknown = true })),
		line(app.ComesOut, "2026-11-20", regular("Rent", "2026-11-20", func(r *holding.Regular) { r.Pending, r.Amount = true, sek("8000") })),
		line(app.ComesOut, "2026-11-21", regular("Power", "2026-11-21", func(r *holding.Regular) { r.Least, r.Most = sek("300"), sek("1200.50") })),
		{Coming: app.Coming{Kind: app.ComesOrdered, On: "2026-11-23", Payment: standing, Occasion: pay.Occasion{Due: day("2026-11-21"), On: day("2026-11-23")}}, Now: now},
		{Coming: app.Coming{Kind: app.ComesEnd, On: "2026-11-26", Consent: soon}, Now: now},
		line(app.ComesOut, "2027-01-04", regular("Music", "2026-12-04", func(r *holding.Regular) {})),
	}, Reads: []comingLine{{Coming: app.Coming{Kind: app.ComesRead, On: "2026-11-20", Consent: live, At: now.Add(2 * time.Hour)}, Now: now},
		{Coming: app.Coming{Kind: app.ComesRead, On: "2026-11-21", Consent: soon, At: now.Add(20 * time.Hour)}, Now: now}}}
}

// TestOverviewTakesNoRoomForNothing: where nothing needs the person, happened but for transactions, or comes, there is no card of it.
func TestOverviewTakesNoRoomForNothing(t *testing.T) {
	page := string(render(t, t.Context(), overviewScreen(overviewView{Accounts: 1, Banks: 1, Coming: comingView{Found: true}})))
	for _, id := range []string{"need-you", "lately", "comes"} {
		if strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("there is a card %s", id)
		}
	}
}

// TestComingDays: what is over comes first, whatever its day; then today, tomorrow, and the days by name.
func TestComingDays(t *testing.T) {
	t.Parallel()
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now})
	var labels []string
	for _, one := range exampleComing(exampleAccounts()).days(ctx) {
		labels = append(labels, fmt.Sprint(one.Label, " ", len(one.Lines)))
	}
	if want := []string{"Before today 2", "Today 1", "Tomorrow 1", "Monday 23 November 1", "Thursday 26 November 1", "Monday 4 January 2027 1"}; !slices.Equal(labels, want) {
		t.Errorf("got %q", labels)
	}
}

// TestComingIsSaid holds what is said of a payment that is expected.
func TestComingIsSaid(t *testing.T) {
	t.Parallel()
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now})
	page := string(render(t, ctx, comingScreen(exampleComing(exampleAccounts()))))
	for _, said := range []string{
		"Expected on 17 Nov 2026, not seen yet, read until 20 Nov 2026, 14 times since 1 Oct 2025", "about +31,000.00\u00a0SEK",
		"Expected on 18 Nov 2026; the account was not read since", "Expected on 20 Nov 2026, stands as pending", "−300.00 to −1,200.50\u00a0SEK",
		"Due on Saturday 21 November 2026, which is no bank day", "Last day of the consent, unless you renew it before", "Each month, 14 times since", "There was too much to look through all of it.",
	} {
		if !strings.Contains(page, said) {
			t.Errorf("it is not said: %s", said)
		}
	}
	hidden := string(render(t, ui.WithReader(t.Context(), ui.Reader{Now: now, HidesAmounts: true}), comingScreen(exampleComing(exampleAccounts()))))
	for _, amount := range []string{"31,000", "300.00", "1,200", "99.00"} {
		if strings.Contains(hidden, amount) {
			t.Errorf("%s stands there though amounts are hidden", amount)
		}
	}
}
