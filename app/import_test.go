package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"consentry/storage"
)

// swift writes transactions as a statement of an account, as its bank would.
func swift(of storage.Account, transactions []storage.Transaction) string {
	var b strings.Builder
	fmt.Fprintf(&b, ":20:A\n:25:%s\n:60F:C200101%s0,\n", of.IBAN, of.Currency)
	for _, t := range transactions {
		mark, number := "C", t.Amount.Number
		if t.Amount.Negative() {
			mark, number = "D", number[1:]
		}
		day := strings.ReplaceAll(t.Date()[2:], "-", "")
		fmt.Fprintf(&b, ":61:%s%s%s%sNMSCNONREF\n:86:%s %s\n", day, day[2:], mark, strings.Replace(number+strings.Repeat(".", 1-strings.Count(number, ".")), ".", ",", 1),
			t.CreditorName+t.DebtorName, strings.Join(strings.Fields(t.Remittance), " "))
	}
	return b.String() + ":62F:C261231" + of.Currency + "0,\n"
}

// readsFile reads a file into an account and waits for its end.
func (w *world) readsFile(of storage.Account, file string) storage.Import {
	w.Helper()
	id := w.Imports().Take(of.ID, "old.sta", []byte(file))
	noted, err := w.Imports().Begin(w.Context(), of, id, nil, false)
	w.must(err)
	w.await("the file is read", func() bool {
		noted, err = w.Imports().Import(w.Context(), noted.ID)
		w.must(err)
		return !noted.EndedAt.IsZero()
	})
	return noted
}

// TestFileOfTheBank reads a statement of all that a real fetch brought, in the statement's words:
// next to nothing is new. A fetch after it doubles nothing either, and undo leaves what the bank told.
func TestFileOfTheBank(t *testing.T) {
	w := newWorld(t)
	w.clock.noon()
	consent := w.link().Consent.ID
	accounts, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	account := accounts[slices.IndexFunc(accounts, func(a storage.Account) bool { return a.IBAN != "" && a.Currency != "" })]
	all, err := w.store.BookedTransactions(t.Context(), account.ID, 0, 10_000)
	w.must(err)
	if len(all) < 20 {
		t.Fatalf("%d transactions", len(all))
	}
	before := w.countBooked()
	old := all[len(all)-1]
	old.BookingDate, old.ValueDate, old.Remittance = "2020-02-03", "2020-02-03", "from long ago"
	noted := w.readsFile(account, swift(account, append(slices.Clone(all), old)))
	if noted.Added != 1 || noted.Known != len(all) || noted.UnreadAll != 0 {
		t.Errorf("of %d and one more it brought %+v", len(all), noted)
	}
	w.Reader().Fetch(consent, person)
	w.fetched(consent)
	if got := w.countBooked(); got != before+1 {
		t.Errorf("%d transactions, want %d", got, before+1)
	}
	w.must(w.Imports().Undo(t.Context(), noted.ID))
	w.await("the file is undone", func() bool { _, err := w.Imports().Import(t.Context(), noted.ID); return err != nil })
	if got := w.countBooked(); got != before {
		t.Errorf("%d transactions are left, want %d", got, before)
	}
}

// TestStatementBesideAnOldFile asks for a statement of a year that nobody read, once a file has
// brought a single transaction of the year before: no balance of it is known.
func TestStatementBesideAnOldFile(t *testing.T) {
	w := newWorld(t)
	w.clock.noon()
	w.link()
	accounts := w.accounts()
	account := accounts[slices.IndexFunc(accounts, func(a storage.Account) bool { return a.IBAN != "" && a.Currency != "" })]
	all, err := w.store.BookedTransactions(t.Context(), account.ID, 0, 10_000)
	w.must(err)
	old := all[len(all)-1]
	years := w.clock.Now().Year() - 6
	old.BookingDate = fmt.Sprintf("%d-02-03", years)
	old.ValueDate, old.Remittance = old.BookingDate, "from long ago"
	w.readsFile(account, swift(account, []storage.Transaction{old}))
	s, err := w.Holdings().Statement(t.Context(), account, account.Currency, storage.Span{From: fmt.Sprintf("%d-01-01", years+1), To: fmt.Sprintf("%d-12-31", years+1)})
	w.must(err)
	if s.Opening != nil || s.Closing != nil || s.Unknown == "" {
		t.Errorf("of a year that nobody read: %+v", s)
	}
}
