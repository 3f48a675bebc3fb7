package app_test

import (
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app"
	"consentry/storage"
	"consentry/xs2a"
)

// TestMainBalance picks one balance by the rule people can read.
func TestMainBalance(t *testing.T) {
	balance := func(kind, number, currency string) storage.Balance {
		return storage.Balance{Type: kind, Amount: xs2a.Amount{Number: number, Currency: currency}}
	}
	closed := func(number, day string) storage.Balance {
		b := balance("closingBooked", number, "SEK")
		b.ReferenceDate = day
		return b
	}
	tests := map[string]struct {
		balances []storage.Balance
		want     string // number; empty for none
	}{
		"none":                    {nil, ""},
		"booked before available": {[]storage.Balance{balance("interimAvailable", "1", "SEK"), balance("closingBooked", "2", "SEK")}, "2"},
		"today before yesterday":  {[]storage.Balance{balance("closingBooked", "1", "SEK"), balance("interimBooked", "2", "SEK")}, "2"},
		"own currency first":      {[]storage.Balance{balance("interimBooked", "1", "EUR"), balance("nonInvoiced", "2", "SEK")}, "2"},
		"the newest of one type":  {[]storage.Balance{closed("1", "2024-04-30"), closed("2", "2024-05-02"), closed("3", "2024-05-01"), closed("4", "")}, "2"},
		"no type at all":          {[]storage.Balance{balance("", "1", "SEK")}, "1"},
		"an unknown type last":    {[]storage.Balance{balance("fantasy", "1", "SEK"), balance("expected", "2", "SEK")}, "2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, known := app.MainBalance(storage.Account{Currency: "SEK", Balances: test.balances})
			if known != (test.want != "") || got.Amount.Number != test.want {
				t.Errorf("got %+v, %v", got, known)
			}
		})
	}
}

// TestHistory holds the course of every account against the transactions: from day
// to day it changes by what was booked, and today it is the balance.
func TestHistory(t *testing.T) {
	w := newWorld(t)
	w.clock.noon()
	w.link()
	accounts, err := w.Accounts(t.Context())
	w.must(err)
	for _, account := range accounts {
		points, err := w.History(t.Context(), account, 60)
		w.must(err)
		if len(points) == 0 {
			continue
		}
		main, _ := app.MainBalance(account)
		sums, err := w.store.DaySums(t.Context(), account.ID, points[0].Date)
		w.must(err)
		net := map[string]*apd.Decimal{}
		for _, s := range sums {
			d := new(apd.Decimal)
			if _, err := apd.BaseContext.WithPrecision(60).Sub(d, &s.In, &s.Out); err != nil {
				t.Fatal(err)
			}
			net[s.Date] = d
		}
		for i := 1; i < len(points); i++ {
			want := points[i-1].Amount.Decimal()
			if d := net[points[i].Date]; d != nil {
				if _, err := apd.BaseContext.WithPrecision(60).Add(want, want, d); err != nil {
					t.Fatal(err)
				}
			}
			if want.Cmp(points[i].Amount.Decimal()) != 0 {
				t.Fatalf("%s, %s: %s, want %s", account.Name, points[i].Date, points[i].Amount.Number, want)
			}
		}
		if main.Type == "interimBooked" && points[len(points)-1].Amount.Decimal().Cmp(main.Amount.Decimal()) != 0 {
			t.Errorf("%s ends with %s, the balance is %s", account.Name, points[len(points)-1].Amount.Number, main.Amount.Number)
		}
		if today := w.Clock().Now().Format(time.DateOnly); points[len(points)-1].Date != today {
			t.Errorf("the last day is %s", points[len(points)-1].Date)
		}
	}
}

// TestTotals never adds one currency to another.
func TestTotals(t *testing.T) {
	w := newWorld(t)
	w.link()
	totals, err := w.Totals(t.Context(), 30)
	w.must(err)
	accounts, err := w.Accounts(t.Context())
	w.must(err)
	counted := 0
	for _, total := range totals {
		counted += total.Accounts
		want := new(apd.Decimal)
		for _, a := range accounts {
			if main, known := app.MainBalance(a); known && main.Amount.Currency == total.Currency {
				if _, err := apd.BaseContext.WithPrecision(60).Add(want, want, main.Amount.Decimal()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if total.Sum.Decimal().Cmp(want) != 0 {
			t.Errorf("%s: got %s, want %s", total.Currency, total.Sum.Number, want)
		}
		if total.Sum.Currency != total.Currency || len(total.Days) != 30 {
			t.Errorf("got %+v", total)
		}
	}
	if counted != len(accounts) || len(totals) < 2 {
		t.Errorf("%d of %d accounts in %d currencies", counted, len(accounts), len(totals))
	}
}
