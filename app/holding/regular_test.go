package holding_test

import (
	"fmt"
	"testing"
	"time"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// TestRegular finds what comes regularly among what does not.
func TestRegular(t *testing.T) {
	h := newHeld(t, time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC))
	account := h.account(everyday, "100")
	all := []xs2a.Transaction{h.paid("2023-05-01", "-1", "First", "")}
	add := func(name string, amounts []string, days ...string) {
		for i, on := range days {
			all = append(all, h.paid(on, amounts[min(i, len(amounts)-1)], name, ""))
		}
	}
	same := func(amount string) []string { return []string{amount} }
	add("Music", []string{"-99", "-99", "-99", "-109"}, "2026-01-14", "2026-02-13", "2026-03-14", "2026-04-14", "2026-05-14")
	add("Newspaper", same("-450"), "2025-09-02", "2025-12-02", "2026-03-03", "2026-06-02")
	add("Insurance", []string{"-2000", "-2050", "-2100"}, "2023-07-03", "2024-07-01", "2025-07-02")
	add("Gym", same("-300"), "2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01") // has stopped
	add("Twice only", same("-50"), "2026-04-20", "2026-05-20")
	add("Café", []string{"-31", "-45", "-28", "-64"}, "2026-05-02", "2026-05-09", "2026-05-17", "2026-05-23")
	add("Power", []string{"-400", "-900", "-300", "-1200"}, "2026-02-28", "2026-03-28", "2026-04-28", "2026-05-28")
	for month := 1; month <= 5; month++ { // two subscriptions in one place, and a purchase between them
		all = append(all, h.paid(fmt.Sprintf("2026-%02d-05", month), "-29", "Apps", ""), h.paid(fmt.Sprintf("2026-%02d-20", month), "-129", "Apps", ""))
	}
	all = append(all, h.paid("2026-03-11", "-70", "Apps", ""))
	for week := range 6 {
		all = append(all, h.paid(time.Date(2026, 5, 1+7*week, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), "-60", "Vegetables", ""))
	}
	for month := 1; month <= 5; month++ {
		all = append(all, h.paid(fmt.Sprintf("2026-%02d-15", month), "-500", "Savings", savings))
	}
	h.account(savings, "1") // a transfer to it is no subscription
	h.reads(account, "2023-05-01", "2026-06-10", "", all)
	regular, err := h.Regular(t.Context())
	h.must(err)
	found, more := regular.Of(storage.MoneyOut), regular.More
	got := map[string]holding.Regular{}
	for _, s := range found {
		got[s.Name+" "+s.Amount.Number] = s
	}
	for name, want := range map[string]struct {
		cadence       holding.Cadence
		times         int
		next, changed string
		stopped       bool
	}{
		"Music 109":      {holding.Monthly, 5, "2026-06-14", "2026-04-14", false},
		"Newspaper 450":  {holding.Quarterly, 4, "2026-09-02", "", false},
		"Insurance 2100": {holding.Yearly, 3, "2026-07-01", "2025-07-02", false}, // on the first: in 2023 that was a Saturday
		"Gym 300":        {holding.Monthly, 4, "2026-02-01", "", true},
		"Apps 29":        {holding.Monthly, 5, "2026-06-05", "", false},
		"Apps 129":       {holding.Monthly, 5, "2026-06-20", "", false},
		"Vegetables 60":  {holding.Weekly, 6, "2026-06-12", "", false},
	} {
		s, is := got[name]
		if !is || s.Cadence != want.cadence || s.Times != want.times || s.Next != want.next || s.Changed != want.changed || s.Stopped != want.stopped || s.Unknown {
			t.Errorf("%s: got %+v (%v)", name, s, is)
		}
		delete(got, name)
	}
	if len(got) > 0 || more {
		t.Errorf("found, too: %+v (more %v)", got, more)
	}
	if last := found[len(found)-1]; last.Name != "Gym" {
		t.Errorf("what has stopped does not come last, but %s", last.Name)
	}
	h.now = h.now.AddDate(0, 0, 30) // nothing is read meanwhile: nobody knows
	regular, err = h.Regular(t.Context())
	h.must(err)
	for _, s := range regular.Of(storage.MoneyOut) {
		if s.Name == "Music" && (s.Stopped || !s.Unknown) {
			t.Errorf("got %+v", s)
		}
	}
}

// TestIncome finds a salary, with its rise, and neither what comes now and then nor what comes from oneself.
func TestIncome(t *testing.T) {
	h := newHeld(t, time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC))
	account := h.account(everyday, "100")
	h.account(savings, "1")
	all := []xs2a.Transaction{h.paid("2025-11-01", "-1", "First", "")}
	for i, on := range []string{"2025-12-23", "2026-01-23", "2026-02-25", "2026-03-25", "2026-04-24", "2026-05-25"} {
		amount := "31000"
		if i > 3 {
			amount = "34500.50"
		}
		all = append(all, h.paid(on, amount, "Employer", ""), h.paid(on, "-250", "Gym", ""), h.paid(on, "900", "Savings", savings))
	}
	for i, on := range []string{"2026-01-03", "2026-01-29", "2026-03-30", "2026-05-14"} {
		all = append(all, h.paid(on, fmt.Sprint(100+i*170), "Friend", ""))
	}
	h.reads(account, "2025-11-01", "2026-06-10", "", all)
	regular, err := h.Regular(t.Context())
	h.must(err)
	found := regular.Of(storage.MoneyIn)
	if len(found) != 1 || regular.More {
		t.Fatalf("found %+v (more %v)", found, regular.More)
	}
	s := found[0]
	if s.Name != "Employer" || s.Cadence != holding.Monthly || s.Times != 6 || s.Amount.Number != "34500.50" || s.Before == nil || s.Before.Number != "31000" || s.Changed != "2026-04-24" || s.Next[:7] != "2026-06" || s.Stopped {
		t.Errorf("got %+v", s)
	}
}
