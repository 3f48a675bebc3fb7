package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"consentry/xs2a"
)

// putFile reads transactions of a file into an account, as the program does it.
func putFile(t testing.TB, s *Store, account int64, transactions ...xs2a.Transaction) Import {
	t.Helper()
	ctx := context.Background()
	i, err := s.BeginImport(ctx, Import{AccountID: account, FileName: "old.sta", Format: "mt940", Digest: "d", Total: len(transactions)})
	if err != nil {
		t.Fatal(err)
	}
	byDay := map[string][]Imported{}
	for _, one := range transactions {
		byDay[one.Date()] = append(byDay[one.Date()], Imported{Transaction: one})
	}
	for _, all := range byDay {
		stored, err := s.MatchImported(ctx, account, all)
		if err != nil {
			t.Fatal(err)
		}
		var fresh []Imported
		var there []int64
		for at, id := range stored {
			if id == 0 {
				fresh = append(fresh, all[at])
			} else {
				there = append(there, id)
			}
		}
		if err := s.PutImported(ctx, i, fresh, there); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.EndImport(ctx, i.ID); err != nil {
		t.Fatal(err)
	}
	if i, err = s.Import(ctx, i.ID); err != nil || i.EndedAt.IsZero() || i.Added+i.Known != len(transactions) {
		t.Fatalf("%+v, %v", i, err)
	}
	return i
}

func undo(t testing.TB, s *Store, i Import) {
	t.Helper()
	if err := errors.Join(s.BeginUndo(t.Context(), i.ID), s.UndoImport(t.Context(), i.ID, func(Brought) {})); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(t.Context(), i.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the file is still there: %v", err)
	}
	agrees(t, s)
}

// count holds how many booked transactions an account has.
func count(t testing.TB, s *Store, account int64, want int) {
	t.Helper()
	if n, err := s.CountTransactions(context.Background(), account); err != nil || n != want {
		t.Errorf("%d transactions, want %d (%v)", n, want, err)
	}
}

// bought is a payment to somebody, as an interface tells it.
func bought(id, on, amount, to, text string) xs2a.Transaction {
	one := booked(id, on, amount, text)
	one.CreditorName, one.CreditorAccount = to, "SE12 "+to
	return one
}

// inFile is the same as a file tells it: a text alone, without ids and accounts.
func inFile(one xs2a.Transaction) xs2a.Transaction {
	return xs2a.Transaction{BookingDate: one.BookingDate, Amount: one.Amount, Remittance: one.CreditorName + " " + one.Remittance, Raw: []byte("line")}
}

// TestImportMatches reads files over what the bank told, in the words of an interface and in
// those of a file, before it and after it: whatever comes first, nothing is doubled, and equal
// purchases are as many as there were.
func TestImportMatches(t *testing.T) {
	const day = "2026-05-04"
	ica, ica2 := bought("1", day, "-45", "ICA Supermarket", "card 1"), bought("2", day, "-45", "ICA Supermarket", "card 1")
	coop, rent := bought("3", day, "-45", "Coop Forum", "card 2"), bought("4", "2026-05-05", "-9000.00", "Landlord", "May")
	rentToo := rent
	rentToo.Amount.Number = "-9000"
	for name, test := range map[string]struct {
		bank, file []xs2a.Transaction
		want       int // different ones
	}{
		"the same words":                       {[]xs2a.Transaction{ica, rent}, []xs2a.Transaction{ica, rent}, 2},
		"zeros that say nothing":               {[]xs2a.Transaction{rent}, []xs2a.Transaction{rentToo}, 1},
		"other words":                          {[]xs2a.Transaction{ica, rent}, []xs2a.Transaction{inFile(ica), inFile(rent)}, 2},
		"two equal purchases":                  {[]xs2a.Transaction{ica, ica2}, []xs2a.Transaction{inFile(ica), inFile(ica2)}, 2},
		"two equal purchases, one in the file": {[]xs2a.Transaction{ica, ica2}, []xs2a.Transaction{inFile(ica)}, 2},
		"two equal purchases, one at the bank": {[]xs2a.Transaction{ica}, []xs2a.Transaction{inFile(ica), inFile(ica2)}, 2},
		"one price in two shops":               {[]xs2a.Transaction{ica, coop}, []xs2a.Transaction{inFile(coop), inFile(ica)}, 2},
		"another shop of one price":            {[]xs2a.Transaction{ica}, []xs2a.Transaction{inFile(coop)}, 2},
		"days before the bank's":               {[]xs2a.Transaction{rent}, []xs2a.Transaction{inFile(ica), inFile(ica2), inFile(rent)}, 3},
		"no words at all":                      {[]xs2a.Transaction{ica}, []xs2a.Transaction{{BookingDate: day, Amount: ica.Amount}}, 1},
		"another amount":                       {[]xs2a.Transaction{ica}, []xs2a.Transaction{{BookingDate: day, Amount: xs2a.Amount{Number: "45", Currency: "SEK"}}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			for _, fileFirst := range []bool{false, true} {
				s, _ := open(t)
				c := addConsent(t, s)
				f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Booked: test.bank, Since: "2026-05-01", To: "2026-05-31"}
				account, err := s.PutAccount(t.Context(), c, salary)
				if err != nil {
					t.Fatal(err)
				}
				fetch := func() {
					if _, err := s.PutFetch(t.Context(), c, f); err != nil {
						t.Fatal(err)
					}
				}
				if !fileFirst {
					fetch()
				}
				first := putFile(t, s, account.ID, test.file...)
				fetch()
				count(t, s, account.ID, test.want)
				agrees(t, s)
				again := putFile(t, s, account.ID, test.file...)
				fetch()
				if again.Added != 0 {
					t.Errorf("the second time %d were new", again.Added)
				}
				count(t, s, account.ID, test.want)
				undo(t, s, first)
				count(t, s, account.ID, test.want) // the second file lists it still
				undo(t, s, again)
				count(t, s, account.ID, len(test.bank))
				all, err := s.BookedTransactions(t.Context(), account.ID, 0, 100)
				for _, one := range all {
					if one.ID == 0 || one.Transaction.ID == "" || !one.ChangedAt.IsZero() || !one.DroppedAt.IsZero() {
						t.Errorf("the bank's transaction is %+v (%v)", one, err)
					}
				}
			}
		})
	}
}

