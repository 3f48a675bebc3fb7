package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// counterpartiesAgree holds the turnovers that are kept to those of the transactions.
func counterpartiesAgree(t testing.TB, s *Store, want turnovers) {
	t.Helper()
	type line struct {
		of turnoverOf
		turnover
	}
	kept, err := collect(context.Background(), s.db, func(row scanner) (l line, err error) {
		l.turnover, err = readTurnover(withOf{row, &l.of})
		return l, err
	}, `SELECT account_id, currency, month, counterparty, `+turnoverColumns)
	if err != nil || len(kept) != len(want) {
		t.Errorf("%d turnovers are kept, want %d (%v)", len(kept), len(want), err)
	}
	for _, l := range kept {
		w := want[l.of]
		if w == nil || w.In.Cmp(&l.In) != 0 || w.Out.Cmp(&l.Out) != 0 || w.ins != l.ins || w.outs != l.outs {
			t.Errorf("of %+v %+v is kept where the transactions make %+v", l.of, l.turnover, w)
		}
	}
}

// withOf reads apart what a row is of.
type withOf struct {
	scanner
	of *turnoverOf
}

func (w withOf) Scan(dest ...any) error {
	return w.scanner.Scan(append([]any{&w.of.account, &w.of.currency, &w.of.month, &w.of.key}, dest...)...)
}

