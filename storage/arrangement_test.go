package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a"
)

// accountsOf links accounts by their IBANs under a consent.
func accountsOf(t *testing.T, s *Store, c Consent, ibans ...string) (ids []int64) {
	t.Helper()
	for _, iban := range ibans {
		account, err := s.PutAccount(t.Context(), c, xs2a.Account{ResourceID: iban, IBAN: iban, Currency: "SEK", Name: iban})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, account.ID)
	}
	return ids
}

// orderOf is the order in which the accounts stand, by their names.
func orderOf(t *testing.T, s *Store) string {
	t.Helper()
	accounts, err := s.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, account := range accounts {
		names = append(names, account.BIC+" "+account.IBAN)
	}
	return strings.Join(names, ", ")
}

// consentAt adds a consent at another bank.
func consentAt(t *testing.T, s *Store, c Consent, id, bic string) Consent {
	t.Helper()
	c.ID, c.BIC, c.BankName, c.RequestID = id, bic, "Bank "+bic, id
	if err := s.AddConsent(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestOrderIsThePersons has accounts and banks stand where the person put them, what they did not put behind that.
func TestOrderIsThePersons(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	a, b := consentAt(t, s, c, "ca", "A"), consentAt(t, s, c, "cb", "B")
	ids := accountsOf(t, s, a, "SE1", "SE2", "SE3")
	accountsOf(t, s, b, "SE4")
	for _, step := range []struct {
		name string
		do   func() error
		want string
	}{
		{"by name", func() error { return nil }, "A SE1, A SE2, A SE3, B SE4"},
		{"two are placed", func() error { return s.PlaceAccounts(t.Context(), []int64{ids[2], ids[1]}) }, "A SE3, A SE2, A SE1, B SE4"},
		{"and a bank", func() error { return s.PlaceBanks(t.Context(), []BankID{{"e", "B"}}) }, "B SE4, A SE3, A SE2, A SE1"},
		{"a bank twice counts once", func() error { return s.PlaceBanks(t.Context(), []BankID{{"e", "A"}, {"e", "B"}, {"e", "A"}}) }, "A SE3, A SE2, A SE1, B SE4"},
		{"a new account stands behind", func() error { accountsOf(t, s, a, "SE0"); return nil }, "A SE3, A SE2, A SE0, A SE1, B SE4"},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := orderOf(t, s); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

// TestArrangementOutlivesErasing erases an account that was arranged, and links it again: it stands where it stood and as it
// was, but for its name; and meanwhile nothing in the files tells which account it was.
func TestArrangementOutlivesErasing(t *testing.T) {
	const iban, other = "SE4550000000058398257466", "SE1230000000012345670019"
	s, dir := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	ids := accountsOf(t, s, c, iban, other)
	want := Arrangement{Nickname: "Rainy days", Hidden: true, MainType: "expected"}
	if err := errors.Join(s.Arrange(ctx, ids[0], want), s.PlaceAccounts(ctx, []int64{ids[1], ids[0]})); err != nil {
		t.Fatal(err)
	}
	if err := s.Arrange(ctx, 99, want); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no account: %v", err)
	}
	if account, err := s.Account(ctx, ids[0]); err != nil || account.Arrangement != want {
		t.Fatalf("%+v (%v)", account.Arrangement, err)
	}
	accountsOf(t, s, c, iban) // it is read again
	if account, err := s.Account(ctx, ids[0]); err != nil || account.Arrangement != want {
		t.Errorf("read again: %+v (%v)", account.Arrangement, err)
	}
	if _, err := s.WithdrawConsent(ctx, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, FileName+"*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		for _, secret := range []string{iban, "Rainy days"} {
			if err != nil || bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q, %v", filepath.Base(file), secret, err)
			}
		}
	}
	again := consentAt(t, s, c, "again", c.BIC)
	ids = accountsOf(t, s, again, iban, other)
	want.Nickname = ""
	for i, want := range []Arrangement{want, {}} {
		if account, err := s.Account(ctx, ids[i]); err != nil || account.Arrangement != want {
			t.Errorf("linked again: %+v (%v)", account.Arrangement, err)
		}
	}
	if got := orderOf(t, s); got != c.BIC+" "+other+", "+c.BIC+" "+iban {
		t.Errorf("linked again they stand as %s", got)
	}
	var left int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM arrangement_left`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d are still left (%v)", left, err)
	}
}

// TestArrangementIsOfOneBank gives nothing to an account of the same number elsewhere, or in another currency.
func TestArrangementIsOfOneBank(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	c := addConsent(t, s)
	ids := accountsOf(t, s, c, "SE1")
	if err := s.Hide(ctx, ids, true); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WithdrawConsent(ctx, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	elsewhere, here := consentAt(t, s, c, "elsewhere", "OTHER"), consentAt(t, s, c, "here", c.BIC)
	all := accountsOf(t, s, elsewhere, "SE1")
	euro, err := s.PutAccount(ctx, here, xs2a.Account{ResourceID: "r", IBAN: "SE1", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range append(all, euro.ID) {
		if account, err := s.Account(ctx, id); err != nil || account.Hidden {
			t.Errorf("%s %s is hidden (%v)", account.BIC, account.Currency, err)
		}
	}
}

// TestNicknameIsShownAndMasked lists transactions under the person's name for their account, and knows it as a name.
func TestNicknameIsShownAndMasked(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	c := addConsent(t, s)
	got, err := s.PutFetch(ctx, c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31", Booked: []xs2a.Transaction{booked("1", "2026-11-01", "-1", "Shop")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Arrange(ctx, got.AccountID, Arrangement{Nickname: "Karin’s house"}); err != nil {
		t.Fatal(err)
	}
	listed, err := s.BookedTransactions(ctx, got.AccountID, 0, 1)
	if err != nil || listed[0].AccountName != "Karin’s house" {
		t.Errorf("%+v (%v)", listed, err)
	}
	one, err := s.Transaction(ctx, listed[0].ID)
	if err != nil || one.AccountName != "Karin’s house" {
		t.Errorf("%q (%v)", one.AccountName, err)
	}
	names, err := s.Identities(ctx)
	if err != nil || !slices.ContainsFunc(names, func(i Identity) bool { return i.Name == "Karin’s house" }) {
		t.Errorf("%+v (%v)", names, err)
	}
	account, err := s.Account(ctx, got.AccountID)
	if err != nil || account.Name != salary.Name {
		t.Errorf("the bank calls it %q (%v)", account.Name, err)
	}
}

// TestCreditLimitIsTheBanks keeps what a bank says of a line, and forgets it where it says it no more.
func TestCreditLimitIsTheBanks(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	for _, limit := range []xs2a.Amount{{Number: "20000.00", Currency: "SEK"}, {}} {
		card := salary
		card.CreditLimit = limit
		account, err := s.PutAccount(t.Context(), c, card)
		if err != nil || account.CreditLimit != limit {
			t.Errorf("got %+v, want %+v (%v)", account.CreditLimit, limit, err)
		}
	}
}
