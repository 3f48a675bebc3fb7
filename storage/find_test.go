package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage/fold"
	"consentry/xs2a"
)

// findable returns a store with so many transactions of three accounts, of all kinds.
func findable(t testing.TB, n int) (*Store, []int64) {
	t.Helper()
	s, _ := open(t)
	c := addConsent(t, s)
	random := rand.New(rand.NewPCG(2, 12))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	var accounts []int64
	for i := range 3 {
		account := salary
		account.IBAN = fmt.Sprint("SE", i)
		f := Fetch{ConsentID: c.ID, Account: account, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
		for j := range n / 3 {
			one := xs2a.Transaction{
				ID: fmt.Sprint("T", i, "-", j), BookingDate: fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)),
				Amount:       xs2a.Amount{Number: pick("-", "") + pick("12.90", "12.9", "100", "99.99", "1200.00", "0.50", "200"), Currency: pick("SEK", "EUR")},
				CreditorName: pick("ICA Supermarket", "Café Västerlånggatan", "კაფე თბილისი", "Кафе Москва", "Icarus AB", ""), CreditorAccount: pick("", "SE4550000000058398257466"),
				Remittance: pick("Invoice ", "Faktura ", "R", "Kiosk24 ", "ref2b") + fmt.Sprint(random.IntN(40)), Raw: []byte(`{}`),
				BankCode: []string{"PMNT-ICDT-ESCT", "", "PMNT-RCDT-ESCT", "Ica R", "***", "PMNT-ICDT-ESCT"}[(i+j)%6],
			}
			switch random.IntN(12) {
			case 0:
				one.BookingDate, one.ValueDate = "", pick("", one.BookingDate)
				f.Pending = append(f.Pending, one)
			case 1:
				one.BookingDate = ""
				f.Booked = append(f.Booked, one)
			default:
				f.Booked = append(f.Booked, one)
			}
		}
		slices.SortStableFunc(f.Booked, func(a, b xs2a.Transaction) int { return strings.Compare(a.BookingDate, b.BookingDate) })
		got, err := s.PutFetch(t.Context(), c, f)
		if err != nil {
			t.Fatal(err)
		}
		accounts = append(accounts, got.AccountID)
	}
	return s, accounts
}

// is reports whether a transaction is what is looked for, by looking at it.
func (f Find) is(t Transaction) bool {
	for _, term := range f.Terms {
		begins := func(word string) bool { return term.Word != "" && strings.HasPrefix(word, term.Word) }
		text := strings.Join([]string{t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.EndToEndID, t.EntryReference, t.Transaction.ID, t.BankCode, t.Text, strings.Join(t.Tags, " ")}, " ")
		same := Find{Least: term.Amount, Most: term.Amount}
		if !slices.ContainsFunc(fold.Words(text), begins) && !slices.Contains(term.Accounts, t.AccountID) &&
			(term.Amount == nil || !same.amountFits(t.Amount)) && (term.Currency == "" || term.Currency != t.Amount.Currency) && (term.Tag == "" || !HasTag(t.Tags, term.Tag)) &&
			!slices.ContainsFunc(term.Names, func(n OwnName) bool { return n.Names(t) }) {
			return false
		}
	}
	dated := f.Days == Span{} || t.Date() != "" && t.Date() >= f.Days.From && (f.Days.To == "" || t.Date() <= f.Days.To)
	return dated && (f.Accounts == nil || slices.Contains(f.Accounts, t.AccountID)) && f.amountFits(t.Amount) &&
		(f.Currency == "" || f.Currency == t.Amount.Currency) && (f.BankCode == "" || f.BankCode == t.BankCode) && (f.Way == "" || (f.Way == MoneyOut) == t.Amount.Negative()) &&
		(f.State == "" || (f.State == StatePending) == t.Pending)
}

