package own_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/app/own"
	"consentry/storage"
	"consentry/xs2a"
)

// arranged is what a person has at two banks: at the first two parts of one account, and two more.
func arranged(t *testing.T) (*own.Things, *storage.Store) {
	t.Helper()
	store := fresh.Store(t, time.Now)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.PutEnvironment(t.Context(), storage.Environment{ID: "e", Name: "Test"}))
	for bic, accounts := range map[string][]string{"A": {"GE1 GEL", "GE1 EUR", "GE2 GEL", "GE3 GEL"}, "B": {"GE4 GEL"}} {
		c := storage.Consent{ID: bic, EnvironmentID: "e", BIC: bic, BankName: bic, RequestID: bic, ValidUntil: "2027-12-01"}
		must(store.AddConsent(t.Context(), c))
		for _, one := range accounts {
			iban, currency, _ := strings.Cut(one, " ")
			account, err := store.PutAccount(t.Context(), c, xs2a.Account{ResourceID: one, IBAN: iban, Currency: currency, Name: iban})
			must(err)
			must(store.PutBalances(t.Context(), c.ID, account.ID, []xs2a.Balance{{Type: "expected", Amount: xs2a.Amount{Number: "1", Currency: currency}}}))
		}
	}
	return own.New(own.Config{Store: store}), store
}

// order writes out how the accounts stand, hidden ones in brackets.
func order(t *testing.T, store *storage.Store) string {
	t.Helper()
	accounts, err := store.PlainAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, a := range accounts {
		name := a.IBAN + a.Currency
		if a.Hidden {
			name = "(" + name + ")"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

// TestArranging moves accounts and banks, and hides them, step by step.
func TestArranging(t *testing.T) {
	things, store := arranged(t)
	accounts, err := store.PlainAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := map[string]int64{}
	for _, a := range accounts {
		id[a.IBAN+a.Currency] = a.ID
	}
	account := func(name string, move own.Move) func() error {
		return func() error { return things.MoveAccount(t.Context(), id[name], move) }
	}
	bank := func(bic string, move own.Move) func() error {
		return func() error { return things.MoveBank(t.Context(), storage.BankID{EnvironmentID: "e", BIC: bic}, move) }
	}
	hide := func(name string, hidden bool) func() error {
		return func() error { return things.Hide(t.Context(), id[name], hidden) }
	}
	for _, step := range []struct {
		name string
		do   func() error
		want string
	}{
		{"as they came", func() error { return nil }, "GE1GEL GE1EUR GE2GEL GE3GEL GE4GEL"},
		{"with its parts", account("GE1EUR", own.MoveDown), "GE2GEL GE1GEL GE1EUR GE3GEL GE4GEL"},
		{"to the first place", account("GE3GEL", own.MoveFirst), "GE3GEL GE2GEL GE1GEL GE1EUR GE4GEL"},
		{"past all the parts", account("GE1GEL", own.MoveUp), "GE3GEL GE1GEL GE1EUR GE2GEL GE4GEL"},
		{"nothing above", account("GE3GEL", own.MoveUp), "GE3GEL GE1GEL GE1EUR GE2GEL GE4GEL"},
		{"nothing below, nor another bank's", account("GE2GEL", own.MoveDown), "GE3GEL GE1GEL GE1EUR GE2GEL GE4GEL"},
		{"hidden with its parts", hide("GE1EUR", true), "GE3GEL (GE1GEL) (GE1EUR) GE2GEL GE4GEL"},
		{"past what is hidden", account("GE2GEL", own.MoveUp), "GE2GEL GE3GEL (GE1GEL) (GE1EUR) GE4GEL"},
		{"what is hidden stays", account("GE1GEL", own.MoveFirst), "GE2GEL GE3GEL (GE1GEL) (GE1EUR) GE4GEL"},
		{"and is shown again", hide("GE1GEL", false), "GE2GEL GE3GEL GE1GEL GE1EUR GE4GEL"},
		{"a bank", bank("B", own.MoveUp), "GE4GEL GE2GEL GE3GEL GE1GEL GE1EUR"},
		{"no further", bank("B", own.MoveFirst), "GE4GEL GE2GEL GE3GEL GE1GEL GE1EUR"},
		{"and back", bank("B", own.MoveDown), "GE2GEL GE3GEL GE1GEL GE1EUR GE4GEL"},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := order(t, store); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	var failed *failure.Error
	if err := account("GE1GEL", "sideways")(); !errors.As(err, &failed) || failed.Fields["move"].Code != failure.ChooseFromList {
		t.Errorf("sideways: %v", err)
	}
	if err := bank("C", own.MoveUp)(); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("no such bank: %v", err)
	}
}

// TestArrangeIsChecked refuses a name that is too long and a balance that the bank does not send, and changes nothing then.
func TestArrangeIsChecked(t *testing.T) {
	things, store := arranged(t)
	for _, test := range []struct {
		storage.Arrangement
		want map[string]string // codes by field
	}{
		{storage.Arrangement{Nickname: " House \n account ", MainType: "expected", Hidden: true}, nil},
		{storage.Arrangement{Nickname: strings.Repeat("ა", own.LongestName+1)}, map[string]string{"name": failure.TextTooLong}},
		{storage.Arrangement{Nickname: strings.Repeat("ა", own.LongestName), MainType: "interimBooked"}, map[string]string{"balance": failure.ChooseFromList}},
		{storage.Arrangement{MainType: "expected"}, nil},
	} {
		err := things.Arrange(t.Context(), 1, test.Arrangement)
		var failed *failure.Error
		if errors.As(err, &failed); (err != nil) != (test.want != nil) {
			t.Fatalf("%+v: %v", test.Arrangement, err)
		}
		for field, code := range test.want {
			if failed.Fields[field].Code != code {
				t.Errorf("%s: %+v", field, failed.Fields)
			}
		}
		if test.want == nil {
			continue
		}
		if account, err := store.Account(t.Context(), 1); err != nil || fmt.Sprint(account.Arrangement) != fmt.Sprint(storage.Arrangement{Nickname: "House account", MainType: "expected", Hidden: true}) {
			t.Errorf("after a refusal: %+v (%v)", account.Arrangement, err)
		}
	}
}