// TestCounterpartyOf tells who is at the other side.
func TestCounterpartyOf(t *testing.T) {
	out, in := xs2a.Amount{Number: "-5", Currency: "SEK"}, xs2a.Amount{Number: "5", Currency: "SEK"}
	for name, test := range map[string]struct {
		of   xs2a.Transaction
		want Counterparty
	}{
		"by number":          {xs2a.Transaction{Amount: out, CreditorName: "ICA", CreditorAccount: "SE45 5000"}, Counterparty{"#se45 5000", "ICA", "SE45 5000"}},
		"by name":            {xs2a.Transaction{Amount: out, CreditorName: "Västerlång-Café"}, Counterparty{"vasterlang cafe", "Västerlång-Café", ""}},
		"who paid":           {xs2a.Transaction{Amount: in, DebtorName: "Employer", DebtorAccount: "SE1", CreditorName: "Me", CreditorAccount: "SE2"}, Counterparty{"#se1", "Employer", "SE1"}},
		"the other's number": {xs2a.Transaction{Amount: out, CreditorName: "Shop", DebtorAccount: "SE2"}, Counterparty{"shop", "Shop", ""}},
		"in the wrong place": {xs2a.Transaction{Amount: out, DebtorName: "Shop"}, Counterparty{"shop", "Shop", ""}},
		"by message":         {xs2a.Transaction{Amount: out, Remittance: "ICA Kvantum 2026-03-04 17:22"}, Counterparty{"~ica kvantum", "ICA Kvantum 2026-03-04 17:22", ""}},
		"by what is added":   {xs2a.Transaction{Amount: out, Remittance: "4711", Additional: "Card purchase"}, Counterparty{"~card purchase", "Card purchase", ""}},
		"a name of signs":    {xs2a.Transaction{Amount: out, CreditorName: "***", Remittance: "Kiosk"}, Counterparty{"~kiosk", "Kiosk", ""}},
		"nothing":            {xs2a.Transaction{Amount: out, Remittance: "4711"}, Counterparty{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := CounterpartyOf(test.of); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// drawnPurchases are transactions of two years with few counterparties, some named now so, now so.
func drawnPurchases(r *rand.Rand, n int) []xs2a.Transaction {
	all := make([]xs2a.Transaction, n)
	for i := range all {
		on := fmt.Sprintf("202%d-%02d-%02d", 4+r.IntN(2), 1+r.IntN(12), 1+r.IntN(28))
		amount := fmt.Sprintf("%s%d.%02d", []string{"-", "-", ""}[r.IntN(3)], r.IntN(900), r.IntN(100))
		who := r.IntN(6)
		all[i] = booked(fmt.Sprint(i), on, amount, fmt.Sprint("No ", i))
		all[i].CreditorName, all[i].DebtorName = fmt.Sprint("Shop ", "ABCDEF"[who:who+1]), "Employer"
		if who == 0 {
			all[i].CreditorName, all[i].CreditorAccount = []string{"Old", "New"}[r.IntN(2)], "SE77"
		}
		if r.IntN(9) == 0 {
			all[i].Amount.Currency = "EUR"
		}
	}
	slices.SortFunc(all, func(a, b xs2a.Transaction) int { return compareDates(a, b) })
	return all
}

func compareDates(a, b xs2a.Transaction) int {
	switch {
	case a.BookingDate < b.BookingDate:
		return -1
	case a.BookingDate > b.BookingDate:
		return 1
	}
	return 0
}

// TestTurnovers holds what is told of counterparties to what their transactions add up to.
func TestTurnovers(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	all := drawnPurchases(rand.New(rand.NewPCG(3, 12)), 800)
	readInto(t, s, c.ID, account.ID, all)
	agrees(t, s)
	got, err := s.CounterpartyTallies(t.Context(), account.ID, "SEK", "2024-03", "2025-02")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range got {
		month := (monthIn("2024-03") + month(one.After)).String()
		ins, outs, sum := 0, 0, DaySum{}
		for _, purchase := range all {
			if CounterpartyOf(purchase).Key == one.Key && purchase.BookingDate[:7] == month && purchase.Amount.Currency == "SEK" {
				sum.add(purchase.Amount, false)
				if purchase.Amount.Negative() {
					outs++
				} else {
					ins++
				}
			}
		}
		if one.Ins != ins || one.Outs != outs || one.In.Decimal().Cmp(&sum.In) != 0 || one.Out.Decimal().Cmp(&sum.Out) != 0 {
			t.Errorf("%s: got %+v, want %d and %d, %s and %s", month, one, ins, outs, &sum.In, &sum.Out)
		}
	}
	dealt, last := map[string]bool{}, map[string]string{}
	for _, purchase := range all {
		if at := purchase.BookingDate[:7]; at >= "2024-03" && at <= "2025-02" && purchase.Amount.Currency == "SEK" {
			dealt[at+CounterpartyOf(purchase).Key] = true
			if at == "2025-02" {
				last[CounterpartyOf(purchase).Key] = CounterpartyOf(purchase).Name
			}
		}
	}
	if len(got) != len(dealt) {
		t.Errorf("%d turnovers of a year, want %d", len(got), len(dealt))
	}
	names, err := s.CounterpartyNames(t.Context(), []int64{account.ID}, "SEK", "2025-02", []string{"#se77", "shop b", "nobody"})
	if err != nil || len(names) != 2 || names[0].Key != "#se77" || names[0].Name != last["#se77"] || names[0].Number != "SE77" || names[1].Name != last["shop b"] {
		t.Errorf("they are called %+v, want %v (%v)", names, last, err)
	}
	months, err := s.CounterpartyMonths(t.Context(), []string{"#se77"}, "", "")
	if err != nil || len(months) == 0 {
		t.Fatal(err)
	}
	sum, n := new(apd.Decimal), 0
	for _, one := range all {
		if CounterpartyOf(one).Key == "#se77" {
			n++
		}
	}
	for _, m := range months {
		n -= m.Ins + m.Outs
		if _, err := exact.Add(sum, sum, m.Out.Decimal()); err != nil {
			t.Fatal(err)
		}
	}
	if n != 0 || sum.Sign() <= 0 {
		t.Errorf("of the transactions of #se77 %d are not counted, and they come to %s", n, sum)
	}
}

// readInto reads transactions, the oldest first, into an account.
func readInto(t testing.TB, s *Store, consentID string, account int64, all []xs2a.Transaction) {
	t.Helper()
	span := Span{all[0].BookingDate, all[len(all)-1].BookingDate}
	r, err := s.BeginReading(t.Context(), consentID, account, span, span, "")
	if err != nil {
		t.Fatal(err)
	}
	for page := range slices.Chunk(all, 97) {
		if _, err := s.PutTransactions(t.Context(), r, false, page, r.Missing); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.EndReading(t.Context(), r, Answered{Booked: true}); err != nil {
		t.Fatal(err)
	}
}

// TestCounted brings a database up to date in which turnovers were not kept, which is broken off
// after each part: in the end they are those of the transactions.
func TestCounted(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	readInto(t, s, c.ID, account.ID, drawnPurchases(rand.New(rand.NewPCG(5, 12)), 300))
	db := s.writer.db
	if err := inOne(t.Context(), db, func(tx *sql.Tx) error { return execAll(t.Context(), tx, []string{`DROP TABLE counterparty_month`}) }); err != nil {
		t.Fatal(err)
	}
	defer func(n int) { countAtOnce = n }(countAtOnce)
	countAtOnce = 37
	broken := errors.New("broken off")
	for parts := 1; ; parts++ {
		ctx, end := context.WithCancelCause(t.Context())
		err := counting(func(p Progress) {
			if p.Of != 300 || p.Done > p.Of {
				t.Errorf("the progress is %+v", p)
			}
			end(broken)
		}).run(ctx, db)
		end(nil)
		if err == nil {
			break
		}
		if parts > 20 {
			t.Fatalf("it does not come to its end: %v", err)
		}
	}
	agrees(t, s)
	if err := counting(func(Progress) { t.Error("it is done once more") }).run(t.Context(), db); err != nil {
		t.Error(err)
	}
}

// TestFindCounterparty finds all transactions with a counterparty and no others, however much
// others say that name.
func TestFindCounterparty(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	all := drawnPurchases(rand.New(rand.NewPCG(8, 12)), 400)
	for i := range all {
		if i%5 == 0 {
			all[i].Remittance = "Shop A, Shop B, Shop C, SE77, Employer"
		}
	}
	readInto(t, s, c.ID, account.ID, all)
	for _, key := range []string{"shop b", "shop", "#se77", "employer", "~shop a b c employer", "nobody"} {
		f := Find{Counterparties: []string{key}, Days: Span{"2024-02-10", "2025-08-20"}, Way: MoneyOut, Currency: "SEK"}
		want, sum := 0, DaySum{}
		for _, one := range all {
			if CounterpartyOf(one).Key == key && one.BookingDate >= f.Days.From && one.BookingDate <= f.Days.To && one.Amount.Negative() && one.Amount.Currency == "SEK" {
				want++
				sum.add(one.Amount, false)
			}
		}
		got := 0
		for after, more := Cursor(0), true; more; {
			found, err := s.Find(t.Context(), f, after, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range found.Transactions {
				if CounterpartyOf(one.Transaction).Key != key {
					t.Errorf("%s: found %+v", key, one.Transaction)
				}
			}
			got, after = got+len(found.Transactions), found.Older
			more = after != 0
		}
		added, err := s.SumFound(t.Context(), f)
		if err != nil || got != want || added.Count != want || want > 0 && added.Sums[0].Out.Cmp(&sum.Out) != 0 {
			t.Errorf("%s: found %d, added up %+v, want %d and %s (%v)", key, got, added, want, &sum.Out, err)
		}
	}
	if with, err := s.Counterparty(t.Context(), "#se77"); err != nil || with.Number != "SE77" {
		t.Errorf("got %+v (%v)", with, err)
	}
	if _, err := s.Counterparty(t.Context(), "nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
