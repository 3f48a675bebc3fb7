package app_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/holding"
	"consentry/storage"
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

// TestPagesOfAnAccount goes through each account's transactions page by page to the oldest and
// back, and to each of its days.
func TestPagesOfAnAccount(t *testing.T) {
	w := newWorld(t)
	w.link()
	accounts, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	longest := 0
	for _, account := range accounts {
		all, err := w.store.BookedTransactions(t.Context(), account.ID, 0, 100_000)
		w.must(err)
		if len(all) == 0 {
			continue
		}
		page := func(at holding.Place) holding.Transactions {
			t.Helper()
			got, err := w.Holdings().Transactions(t.Context(), account.ID, at)
			w.must(err)
			return got
		}
		var pages []holding.Transactions
		for at := (holding.Place{}); ; at = (holding.Place{After: pages[len(pages)-1].Older}) {
			if pages = append(pages, page(at)); pages[len(pages)-1].Older == 0 {
				break
			}
		}
		longest = max(longest, len(pages))
		var listed []storage.Transaction
		for i, one := range pages {
			if (i == 0) != (one.Newer == 0) {
				t.Fatalf("page %d of %s has newer ones than %d", i, account.Name, one.Newer)
			}
			if i > 0 && one.Above != pages[i-1].Booked[len(pages[i-1].Booked)-1].Date() {
				t.Errorf("above page %d of %s stands %q", i, account.Name, one.Above)
			}
			listed = append(listed, one.Booked...)
		}
		if !reflect.DeepEqual(listed, all) {
			t.Errorf("%s: %d of %d are listed", account.Name, len(listed), len(all))
		}
		rest := len(all) - len(pages[len(pages)-1].Booked)
		for back := pages[len(pages)-1]; back.Newer != 0; {
			before := back
			back = page(holding.Place{Before: back.Newer})
			first := max(rest-len(pages[0].Booked), 0)
			if want := all[first:min(first+len(pages[0].Booked), len(all))]; !reflect.DeepEqual(back.Booked, want) {
				t.Fatalf("%s: before %d stand %d others", account.Name, before.Newer, len(back.Booked))
			}
			if back.Newer != 0 && back.Above != all[first-1].Date() {
				t.Errorf("%s: above those before %d stands %q", account.Name, before.Newer, back.Above)
			}
			rest = first
		}
		for _, date := range []string{"1999-01-01", all[len(all)/2].Date(), "9000-01-01"} {
			got := page(holding.Place{After: storage.EndOf(date)})
			at := slices.IndexFunc(all, func(one storage.Transaction) bool { return one.Date() <= date })
			if at < 0 && len(got.Booked) != 0 || at >= 0 && got.Booked[0].ID != all[at].ID {
				t.Errorf("%s: on %s begin %d", account.Name, date, len(got.Booked))
			}
			if at < 0 && page(holding.Place{Before: got.Newer}).Newer != 0 && len(pages) == 1 {
				t.Errorf("%s: no way back from %s", account.Name, date)
			}
		}
	}
	if longest < 3 {
		t.Errorf("the longest list has %d pages", longest)
	}
}
