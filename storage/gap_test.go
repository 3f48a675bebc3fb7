package storage

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"consentry/xs2a"
)

// TestGaps notes and fills days in all the ways they can lie to each other.
func TestGaps(t *testing.T) {
	const may10, may20 = "2026-05-10", "2026-05-20"
	for name, test := range map[string]struct {
		fill Span
		want []string
	}{
		"all of it":       {Span{may10, may20}, nil},
		"more than it":    {Span{"2026-04-01", "2026-06-01"}, nil},
		"its beginning":   {Span{"2026-05-01", "2026-05-12"}, []string{"2026-05-13 to 2026-05-20"}},
		"its end":         {Span{"2026-05-18", "2026-06-01"}, []string{"2026-05-10 to 2026-05-17"}},
		"its middle":      {Span{"2026-05-12", "2026-05-12"}, []string{"2026-05-13 to 2026-05-20", "2026-05-10 to 2026-05-11"}},
		"days before it":  {Span{"2026-05-01", "2026-05-09"}, []string{"2026-05-10 to 2026-05-20"}},
		"days after it":   {Span{"2026-05-21", "2026-06-09"}, []string{"2026-05-10 to 2026-05-20"}},
		"no day":          {Span{"2026-05-12", "2026-05-11"}, []string{"2026-05-10 to 2026-05-20"}},
		"a day of a leap": {Span{"2026-02-28", "2026-03-01"}, []string{"2026-05-10 to 2026-05-20"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			c := addConsent(t, s)
			account, err := s.PutAccount(t.Context(), c, salary)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.write(t.Context(), func(tx *sql.Tx) error {
				return errors.Join(s.setGap(t.Context(), tx, account.ID, Span{may10, may20}, GapPeriod), cutGaps(t.Context(), tx, account.ID, test.fill))
			}); err != nil {
				t.Fatal(err)
			}
			if account, err = s.Account(t.Context(), account.ID); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, gap := range account.Gaps {
				got = append(got, gap.From+" to "+gap.To)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("left %v, want %v", got, test.want)
			}
		})
	}
}

// TestLaterReadingGoesOn lets two read one account at once: what the earlier one
// brings from then on is not kept.
func TestLaterReadingGoesOn(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	c := addConsent(t, s)
	account, err := s.PutAccount(ctx, c, salary)
	if err != nil {
		t.Fatal(err)
	}
	days := Span{"2026-11-01", "2026-11-30"}
	begin := func() *Reading {
		r, err := s.BeginReading(ctx, c.ID, account.ID, days, days, "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	earlier, later := begin(), begin()
	transactions := []xs2a.Transaction{booked("1", "2026-11-02", "-30.00", "Coffee")}
	if _, err := s.PutTransactions(ctx, earlier, false, transactions, days); !errors.Is(err, ErrSuperseded) {
		t.Errorf("the earlier one: %v", err)
	}
	if err := s.EndReading(ctx, earlier, Answered{Booked: true, Pending: true}); !errors.Is(err, ErrSuperseded) {
		t.Errorf("the earlier one's end: %v", err)
	}
	if n, err := s.PutTransactions(ctx, later, false, transactions, days); err != nil || n != 1 {
		t.Errorf("the later one: %d new, %v", n, err)
	}
}
