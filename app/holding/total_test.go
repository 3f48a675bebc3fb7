package holding_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// summed adds an account at a bank with balances, written as a type, a number and a currency.
func (h *held) summed(iban, currency string, balances ...string) int64 {
	h.Helper()
	a, err := h.store.PutAccount(h.Context(), h.consent, xs2a.Account{ResourceID: iban + currency, IBAN: iban, Currency: currency, Name: iban, Raw: []byte(`{}`)})
	h.must(err)
	var all []xs2a.Balance
	for _, one := range balances {
		part := strings.Fields(one)
		all = append(all, xs2a.Balance{Type: part[0], Amount: xs2a.Amount{Number: part[1], Currency: part[2]}})
	}
	h.must(h.store.PutBalances(h.Context(), "c", a.ID, all))
	h.must(h.store.EndAccount(h.Context(), "c", a.ID, nil))
	return a.ID
}

// totalsIn writes out totals: the accounts they are made of, the sum, and what is said beside it.
func (h *held) totalsIn() string {
	h.Helper()
	totals, err := h.Totals(h.Context(), 30)
	h.must(err)
	var all []string
	for _, t := range totals {
		all = append(all, fmt.Sprintf("%s %d: %s, hidden %d, without %d, old %d, late %d, unbooked %d, wanted %d", t.Currency, t.Accounts, t.Sum.Number, t.Hidden, len(t.Without), t.Old.Accounts, t.Late.Accounts, t.Unbooked, t.Wanted))
	}
	return strings.Join(all, "; ")
}

// TestTotalsSayWhatTheyAreMadeOf changes what is counted, step by step.
func TestTotalsSayWhatTheyAreMadeOf(t *testing.T) {
	h := newHeld(t, time.Date(2026, 2, 17, 12, 0, 0, 0, time.UTC))
	one, two := h.summed("SE1", "SEK", "interimBooked 100.50 SEK", "expected 90 SEK"), h.summed("SE2", "SEK", "interimBooked 1 SEK")
	h.reached = map[int64]bool{one: true, two: true}
	for _, step := range []struct {
		name string
		do   func() error
		want string
	}{
		{"two accounts", func() error { return nil }, "SEK 2: 101.50, hidden 0, without 0, old 0, late 0, unbooked 0, wanted 0"},
		{"another balance is chosen", func() error { return h.store.Arrange(t.Context(), one, storage.Arrangement{MainType: "expected"}) },
			"SEK 2: 91, hidden 0, without 0, old 0, late 0, unbooked 1, wanted 0"},
		{"the bank sends it no more", func() error {
			return h.store.PutBalances(t.Context(), "c", one, []xs2a.Balance{{Type: "interimBooked", Amount: xs2a.Amount{Number: "100", Currency: "SEK"}}})
		}, "SEK 2: 101, hidden 0, without 0, old 0, late 0, unbooked 0, wanted 1"},
		{"one is hidden", func() error { return h.store.Hide(t.Context(), []int64{two}, true) }, "SEK 1: 100, hidden 1, without 0, old 0, late 0, unbooked 0, wanted 1"},
		{"days pass", func() error { h.now = h.now.AddDate(0, 0, 4); return nil }, "SEK 1: 100, hidden 1, without 0, old 0, late 1, unbooked 0, wanted 1"},
		{"nothing reaches it", func() error { h.reached = nil; return nil }, "SEK 1: 100, hidden 1, without 0, old 1, late 0, unbooked 0, wanted 1"},
		{"all is hidden", func() error { return h.store.Hide(t.Context(), []int64{one}, true) }, ""},
	} {
		h.must(step.do())
		if got := h.totalsIn(); got != step.want {
			t.Errorf("%s: %s\nwant %s", step.name, got, step.want)
		}
	}
}

// TestPartsCountOnce adds no currency to another, and counts what stands in a part, and in the account of all parts, once.
func TestPartsCountOnce(t *testing.T) {
	h := newHeld(t, time.Date(2026, 2, 17, 12, 0, 0, 0, time.UTC))
	lari, all := h.summed("GE1", "GEL", "interimBooked 5 GEL"), h.summed("GE1", "XXX", "interimBooked 5 GEL", "interimBooked 7 EUR", "interimBooked 8 USD")
	dollars := h.summed("GE1", "USD", "interimBooked 8 USD")
	h.reached = map[int64]bool{lari: true, all: true, dollars: true}
	const none = ", hidden 0, without 0, old 0, late 0, unbooked 0, wanted 0"
	if got, want := h.totalsIn(), "EUR 1: 7"+none+"; GEL 1: 5"+none+"; USD 1: 8"+none; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	h.must(h.store.Hide(t.Context(), []int64{dollars}, true))
	if got, want := h.totalsIn(), "EUR 1: 7"+none+"; GEL 1: 5"+none; got != want {
		t.Errorf("with dollars hidden: %s\nwant %s", got, want)
	}
	whole, of, err := h.TotalsByBank(t.Context())
	h.must(err)
	if len(whole) != 2 || len(of) != 1 || len(of[storage.BankID{EnvironmentID: "e", BIC: "NRSKSESS"}]) != 2 {
		t.Errorf("%+v, by bank %+v", whole, of)
	}
}

// TestSearchesOfWhatIsShown leaves out what is hidden where a sum did, and only there.
func TestSearchesOfWhatIsShown(t *testing.T) {
	h, one, two, _, _ := lived(t)
	h.must(h.store.Hide(t.Context(), []int64{two}, true))
	for _, test := range []struct {
		search holding.Search
		want   string
	}{{holding.Search{}, "[]"}, {holding.Search{Shown: true}, fmt.Sprint([]int64{one})}, {holding.Search{Shown: true, AccountID: two}, fmt.Sprint([]int64{two})}} {
		accounts, err := h.Accounts(t.Context())
		h.must(err)
		read, _, err := h.Read(t.Context(), test.search, accounts)
		h.must(err)
		if got := fmt.Sprint(read.Accounts); got != test.want {
			t.Errorf("%+v: %s, want %s", test.search, got, test.want)
		}
	}
	h.must(h.store.Hide(t.Context(), []int64{one}, true))
	found, err := h.Find(t.Context(), holding.Search{Shown: true}, holding.Place{})
	h.must(err)
	if len(found.Transactions) != 0 {
		t.Errorf("%d are found where all is hidden", len(found.Transactions))
	}
}