// TestImportIsNeverMissed fetches three times what does not have what only a file lists: the bank
// never listed it, so it takes nothing back, and no gap of the account changes.
func TestImportIsNeverMissed(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-05-01", To: "2026-05-31"}
	for day := 1; day <= 31; day += 2 {
		f.Booked = append(f.Booked, bought(fmt.Sprint(day), fmt.Sprintf("2026-05-%02d", day), "-10", "Shop", "x"))
	}
	got, err := s.PutFetch(t.Context(), c, f)
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Account(t.Context(), got.AccountID)
	if err != nil {
		t.Fatal(err)
	}
	putFile(t, s, got.AccountID, booked("", "2026-05-15", "-77", "of the file"), booked("", "2026-05-16", "-78", "of the file"), booked("", "2020-01-01", "-79", "of the file"))
	for range 3 {
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.BookedTransactions(t.Context(), got.AccountID, 0, 100)
	if err != nil || len(all) != len(f.Booked)+3 {
		t.Fatalf("%d transactions, %v", len(all), err)
	}
	for _, one := range all {
		if !one.DroppedAt.IsZero() {
			t.Errorf("%s %s is marked as dropped", one.BookingDate, one.Remittance)
		}
	}
	after, err := s.Account(t.Context(), got.AccountID)
	if err != nil || after.BookedTo != before.BookedTo || !slices.Equal(after.Gaps, before.Gaps) {
		t.Errorf("the account became %+v (%v)", after, err)
	}
	agrees(t, s)
}

// TestUndoGoesOn removes what only a file brought in small steps, also where that was broken
// off, and leaves whom money went to in other transactions.
func TestUndoGoesOn(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	got, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-05-01", To: "2026-05-31",
		Booked: []xs2a.Transaction{bought("1", "2026-05-04", "-45", "Shop", "x")}})
	if err != nil {
		t.Fatal(err)
	}
	var file []xs2a.Transaction
	for n := range 2*MostAtOnce + 20 {
		file = append(file, bought("", time.Date(2020, 1, 1+n/100, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), fmt.Sprint(-1-n), []string{"Shop", "Kiosk"}[n%2], fmt.Sprint("purchase ", n)))
	}
	i := putFile(t, s, got.AccountID, file...)
	count(t, s, got.AccountID, len(file)+1)
	agrees(t, s)
	dropped := Imported{Transaction: booked("", "2019-01-01", "-5", "taken back"), DroppedAt: time.Now()}
	if err := s.PutImported(t.Context(), i, []Imported{dropped}, nil); err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
	if err := s.BeginUndo(t.Context(), i.ID); err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.UndoImport(ended, i.ID, func(Brought) {}); err == nil {
		t.Error("an undo that was broken off says nothing")
	}
	if left, err := s.Undoing(t.Context()); err != nil || len(left) != 1 || left[0].ID != i.ID {
		t.Errorf("%+v is being undone, %v", left, err)
	}
	if err := s.PutImported(t.Context(), i, []Imported{dropped}, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("a file that is being undone takes more: %v", err)
	}
	undo(t, s, i)
	count(t, s, got.AccountID, 1)
	payees, err := s.Payees(t.Context())
	if err != nil || len(payees) != 1 || payees[0].Name != "Shop" {
		t.Errorf("payees are %v, %v", payees, err)
	}
}

