package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a"
)

// coded is a transaction with a code.
func coded(id, text, code string) xs2a.Transaction {
	t := booked(id, "2026-11-01", "-1", text)
	t.BankCode = code
	return t
}

// TestBankCodes counts what comes, is said otherwise, goes, and is erased.
func TestBankCodes(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	fetch := func(pending []xs2a.Transaction, all ...xs2a.Transaction) (account int64) {
		t.Helper()
		got, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31", Booked: all, Pending: pending})
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, s)
		return got.AccountID
	}
	holds := func(when string, want ...BankCode) {
		t.Helper()
		if got, err := s.BankCodes(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v (%v)", when, got, want, err)
		}
	}
	long := strings.Repeat("x", longestCode+1) // which is no code
	account := fetch([]xs2a.Transaction{coded("P", "p", "Card")}, coded("1", "a", "Fee"), coded("2", "b", "Fee"), coded("3", "c", ""), coded("4", "d", long))
	holds("at first", BankCode{account, "Fee", 2}, BankCode{account, "Card", 1})
	fetch(nil, coded("1", "a", "Fee"), coded("2", "b", "fee"), coded("3", "c", "Fee"), coded("4", "d", long))
	holds("said otherwise, and nothing pending", BankCode{account, "Fee", 2}, BankCode{account, "fee", 1})
	for code, want := range map[string]int{"Fee": 2, "fee": 1, "FEE": 0, "Card": 0} {
		if page, err := s.Find(t.Context(), Find{BankCode: code}, 0, 50); err != nil || len(page.Transactions) != want {
			t.Errorf("%s: %d found, want %d (%v)", code, len(page.Transactions), want, err)
		}
	}
	if _, err := s.exec(t.Context(), `DELETE FROM account`); err != nil {
		t.Fatal(err)
	}
	holds("the account gone")
}

// TestCoded brings a database up to date in which codes were not counted, which is broken off after each part:
// in the end they are those of the transactions.
func TestCoded(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	all := drawnPurchases(rand.New(rand.NewPCG(6, 12)), 300)
	for i := range all {
		all[i].BankCode = []string{"", "Card", "Fee", fmt.Sprint("MCC ", i%4)}[i%4]
	}
	readInto(t, s, c.ID, account.ID, all)
	want, err := s.BankCodes(t.Context())
	if err != nil || len(want) != 3 {
		t.Fatalf("%+v are counted (%v)", want, err)
	}
	db := s.writer.db
	if err := inOne(t.Context(), db, func(tx *sql.Tx) error { return execAll(t.Context(), tx, []string{`DROP TABLE bank_code`}) }); err != nil {
		t.Fatal(err)
	}
	defer func(n int) { codeAtOnce = n }(codeAtOnce)
	codeAtOnce = 37
	broken := errors.New("broken off")
	for parts := 1; ; parts++ {
		ctx, end := context.WithCancelCause(t.Context())
		err := coding(func(p Progress) {
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
	s.changes.Add(1) // it wrote beside the store
	if got, err := s.BankCodes(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("counted %+v, want %+v (%v)", got, want, err)
	}
	if err := coding(func(Progress) { t.Error("it is done once more") }).run(t.Context(), db); err != nil {
		t.Error(err)
	}
}
