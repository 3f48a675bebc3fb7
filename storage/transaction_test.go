package storage

import (
	"context"
	"fmt"
	"testing"

	"consentry/xs2a"
)

func booked(id, date, amount, text string) xs2a.Transaction {
	return xs2a.Transaction{
		ID: id, BookingDate: date, ValueDate: date, Amount: xs2a.Amount{Number: amount, Currency: "SEK"},
		Remittance: text, Raw: []byte(`{}`),
	}
}

var salary = xs2a.Account{ResourceID: "r1", IBAN: "SE4550000000058398257466", Currency: "SEK", Name: "Lönekonto", Raw: []byte(`{}`)}

// wholeTransactions are all that is kept of all transactions, the newest first; lists show less.
const wholeTransactions = `SELECT ` + entryColumns + ` ORDER BY e.id DESC`

// whole returns all that is kept of transactions in a list.
func whole(t *testing.T, s *Store, list []Transaction) (all []Transaction) {
	t.Helper()
	for _, one := range list {
		kept, err := s.Transaction(t.Context(), one.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, kept)
	}
	return all
}

// TestBookedTransactionsAreNeverDoubled fetches twice, in all the ways banks change
// their ids, and counts what is there afterwards.
func TestBookedTransactionsAreNeverDoubled(t *testing.T) {
	coffee := func(id string) xs2a.Transaction { return booked(id, "2026-11-01", "-30.00", "Coffee") }
	rent := booked("R", "2026-11-01", "-9000.00", "Rent")
	tests := map[string]struct {
		first, second []xs2a.Transaction
		want, added   int
	}{
		"the same again":                     {[]xs2a.Transaction{coffee("1"), rent}, []xs2a.Transaction{coffee("1"), rent}, 2, 0},
		"one more":                           {[]xs2a.Transaction{coffee("1")}, []xs2a.Transaction{coffee("1"), rent}, 2, 1},
		"two equal ones":                     {[]xs2a.Transaction{coffee("1"), coffee("2")}, []xs2a.Transaction{coffee("1"), coffee("2")}, 2, 0},
		"a third equal one":                  {[]xs2a.Transaction{coffee("1"), coffee("2")}, []xs2a.Transaction{coffee("1"), coffee("2"), coffee("3")}, 3, 1},
		"no ids":                             {[]xs2a.Transaction{coffee(""), coffee("")}, []xs2a.Transaction{coffee(""), coffee("")}, 2, 0},
		"the same id for all":                {[]xs2a.Transaction{coffee("NOTPROVIDED"), rent}, []xs2a.Transaction{coffee("NOTPROVIDED"), rent}, 2, 0},
		"other ids the next time":            {[]xs2a.Transaction{coffee("1"), coffee("2")}, []xs2a.Transaction{coffee("8"), coffee("9")}, 2, 0},
		"the other way round":                {[]xs2a.Transaction{coffee("1"), rent}, []xs2a.Transaction{rent, coffee("1")}, 2, 0},
		"another text under the same id":     {[]xs2a.Transaction{coffee("1")}, []xs2a.Transaction{booked("1", "2026-11-01", "-30.00", "Coffee, corrected")}, 1, 0},
		"another amount under the same id":   {[]xs2a.Transaction{coffee("1")}, []xs2a.Transaction{booked("1", "2026-11-01", "-31.00", "Coffee")}, 2, 1},
		"the same amount with another scale": {[]xs2a.Transaction{coffee("")}, []xs2a.Transaction{booked("", "2026-11-01", "-30", "Coffee")}, 1, 0},
		"the bank no longer sends the old":   {[]xs2a.Transaction{coffee("1"), rent}, []xs2a.Transaction{rent}, 2, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			ctx := context.Background()
			c := addConsent(t, s)
			f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Booked: test.first, To: "2026-11-02"}
			first, err := s.PutFetch(ctx, c, f)
			if err != nil || first.NewTransactions != len(test.first) {
				t.Fatalf("first fetch: %+v, %v", first, err)
			}
			f.Booked = test.second
			second, err := s.PutFetch(ctx, c, f)
			if err != nil {
				t.Fatal(err)
			}
			n, err := s.CountTransactions(ctx, second.AccountID)
			if err != nil || n != test.want || second.NewTransactions != test.added || second.AccountID != first.AccountID {
				t.Errorf("%d transactions, %d new, want %d and %d (%v)", n, second.NewTransactions, test.want, test.added, err)
			}
		})
	}
}

