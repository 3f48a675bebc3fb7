package storage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/xs2a"
)

// TestTransactionsLike finds transactions by their amounts, however they are written, and by
// their end-to-end ids, in some days of one account.
func TestTransactionsLike(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	of := func(id, day, amount, endToEnd string) xs2a.Transaction {
		e := booked(id, day, amount, id)
		e.EndToEndID = endToEnd
		return e
	}
	got, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, To: "2026-11-20",
		Booked: []xs2a.Transaction{
			of("late", "2026-11-12", "-12.50", ""), of("zeros", "2026-11-11", "-12.50", ""), of("short", "2026-11-10", "-12.5", ""), of("whole", "2026-11-10", "-1200", ""), of("point", "2026-11-10", "-1200.00", ""),
			of("twelve", "2026-11-10", "-12", ""), of("in", "2026-11-10", "12.50", ""), of("id", "2026-11-10", "-99", "E1"), of("early", "2026-11-09", "-12.50", ""), of("first", "2026-11-01", "-12.50", ""),
		},
		Pending: []xs2a.Transaction{{ID: "pending", Amount: xs2a.Amount{Number: "-12.50", Currency: "SEK"}, Remittance: "pending", Raw: []byte(`{}`)}, {ID: "other", Amount: xs2a.Amount{Number: "-1", Currency: "SEK"}, Remittance: "other", Raw: []byte(`{}`)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		days              []Span
		amounts, endToEnd []string
		want              []string
	}{
		{[]Span{{"2026-11-10", "2026-11-11"}}, []string{"-12.5"}, nil, []string{"pending", "short", "zeros"}},
		{[]Span{{"2026-11-10", "2026-11-11"}}, []string{"-1200"}, nil, []string{"point", "whole"}},
		{[]Span{{"2026-11-10", "2026-11-10"}}, []string{"12.5"}, []string{"E1"}, []string{"id", "in"}},
		{[]Span{{"2026-11-01", "2026-11-01"}, {"2026-11-12", "2026-11-13"}}, []string{"-12.5"}, nil, []string{"first", "late", "pending"}},
		{nil, []string{"-12.5"}, nil, []string{"pending"}},
		{[]Span{{"2026-11-01", "2026-11-30"}}, nil, nil, nil},
	} {
		found, err := s.TransactionsLike(t.Context(), got.AccountID, test.days, test.amounts, test.endToEnd)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range found {
			names = append(names, one.Remittance)
		}
		slices.Sort(names)
		if !slices.Equal(names, test.want) {
			t.Errorf("%+v: got %q", test, names)
		}
	}
	if found, err := s.TransactionsLike(t.Context(), got.AccountID+1, []Span{{"2026-11-01", "2026-11-30"}}, []string{"-12.5"}, nil); err != nil || len(found) != 0 {
		t.Errorf("of another account: %d (%v)", len(found), err)
	}
	for query, by := range map[string]string{pendingLike: "(account_id=? AND pending=?)", bookedLike: "entry_account (account_id=? AND pending=? AND rowid>? AND rowid<?)"} {
		plan, err := collect(t.Context(), s.db, func(row scanner) (detail string, err error) {
			var id, parent, unused int
			return detail, row.Scan(&id, &parent, &unused, &detail)
		}, `EXPLAIN QUERY PLAN `+query, 1, "[]", "[]", "a", "b")
		if steps := strings.Join(plan, "\n"); err != nil || !strings.Contains(steps, by) {
			t.Errorf("transactions are read one by one (%v):\n%s", err, steps)
		}
	}
}

// TestPaymentsAround lists the payments of which something may be booked in some days.
func TestPaymentsAround(t *testing.T) {
	p := newPaid(t)
	p.must(p.PutEnvironment(p.ctx, Environment{ID: "f", Name: "Other"}))
	day := func(text string) time.Time {
		on, err := time.ParseInLocation(time.DateOnly, text, time.Local)
		p.must(err)
		return on.Add(12 * time.Hour)
	}
	for i, one := range []struct{ id, environment, sent, ended, on string }{
		{"open", "e", "2027-01-01", "", ""}, {"before", "e", "2027-02-01", "2027-02-01", ""}, {"within", "e", "2027-03-05", "2027-03-05", ""}, {"after", "e", "2027-03-20", "", ""},
		{"through", "e", "2027-02-01", "2027-03-20", ""}, {"of a day", "e", "2027-02-01", "2027-02-01", "2027-03-09"}, {"of a day before", "e", "2027-02-01", "2027-02-01", "2027-02-09"},
		{"elsewhere", "f", "2027-03-05", "", ""}, {"not sent", "e", "", "", ""},
	} {
		_, err := p.AddPayment(p.ctx, Payment{ID: one.id, EnvironmentID: one.environment, RequestID: fmt.Sprint(i), Order: xs2a.Order{On: one.on, Transfers: []xs2a.Transfer{{Amount: xs2a.Amount{Number: "1", Currency: "EUR"}}}}})
		p.must(err)
		if one.sent == "" {
			continue
		}
		then := paid{p.T, p.At(func() time.Time { return day(one.sent) }), p.ctx}
		then.sends(then.has(one.id))
		then.must(then.SetTaken(p.ctx, one.id, Answer{BankID: "b", Status: xs2a.PaymentReceived}))
		if one.ended != "" {
			p.must(p.At(func() time.Time { return day(one.ended) }).SetPaymentStatus(p.ctx, one.id, "", xs2a.PaymentSettled))
		}
	}
	found, err := p.PaymentsAround(p.ctx, "e", "2027-03-01", "2027-03-10")
	p.must(err)
	var got []string
	for _, one := range found {
		got = append(got, one.ID)
	}
	slices.Sort(got)
	if want := []string{"of a day", "open", "through", "within"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
