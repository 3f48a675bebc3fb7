package app_test

import (
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/holding"
)

// TestHistory holds the course of every account against the transactions: from day
// to day it changes by what was booked, and today it is the balance.
func TestHistory(t *testing.T) {
	w := newWorld(t)
	w.clock.noon()
	w.link()
	accounts, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	for _, account := range accounts {
		points, err := w.Holdings().History(t.Context(), account, 60)
		w.must(err)
		if len(points) == 0 {
			continue
		}
		main, _ := holding.MainBalance(account)
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
	totals, err := w.Holdings().Totals(t.Context(), 30)
	w.must(err)
	accounts, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	counted := 0
	for _, total := range totals {
		counted += total.Accounts
		want := new(apd.Decimal)
		for _, a := range accounts {
			if main, known := holding.MainBalance(a); known && main.Amount.Currency == total.Currency {
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