// TestPendingIsASnapshot replaces pending transactions and leaves booked ones alone.
func TestPendingIsASnapshot(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true,
		Booked:  []xs2a.Transaction{booked("1", "2026-11-01", "-30.00", "Coffee")},
		Pending: []xs2a.Transaction{booked("", "", "-5.00", "Bun"), booked("", "", "-5.00", "Bun")}}
	got, err := s.PutFetch(ctx, c, f)
	if err != nil {
		t.Fatal(err)
	}
	pending := func() int {
		transactions, err := s.PendingTransactions(ctx, got.AccountID)
		if err != nil {
			t.Fatal(err)
		}
		return len(transactions)
	}
	if n := pending(); n != 2 {
		t.Fatalf("%d pending, want 2", n)
	}
	f.Booked, f.Pending = append(f.Booked, booked("2", "2026-11-02", "-5.00", "Bun")), f.Pending[:1]
	if _, err := s.PutFetch(ctx, c, f); err != nil {
		t.Fatal(err)
	}
	if n := pending(); n != 1 {
		t.Errorf("%d pending after one was booked, want 1", n)
	}
}

// TestCursor walks through all pages: each transaction comes once, the newest first.
func TestCursor(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	var transactions []xs2a.Transaction
	for i := range 95 {
		transactions = append(transactions, booked(fmt.Sprint(i), fmt.Sprintf("2026-11-%02d", 1+i/10), fmt.Sprintf("-%d.00", i), "x"))
	}
	got, err := s.PutFetch(ctx, c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Booked: transactions})
	if err != nil {
		t.Fatal(err)
	}
	next := 94 // the newest came last
	for cursor := Cursor(0); ; {
		page, err := s.BookedTransactions(ctx, got.AccountID, cursor, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if e.Transaction.ID != fmt.Sprint(next) {
				t.Fatalf("transaction %s, want %d", e.Transaction.ID, next)
			}
			next--
		}
		cursor = Cursor(page[len(page)-1].ID)
	}
	if next != -1 {
		t.Errorf("%d transactions were not listed", next+1)
	}
}

// TestAccountAcrossConsents keeps an account the same under another consent,
// and apart in another currency.
func TestAccountAcrossConsents(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	first := addConsent(t, s)
	second := first
	second.ID = "c2"
	if err := s.AddConsent(ctx, second); err != nil {
		t.Fatal(err)
	}
	euro := salary
	euro.Currency, euro.ResourceID = "EUR", "r2"
	renamed := salary
	renamed.ResourceID, renamed.Name = "another", "Lön"
	var ids []int64
	for _, step := range []struct {
		c Consent
		a xs2a.Account
	}{{first, salary}, {first, euro}, {second, renamed}} {
		got, err := s.PutFetch(ctx, step.c, Fetch{ConsentID: step.c.ID, Account: step.a})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, got.AccountID)
	}
	if ids[0] != ids[2] || ids[0] == ids[1] {
		t.Errorf("accounts %v, want the first and third the same", ids)
	}
	consents, err := s.AccountConsents(ctx, ids[0])
	if err != nil || len(consents) != 2 {
		t.Errorf("%d consents, %v", len(consents), err)
	}
}

// TestDaySums adds exactly.
func TestDaySums(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	var transactions []xs2a.Transaction
	for i := range 10 {
		transactions = append(transactions, booked(fmt.Sprint(i), "2026-11-01", "0.1", fmt.Sprint(i)), booked("m"+fmt.Sprint(i), "2026-11-01", "-0.2", fmt.Sprint(i)))
	}
	got, err := s.PutFetch(ctx, c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Booked: transactions})
	if err != nil {
		t.Fatal(err)
	}
	sums, err := s.DaySums(ctx, got.AccountID, "2026-01-01")
	if err != nil || len(sums) != 1 || sums[0].In.Text('f') != "1.0" || sums[0].Out.Text('f') != "2.0" {
		t.Errorf("got %+v, %v", sums, err)
	}
}

// TestInferredSign keeps that a bank sent an amount without a sign.
func TestInferredSign(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	unsigned := booked("t1", "2026-11-01", "-12.00", "Unsigned at the bank")
	unsigned.Inferred = true
	fetched, err := s.PutFetch(ctx, c, Fetch{ConsentID: c.ID, Account: xs2a.Account{IBAN: "SE4550000000058398257466", Currency: "SEK"}, HasTransactions: true,
		Booked: []xs2a.Transaction{unsigned, booked("t2", "2026-11-02", "-3.00", "Signed")}, To: "2026-11-20"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.BookedTransactions(ctx, fetched.AccountID, 0, 10)
	if err != nil || len(got) != 2 || got[0].Inferred || !got[1].Inferred {
		t.Errorf("got %+v, %v", got, err)
	}
}
