package frontend

import (
	"net/url"
	"testing"
	"time"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

func crowns(number string) xs2a.Amount { return xs2a.Amount{Number: number, Currency: "SEK"} }

func exampleInsights(accounts []storage.Account) insightsView {
	view := insightsView{
		All: accounts, Currencies: []string{"SEK", "EUR"}, First: "2026-08", Now: now,
		Scope: holding.Scope{Accounts: accounts, Currency: "SEK", Period: holding.Period{From: "2026-10", To: "2026-11"}},
		Flows: []holding.Flow{
			{Month: "2026-10", In: crowns("31000.00"), Out: crowns("12500.50"), OwnIn: crowns("0"), OwnOut: crowns("2000")},
			{Month: "2026-11", In: crowns("31000.00"), Out: crowns("0"), OwnIn: crowns("0"), OwnOut: crowns("0")},
		},
		Course: holding.Course{Points: []holding.Point{{Date: "2026-10-30", Amount: crowns("1000")}, {Date: "2026-10-31", Amount: crowns("-20.50")}, {Date: "2026-11-01", Amount: crowns("400")}}},
		Usual: &holding.Usual{Currency: "SEK", Day: 20, Months: []string{"2026-10", "2026-09", "2026-08"},
			In: holding.Compared{Now: crowns("31000"), Usual: crowns("30500")}, Out: holding.Compared{Now: crowns("0"), Usual: crowns("9000")}},
	}
	with := storage.CounterpartySum{Counterparty: storage.Counterparty{Key: "script", Name: hostile}, Turnover: storage.Turnover{Out: storage.TallyOf(crowns("12500.50")), Outs: 3, Currency: "SEK"}}
	view.To = holding.Counterparties{Top: []storage.CounterpartySum{with, {Counterparty: storage.Counterparty{Key: "#se1", Number: "SE4550000000058398257466"}, Turnover: storage.Turnover{Out: storage.TallyOf(crowns("5")), Outs: 1, Currency: "SEK"}}}, Others: crowns("40")}
	return view
}

func exampleDays(accounts []storage.Account) insightsView {
	view := exampleInsights(accounts)
	view.Scope.Period = holding.Period{From: "2026-11", To: "2026-11"}
	view.Flows = view.Flows[1:]
	view.Days = []holding.Flow{
		{Month: "2026-11", Day: "2026-11-01", In: crowns("31000.00"), Out: crowns("12500.50"), OwnIn: crowns("0"), OwnOut: crowns("2000")},
		{Month: "2026-11", Day: "2026-11-02", In: crowns("0"), Out: crowns("0"), OwnIn: crowns("0"), OwnOut: crowns("0"), Missing: true, Unread: true},
		{Month: "2026-11", Day: "2026-11-03", In: crowns("0"), Out: crowns("40"), OwnIn: crowns("0"), OwnOut: crowns("0")},
	}
	return view
}

func exampleMissingInsights(accounts []storage.Account) insightsView {
	view := exampleInsights(accounts)
	view.AccountID, view.Scope.Accounts = accounts[0].ID, accounts[:1]
	view.Hidden, view.Ages = 1, holding.Ages{Old: holding.Aged{Accounts: 1, Since: daysAgo(100), Last: daysAgo(100)}}
	view.Scope.From = "2026-08"
	view.Flows[0].Missing, view.Flows[0].Filed, view.Flows[1].Missing = true, true, true
	view.Flows = append([]holding.Flow{{Month: "2026-08", Missing: true, Unread: true}, {Month: "2026-09", Missing: true, Unread: true}}, view.Flows...)
	view.Course = holding.Course{Cut: true, Without: accounts[:1]}
	view.Usual = &holding.Usual{Day: 1, In: holding.Compared{Now: crowns("1")}, Out: holding.Compared{Now: crowns("2")}, Left: []string{"2026-10"}, Missing: true}
	view.To = holding.Counterparties{}
	return view
}

func exampleCounterparty(accounts []storage.Account, latest []storage.Transaction) counterpartyView {
	usual := crowns("55.50")
	return counterpartyView{Counterparty: storage.Counterparty{Key: "script", Name: hostile}, Accounts: accounts, Nows: map[string]time.Time{"sandbox": now},
		Latest: latest[:1],
		Dealings: []holding.Dealings{
			{Currency: "SEK", In: crowns("0"), Out: crowns("150"), Outs: 3, First: "2026-10-02", Last: "2026-11-20", UsualOut: &usual, Accounts: []int64{accounts[0].ID},
				Months: []holding.Flow{{Month: "2026-10", In: crowns("0"), Out: crowns("100")}, {Month: "2026-11", In: crowns("0"), Out: crowns("50"), Missing: true}}},
			{Currency: "EUR", In: xs2a.Amount{Number: "7", Currency: "EUR"}, Ins: 1, First: "2026-11-20", Last: "2026-11-20", Accounts: []int64{accounts[0].ID}, Months: []holding.Flow{{Month: "2026-11"}}},
		}}
}

func exampleSubscriptions(accounts []storage.Account) subscriptionsView {
	before := crowns("99")
	return subscriptionsView{Accounts: accounts, More: true, Income: []holding.Regular{
		{Counterparty: storage.Counterparty{Key: "c", Name: hostile}, AccountID: accounts[0].ID, Cadence: holding.Monthly, Times: 6, First: "2026-06-25", Last: "2026-11-25", Amount: crowns("31000"), Next: "2026-12-25"},
	}, Paid: []holding.Regular{
		{Counterparty: storage.Counterparty{Key: "script", Name: hostile}, AccountID: accounts[0].ID, Cadence: holding.Monthly, Times: 12, First: "2025-12-14", Last: "2026-11-14", Amount: crowns("109"), Before: &before, Changed: "2026-04-14", Next: "2026-12-14"},
		{Counterparty: storage.Counterparty{Key: "a", Name: georgian}, Cadence: holding.Yearly, Times: 3, First: "2023-11-01", Last: "2025-11-01", Amount: crowns("900"), Next: "2026-11-01", Unknown: true},
		{Counterparty: storage.Counterparty{Key: "b", Name: arabic}, Cadence: holding.Weekly, Times: 5, First: "2026-01-01", Last: "2026-01-29", Amount: crowns("60"), Next: "2026-02-05", Stopped: true},
	}}
}

// TestPeriodIn reads a period from an address, whatever stands there.
func TestPeriodIn(t *testing.T) {
	for address, want := range map[string]holding.Period{
		"":                              {From: "2025-12", To: "2026-11"},
		"months=1":                      {From: "2026-11", To: "2026-11"},
		"months=0":                      {From: "2025-12", To: "2026-11"},
		"months=100000":                 {From: "2025-12", To: "2026-11"},
		"from=2025-02&to=2025-04":       {From: "2025-02", To: "2025-04"},
		"from=2025-04&to=2025-02":       {From: "2025-04", To: "2025-02"}, // which is refused
		"from=2025-02&to=2031-01":       {From: "2025-02", To: "2026-11"},
		"from=1999-01&to=2026-11":       {From: "2016-12", To: "2026-11"},
		"from=2030-01&to=2031-01":       {From: "2030-01", To: "2030-01"},
		"from=2025-13&to=2025-14":       {From: "2025-12", To: "2026-11"},
		"from=%3Cscript%3E&to=2025-14":  {From: "2025-12", To: "2026-11"},
		"from=2025-02-01&to=2025-03-01": {From: "2025-02", To: "2025-03"},
	} {
		asked, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := periodIn(asked, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("%q is read as %+v, want %+v", address, got, want)
		}
	}
}

// TestFoundPath leads to the same list as the address of that list, whatever is looked for.
func TestFoundPath(t *testing.T) {
	for _, search := range []holding.Search{
		{}, {AccountID: 7}, {Typed: "a & b=c", Tag: "x y"}, {Counterparty: "#se45 5000", Currency: "SEK", Apart: true, Way: storage.MoneyOut},
		{AccountID: 1, Currency: "EUR", Days: storage.Span{From: "2026-01-01", To: "2026-01-31"}, State: storage.StateBooked, Way: storage.MoneyIn, Apart: true, Typed: "ö"},
	} {
		if got, want := foundPath(search), (transactionsView{Search: search}).address(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
