package storage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// TestAll holds what is read of all that is looked for to what lists show of it, either way round.
func TestAll(t *testing.T) {
	s, accounts := findable(t, 3*chunkSize)
	all, err := collect(t.Context(), s.db, readTransaction, wholeTransactions)
	if err != nil || len(all) != 3*chunkSize {
		t.Fatalf("%d transactions (%v)", len(all), err)
	}
	for name, f := range map[string]Find{
		"all":               {},
		"an account":        {Accounts: accounts[1:2]},
		"two accounts":      {Accounts: accounts[:2]},
		"no account":        {Accounts: []int64{}},
		"days":              {Days: Span{From: "2026-03-01", To: "2026-05-31"}},
		"no days":           {Days: Span{From: "2026-05-31", To: "2026-03-01"}},
		"a word":            {Terms: []Term{{Word: "ica"}}},
		"amounts":           {Least: apd.New(50, 0), Most: apd.New(150, 0), Below: true},
		"pending":           {State: StatePending},
		"of a currency":     {Currency: "EUR", Way: MoneyOut},
		"all of it":         {Accounts: accounts[:1], Terms: []Term{{Word: "faktura"}}, Days: Span{From: "2026-02-01"}, State: StateBooked, Least: apd.New(1, 0)},
		"what is not there": {Terms: []Term{{Word: "zzz"}}},
	} {
		var want []Transaction
		for _, one := range all {
			if f.is(one) {
				want = append(want, one)
			}
		}
		for _, order := range []Order{NewestFirst, OldestFirst} {
			var got []Transaction
			for one, err := range s.All(t.Context(), f, order, true) {
				if err != nil {
					t.Fatal(name, err)
				}
				got = append(got, one)
			}
			if order == OldestFirst {
				slices.Reverse(got)
			}
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("%s: %d were read, %d are looked for, or they differ", name, len(got), len(want))
			}
		}
	}
}

// TestAllOfHostileTexts reads texts that hold what stands between fields, and ends, as they are.
func TestAllOfHostileTexts(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	random, pieces := rand.New(rand.NewPCG(5, 1)), []string{separator, "\x00", "\n", `"`, "å", "", separator + separator, "a"}
	hostile := func() (text string) {
		for range random.IntN(5) {
			text += pieces[random.IntN(len(pieces))]
		}
		return text
	}
	var booked []xs2a.Transaction
	for i := range 200 {
		booked = append(booked, xs2a.Transaction{ID: fmt.Sprint(i, hostile()), BookingDate: "2026-03-01", Amount: xs2a.Amount{Number: "-1", Currency: "SEK"},
			CreditorName: hostile(), Remittance: hostile(), BankCode: hostile(), Raw: []byte(hostile())})
	}
	if _, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Booked: booked, Since: "2026-01-01", To: "2026-12-31"}); err != nil {
		t.Fatal(err)
	}
	want, err := collect(t.Context(), s.db, readTransaction, wholeTransactions)
	if err != nil || len(want) != len(booked) {
		t.Fatalf("%d transactions (%v)", len(want), err)
	}
	listed, err := s.BookedTransactions(t.Context(), want[0].AccountID, 0, 1000)
	if err != nil || len(listed) != len(want) {
		t.Fatalf("%d transactions are listed (%v)", len(listed), err)
	}
	for i, got := range listed {
		wanted := want[i]
		wanted.Raw, wanted.FirstSeenAt = nil, time.Time{}
		if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", wanted) {
			t.Errorf("%#v is listed, not %#v", got, wanted)
		}
	}
	for _, whole := range []bool{true, false} {
		if err := s.Snapshot(t.Context(), func(at *Store) error {
			i := 0
			for got, err := range at.All(t.Context(), Find{}, NewestFirst, whole) {
				if err != nil {
					return err
				}
				wanted := want[i]
				if i++; !whole {
					wanted.Raw, wanted.FirstSeenAt = nil, got.FirstSeenAt
				}
				if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", wanted) {
					t.Errorf("%#v is not %#v", got, wanted)
				}
			}
			if i != len(want) {
				t.Errorf("%d of %d were read", i, len(want))
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
}

// TestSnapshot reads what was there when it began, while more is written.
func TestSnapshot(t *testing.T) {
	s, accounts := findable(t, 3*chunkSize)
	err := s.Snapshot(t.Context(), func(at *Store) error {
		before, err := at.Accounts(t.Context())
		if err != nil {
			return err
		}
		n := 0
		for _, err := range at.All(t.Context(), Find{}, OldestFirst, false) {
			if err != nil {
				return err
			}
			if n++; n == 1 {
				if _, err := s.exec(t.Context(), `UPDATE entry SET amount = '7' WHERE id > 0`); err != nil {
					return err
				}
				if _, err := s.exec(t.Context(), `DELETE FROM account WHERE id = ?`, accounts[0]); err != nil {
					return err
				}
			}
		}
		after, err := at.Accounts(t.Context())
		if err == nil && (len(after) != len(before) || n != 3*chunkSize) {
			t.Errorf("%d accounts and %d transactions of a moment with %d and %d", len(after), n, len(before), 3*chunkSize)
		}
		for one, err := range at.All(t.Context(), Find{}, OldestFirst, false) {
			if err != nil {
				return err
			}
			if one.Amount.Number == "7" {
				t.Fatal("what was written later was read")
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAllStops ends where it is not read on, and with its context.
func TestAllStops(t *testing.T) {
	s, _ := findable(t, 9*chunkSize)
	for range 20 {
		for _, err := range s.All(t.Context(), Find{}, NewestFirst, true) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.All(ctx, Find{}, NewestFirst, true) {
		cancel()
		n, last = n+1, err
	}
	if !errors.Is(last, context.Canceled) || n >= 9*chunkSize {
		t.Errorf("%d were read, and the end is %v", n, last)
	}
	if open := s.db.db.Stats().InUse; open != 0 {
		t.Errorf("%d connections are still in use", open)
	}
}