// writesNotes writes notes on some of what is there, some of them in words that the bank uses, too.
func writesNotes(t testing.TB, s *Store) {
	t.Helper()
	all, err := s.listed(t.Context(), down.all, 0, lastDay.after(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	notes := []Note{{Text: "Birthday of Icarus"}, {Tags: []string{"gift"}}, {"Invoice 12", []string{"Summer-House", "Gift"}}, {"Ica", []string{"ica"}}}
	for i, one := range all {
		if i%5 == 0 {
			if err := s.SetNote(t.Context(), one.ID, notes[i/5%4]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, one := range all {
		if i%15 == 0 { // and another one in its place, or none
			if err := s.SetNote(t.Context(), one.ID, append(notes, Note{})[i/15%5]); err != nil {
				t.Fatal(err)
			}
		}
	}
	agrees(t, s)
}

// dropsSome has the bank list some of what is booked no more.
func dropsSome(t testing.TB, s *Store) {
	t.Helper()
	all, err := collect(t.Context(), s.db, readID, `SELECT id FROM entry WHERE pending = 0 AND id % 13 = 0`)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d to drop (%v)", len(all), err)
	}
	if err := s.write(t.Context(), func(tx *sql.Tx) error {
		w, err := newEntryWriter(t.Context(), tx, s.now(), &known{})
		if err != nil {
			return err
		}
		defer w.close()
		for _, id := range all {
			if err := errors.Join(w.setMissed(t.Context(), id), w.setMissed(t.Context(), id)); err != nil {
				return err
			}
		}
		return w.end(t.Context())
	}); err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
}

// TestFind holds what is found to what looking at each transaction finds, page by page.
func TestFind(t *testing.T) {
	s, accounts := findable(t, 600)
	writesNotes(t, s)
	dropsSome(t, s)
	all, err := s.listed(t.Context(), down.all, 0, lastDay.after(), 10_000)
	if err != nil || len(all) != 600 {
		t.Fatalf("%d transactions (%v)", len(all), err)
	}
	random := rand.New(rand.NewPCG(3, 12))
	maybe := func() bool { return random.IntN(3) == 0 }
	some := 0
	for range scaled(250) {
		var f Find
		for range random.IntN(3) {
			term := Term{Word: []string{"ica", "icarus", "cafe", "vasterl", "kape", "kafe", "tbilisi", "invoice", "faktura", "1", "12", "se45", "t0", "supermarket", "nothing", "in", "i", "birthday", "gi", "house", "r", "re", "r1", "kio", "kiosk2", "t", "s"}[random.IntN(27)]}
			if maybe() {
				term.Accounts = accounts[:1+random.IntN(2)]
			}
			if maybe() {
				term.Amount = apd.New(1200, -1-random.Int32N(2)) // 120, which none is, or 12
			}
			if maybe() {
				term.Amount, term.Currency = apd.New(100, 0), "EUR"
			}
			if maybe() {
				term.Names = []OwnName{{Number: "se45 5000 0000 0583 9825 7466"}, {Begins: "ICA"}, {Begins: "Faktura 1"}, {Begins: "cafe"}, {Begins: "კაფე"}}[random.IntN(3):][:random.IntN(3)]
			}
			f.Terms = append(f.Terms, term)
		}
		if maybe() {
			f.Terms = append(f.Terms, Term{Tag: []string{"gift", "summerhouse", "none"}[random.IntN(3)]})
		}
		if maybe() {
			f.Accounts = accounts[random.IntN(3):]
		}
		if maybe() {
			f.Days = []Span{{"2026-03-01", "2026-05-31"}, {"2026-06-15", ""}, {"", "2026-02-10"}, {"2026-07-07", "2026-07-07"}}[random.IntN(4)]
		}
		bounds := []*apd.Decimal{nil, apd.New(129, -1), apd.New(1290, -2), apd.New(100, 0), apd.New(1200, 0), apd.New(0, 0), apd.New(9999, -2), apd.New(1, 0), apd.New(10, 0), apd.New(1000, 0)}
		if maybe() {
			f.Least, f.Most, f.Above, f.Below = bounds[random.IntN(10)], bounds[random.IntN(10)], maybe(), maybe()
		}
		if maybe() {
			f.Currency = "EUR"
		}
		if maybe() {
			f.Way = []Way{MoneyIn, MoneyOut}[random.IntN(2)]
		}
		if maybe() {
			f.State = []State{StateBooked, StatePending}[random.IntN(2)]
		}
		if maybe() {
			f.BankCode = []string{"PMNT-ICDT-ESCT", "PMNT-RCDT-ESCT", "Ica R", "***", "PMNT"}[random.IntN(5)] // the last of which none has
		}
		var want, got []int64
		for _, one := range all {
			if f.is(one) {
				want = append(want, one.ID)
			}
		}
		limit := 1 + random.IntN(60)
		var last Found
		for after := Cursor(0); ; {
			page, err := s.Find(t.Context(), f, after, limit)
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
			for _, one := range page.Transactions {
				got = append(got, one.ID)
			}
			if len(page.Transactions) > limit || page.Older != 0 && !page.Full || (page.Newer == 0) != (after == 0) {
				t.Errorf("%+v: a page of %d for %d, with newer ones than %d", f, len(page.Transactions), limit, page.Newer)
			}
			last = page
			if after = page.Older; after == 0 {
				break
			}
		}
		goesBack(t, s, f, last, limit, want)
		if !slices.Equal(got, want) {
			t.Errorf("%+v: found %d, want %d", f, len(got), len(want))
		}
		addsUp(t, s, f, all)
		if len(want) > 0 {
			some++
		}
	}
	if some < scaled(60) {
		t.Errorf("only %d searches found anything", some)
	}
}

// goesBack goes from the last page of what is found to the first.
func goesBack(t *testing.T, s *Store, f Find, page Found, limit int, want []int64) {
	t.Helper()
	rest := len(want) - len(page.Transactions)
	for page.Newer != 0 {
		end := page.Newer
		var err error
		if page, err = s.FindNewer(t.Context(), f, end, limit); err != nil {
			t.Fatal(err)
		}
		if page.Newer != 0 && page.Older != Cursor(page.Transactions[len(page.Transactions)-1].ID) {
			t.Errorf("%+v: a page ends at %d", f, page.Older)
		}
		first := max(rest-limit, 0)
		var got []int64
		for _, one := range page.Transactions {
			got = append(got, one.ID)
		}
		if !slices.Equal(got, want[first:min(first+limit, len(want))]) {
			t.Errorf("%+v: before %d came %v of %v", f, end, got, want)
		}
		rest = first
	}
	if rest != 0 {
		t.Errorf("%+v: on the way back %d were left out", f, rest)
	}
}

// TestFindsRareAmounts ends a page that would look at very many transactions, and goes on after it.
func TestFindsRareAmounts(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
	before := mostLookedAt
	mostLookedAt = 3 * firstLookedAt
	t.Cleanup(func() { mostLookedAt = before })
	many := mostLookedAt + 300
	for i := range many {
		f.Booked = append(f.Booked, booked(fmt.Sprint(i), "2026-11-01", "-500", fmt.Sprint(i)))
	}
	f.Booked[many-1].Amount.Number = "-777" // all are of one day, so that the last is the first that happened
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	find := Find{Least: apd.New(700, 0), Most: apd.New(800, 0)}
	page, err := s.Find(t.Context(), find, 0, 50)
	if err != nil || len(page.Transactions) != 0 || page.Full || page.Older == 0 {
		t.Fatalf("%d found, full %v, %v", len(page.Transactions), page.Full, err)
	}
	page, err = s.Find(t.Context(), find, page.Older, 50)
	if err != nil || len(page.Transactions) != 1 || page.Transactions[0].Amount.Number != "-777" || page.Older != 0 {
		t.Errorf("then %+v, %v", page, err)
	}
	for f, want := range map[*Find]int{&find: 1, {Least: apd.New(1, 0)}: many, {State: StateBooked}: many} { // on more pages than one
		if sum, err := s.SumAllFound(t.Context(), *f); err != nil || sum.Count != want || len(sum.Sums) != 1 {
			t.Errorf("%+v adds up to %+v, want %d (%v)", *f, sum, want, err)
		}
	}
	for range 2 { // and back: the first page is as empty as it was
		if page, err = s.FindNewer(t.Context(), find, page.Newer, 50); err != nil || len(page.Transactions) != 0 || page.Older == 0 {
			t.Fatalf("back %+v, %v", page, err)
		}
	}
	if page.Newer != 0 {
		t.Errorf("something is newer than the first page: %d", page.Newer)
	}
}

// TestFindManyEndings finds words that begin alike, be there more of them than are asked for one
// by one.
func TestFindManyEndings(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
	for i := range 2 * mostEndings {
		f.Booked = append(f.Booked, booked(fmt.Sprint(i), "2026-11-01", "-1", "shop"+string(rune('a'+i/26))+string(rune('a'+i%26))))
	}
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]int{"shop": 2 * mostEndings, "shopa": 26, "shopab": 1, "shopabc": 0} {
		page, err := s.Find(t.Context(), Find{Terms: []Term{{Word: word}}}, 0, 1000)
		if err != nil || len(page.Transactions) != want {
			t.Errorf("%s: found %d, want %d (%v)", word, len(page.Transactions), want, err)
		}
	}
}

// TestFindReadsNoMore holds that a page is looked for in the order of lists, so that the newest of
// very many cost no more than those of few.
func TestFindReadsNoMore(t *testing.T) {
	s, _ := open(t)
	for _, query := range []string{down.all, down.indexed, up.all, up.indexed} {
		if plan := s.plan(t, query); strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\ngoes by %s", query, plan)
		}
	}
}

// addsUp holds what was found to add up to what looking at each transaction adds up to.
func addsUp(t *testing.T, s *Store, f Find, all []Transaction) {
	t.Helper()
	sum, err := s.SumFound(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	count, want := 0, sums{}
	for _, one := range all {
		if f.is(one) {
			count++
			sum := want.of(0, 0, one.Amount.Currency)
			if sum.Count++; one.DroppedAt.IsZero() {
				sum.add(one.Amount, false)
			}
		}
	}
	if sum.Count != count || len(sum.Sums) != len(want) || sum.More {
		t.Errorf("%+v: %d in %d currencies, want %d in %d", f, sum.Count, len(sum.Sums), count, len(want))
	}
	for _, one := range sum.Sums {
		if w := want.of(0, 0, one.Currency); one.Count != w.Count || one.In.Cmp(&w.In) != 0 || one.Out.Cmp(&w.Out) != 0 {
			t.Errorf("%+v: %s came and %s went, want %s and %s", f, one.In.Text('f'), one.Out.Text('f'), w.In.Text('f'), w.Out.Text('f'))
		}
	}
}