// TestImportsTellTheirTransactions names the file of what it brought, and no more once the bank
// lists it.
func TestImportsTellTheirTransactions(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	one := bought("1", "2026-05-04", "-45", "Shop", "x")
	i := putFile(t, s, account.ID, inFile(one))
	all, err := s.BookedTransactions(t.Context(), account.ID, 0, 10)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if of, err := s.ImportsOf(t.Context(), all[0].ID); err != nil || len(of) != 1 || of[0].ID != i.ID {
		t.Errorf("it is of %+v, %v", of, err)
	}
	if _, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-05-01", To: "2026-05-31", Booked: []xs2a.Transaction{one}}); err != nil {
		t.Fatal(err)
	}
	if of, err := s.ImportsOf(t.Context(), all[0].ID); err != nil || len(of) != 0 {
		t.Errorf("the bank's is of %+v, %v", of, err)
	}
	if now, err := s.Transaction(t.Context(), all[0].ID); err != nil || now.CreditorAccount != one.CreditorAccount || now.Transaction.ID != "1" {
		t.Errorf("the bank's is %+v, %v", now, err)
	}
}

// TestImportFormsAreRemembered keeps the latest of what columns mean.
func TestImportFormsAreRemembered(t *testing.T) {
	s, _ := open(t)
	if _, err := s.ImportForm(t.Context(), "f"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	for _, columns := range []string{`[1]`, `[2]`} {
		if err := s.PutImportForm(t.Context(), "f", columns); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ImportForm(t.Context(), "f"); err != nil || got != columns {
			t.Errorf("%s, %v", got, err)
		}
	}
}

// TestUndoneBesideAReading undoes a file between two pages of a reading that goes by what was
// stored when it began: the reading fails, and takes nothing for stored that is gone.
func TestUndoneBesideAReading(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	one, two := bought("1", "2026-05-04", "-45", "Shop", "card"), bought("2", "2026-05-04", "-46", "Kiosk", "card")
	i := putFile(t, s, account.ID, one, two)
	days := Span{"2026-05-01", "2026-05-31"}
	r, err := s.BeginFilling(t.Context(), c.ID, account.ID, days, days)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutTransactions(t.Context(), r, false, []xs2a.Transaction{one}, r.Missing); err != nil {
		t.Fatal(err)
	}
	undo(t, s, i)
	if _, err := s.PutTransactions(t.Context(), r, false, []xs2a.Transaction{two}, r.Missing); !errors.Is(err, ErrNotFound) {
		t.Errorf("what is gone was taken for stored: %v", err)
	}
	agrees(t, s)
}

// TestUndoInSteps holds how many transactions an undo removes in one go: so many as others can wait for.
func TestUndoInSteps(t *testing.T) {
	for _, test := range []struct {
		many int
		took time.Duration
		want int
	}{
		{20, 40 * time.Millisecond, 20}, {20, 400 * time.Millisecond, 2}, {20, time.Hour, 1}, {20, time.Millisecond, 40},
		{300, 0, MostAtOnce}, {1, 10 * time.Millisecond, 2}, {100, 50 * time.Millisecond, 80},
	} {
		if got := nextUndone(test.many, test.took); got != test.want {
			t.Errorf("after %d in %v: %d, want %d", test.many, test.took, got, test.want)
		}
	}
}

// TestImportedNotes has a file bring notes on what is new and on what is there: they are found by their words, go
// with the file, and what a person wrote since then is left where the transaction was.
func TestImportedNotes(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	there := bought("1", "2026-05-04", "-45", "ICA", "card")
	if _, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Booked: []xs2a.Transaction{there}, Since: "2026-05-01", To: "2026-05-31"}); err != nil {
		t.Fatal(err)
	}
	bank, err := s.BookedTransactions(t.Context(), account.ID, 0, 1)
	if err != nil || len(bank) != 1 {
		t.Fatal(bank, err)
	}
	i, err := s.BeginImport(t.Context(), Import{AccountID: account.ID, FileName: "mine.csv", Format: "csv", Digest: "d", Total: 3})
	if err != nil {
		t.Fatal(err)
	}
	fresh := []Imported{
		{Transaction: bought("2", "2026-04-04", "-5", "Kiosk", "paper"), Note: Note{"paper paperclips", []string{"Work"}}},
		{Transaction: bought("3", "2026-04-05", "-5", "Kiosk", "ink"), Note: Note{"mine", nil}},
	}
	if err := errors.Join(s.PutImported(t.Context(), i, fresh, []int64{bank[0].ID}), s.NoteImported(t.Context(), i, []int64{bank[0].ID}, []Note{{"groceries", []string{"work"}}})); err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
	all, err := s.BookedTransactions(t.Context(), account.ID, 0, 10)
	if err != nil || len(all) != 3 || all[0].Note.Text != "groceries" || all[2].Note.Text != "paper paperclips" {
		t.Fatal(all, err)
	}
	if err := s.SetNote(t.Context(), all[1].ID, Note{"really mine", []string{"work"}}); err != nil {
		t.Fatal(err)
	}
	undo(t, s, i)
	if all, err = s.BookedTransactions(t.Context(), account.ID, 0, 10); err != nil || len(all) != 1 || !all[0].Note.Empty() {
		t.Errorf("%+v, %v", all, err)
	}
	if left, err := s.LeftNotes(t.Context(), account.ID); err != nil || len(left) != 1 || left[0].Text != "really mine" || left[0].File != "mine.csv" {
		t.Errorf("left %+v, %v", left, err)
	}
	if tags, err := s.Tags(t.Context()); err != nil || len(tags) != 0 {
		t.Errorf("tags %+v, %v", tags, err)
	}
}

// TestCovered lists the days that files have all of: not those of a file that is being read or undone, nor any of
// one that says nothing of its days.
func TestCovered(t *testing.T) {
	s, _ := open(t)
	account, err := s.PutAccount(t.Context(), addConsent(t, s), salary)
	if err != nil {
		t.Fatal(err)
	}
	put := func(end bool, covers ...Span) Import {
		t.Helper()
		i, err := s.BeginImport(t.Context(), Import{AccountID: account.ID, FileName: "f", Format: "camt", Covers: covers})
		if err == nil && end {
			err = s.EndImport(t.Context(), i.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	put(true)
	put(false, Span{"2020-01-01", "2020-12-31"})
	undone := put(true, Span{"2021-01-01", "2021-12-31"})
	put(true, Span{"2023-01-01", "2023-01-31"}, Span{"2022-01-01", "2022-03-31"})
	if err := s.BeginUndo(t.Context(), undone.ID); err != nil {
		t.Fatal(err)
	}
	got, err := s.Covered(t.Context(), account.ID)
	if want := []Span{{"2022-01-01", "2022-03-31"}, {"2023-01-01", "2023-01-31"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
}
