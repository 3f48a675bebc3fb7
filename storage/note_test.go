package storage

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/xs2a"
)

// notesAgree holds tags and the index of words to the notes on transactions.
func notesAgree(t testing.TB, s *Store, all []Transaction) {
	t.Helper()
	type tagOf struct {
		account int64
		tag     string
	}
	want, got := map[tagOf]int{}, map[tagOf]int{}
	var noted []int64
	byTag := map[string][]int64{}
	for _, e := range all {
		if !e.Note.Empty() {
			noted = append(noted, e.ID)
		}
		for _, tag := range e.Tags {
			want[tagOf{e.AccountID, FoldTag(tag)}]++
			byTag[FoldTag(tag)] = append(byTag[FoldTag(tag)], e.ID)
		}
	}
	stored, err := collect(t.Context(), s.db, readID, `SELECT entry_id FROM note ORDER BY entry_id`)
	if err != nil || !slices.Equal(stored, noted) {
		t.Errorf("notes are on %v, want %v (%v)", stored, noted, err)
	}
	if _, err := collect(t.Context(), s.db, func(row scanner) (struct{}, error) {
		var of tagOf
		var uses int
		err := row.Scan(&of.account, &of.tag, &uses)
		got[of] = uses
		return struct{}{}, err
	}, `SELECT account_id, tag, uses FROM tag`); err != nil || !maps.Equal(got, want) {
		t.Errorf("tags are %v, want %v (%v)", got, want, err)
	}
	for tag, ids := range byTag {
		found, err := collect(t.Context(), s.db, readID, `SELECT rowid FROM entry_text WHERE entry_text MATCH ? ORDER BY rowid`, quoted(markTag(tag)))
		if err != nil || !slices.Equal(found, ids) {
			t.Errorf("%s is found at %v, want %v (%v)", tag, found, ids, err)
		}
	}
}

// notedBank books what was pending before, or does not, and tells of it in changing words. Each
// transaction bears its own truth in its raw bytes, which no rule looks at.
type notedBank struct {
	*rand.Rand
	ids     string
	number  int
	pending []xs2a.Transaction
	booked  []xs2a.Transaction
}

var truth = func(t xs2a.Transaction) string { return strings.Trim(string(t.Raw), `"`) }

// goesOn is another day at the bank.
func (b *notedBank) goesOn(on string) {
	for i := range b.pending {
		if b.IntN(5) == 0 {
			b.pending[i].Remittance = fmt.Sprint("Card ", b.IntN(3)) // reworded: pending ones bear no ids that last
		}
	}
	for range b.IntN(4) {
		b.number++
		one := xs2a.Transaction{
			Amount: xs2a.Amount{Number: fmt.Sprintf("-%d.50", 1+b.IntN(3)), Currency: "SEK"}, CreditorName: []string{"Café", "Kiosk"}[b.IntN(2)],
			Remittance: fmt.Sprint("Card ", b.IntN(3)), ValueDate: []string{"", on}[b.IntN(2)], Raw: fmt.Appendf(nil, `"N%d"`, b.number),
		}
		if b.ids == "lasting" {
			one.ID = fmt.Sprint("T", b.number)
		}
		b.pending = append(b.pending, one)
	}
	var still []xs2a.Transaction
	for _, one := range b.pending {
		switch b.IntN(4) {
		case 0:
			one.BookingDate = on
			one.ValueDate = cmp.Or(one.ValueDate, on)
			if b.ids == "new when booked" {
				one.ID = "B" + truth(one)
			}
			b.booked = append(b.booked, one)
		default:
			still = append(still, one)
		}
	}
	b.pending = still
	for i := range b.booked {
		if b.booked[i].ID != "" && b.IntN(12) == 0 {
			b.booked[i].Additional = fmt.Sprint("Said later ", b.IntN(9))
			b.booked[i].Remittance += " now"
		}
		if b.booked[i].ID != "" && b.IntN(20) == 0 {
			moved, _ := time.Parse(time.DateOnly, b.booked[i].BookingDate)
			b.booked[i].BookingDate = moved.AddDate(0, 0, 1).Format(time.DateOnly)
		}
	}
}

// TestNotesAreKept has a bank go on for weeks while a person writes notes: every note is there at
// every time, on the transaction it was written on or left on the account, and on no other.
func TestNotesAreKept(t *testing.T) {
	for _, ids := range []string{"none", "lasting", "new when booked"} {
		for seed := range uint64(scaled(6)) {
			t.Run(fmt.Sprint(ids, "/", seed), func(t *testing.T) { notesAreKept(t, ids, seed) })
		}
	}
}

func notesAreKept(t *testing.T, ids string, seed uint64) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, _ := open(t)
	s = s.At(func() time.Time { now = now.Add(time.Second); return now })
	c := addConsent(t, s)
	b := &notedBank{Rand: rand.New(rand.NewPCG(seed, 24)), ids: ids}
	written := map[string]string{} // by the truth of the transaction
	moved := 0
	for d := range 25 {
		now = now.AddDate(0, 0, 1)
		b.goesOn(now.Format(time.DateOnly))
		f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-03-01", To: now.Format(time.DateOnly), Booked: oldestFirst(slices.Clone(b.booked)), Pending: slices.Clone(b.pending)}
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
		all, err := collect(t.Context(), s.db, readTransaction, `SELECT `+entryColumns+` ORDER BY e.id`)
		if err != nil {
			t.Fatal(err)
		}
		left, err := collect(t.Context(), s.db, readLeftNote, `SELECT `+leftColumns)
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]int{}
		for _, e := range all {
			if e.Note.Empty() {
				continue
			}
			there[e.Text]++
			if written[truth(e.Transaction)] != e.Text && !b.alike(e.Text, e.Transaction) {
				t.Errorf("day %d: the note %q is on %s", d, e.Text, truth(e.Transaction))
			}
			if !e.Pending && strings.HasPrefix(e.Text, "pending") {
				moved++
			}
		}
		for _, l := range left {
			there[l.Text]++
		}
		for of, text := range written {
			if there[text] != 1 {
				t.Fatalf("day %d: the note on %s is there %d times", d, of, there[text])
			}
		}
		if d%4 == 0 { // the last day among them: what does not agree does not become right by itself
			agrees(t, s)
		}
		if t.Failed() {
			t.FailNow()
		}
		for _, e := range all {
			if !e.Note.Empty() || !e.DroppedAt.IsZero() || written[truth(e.Transaction)] != "" || b.IntN(4) != 0 {
				continue
			}
			text := map[bool]string{true: "pending ", false: "booked "}[e.Pending] + truth(e.Transaction)
			written[truth(e.Transaction)] = text
			if err := s.SetNote(t.Context(), e.ID, Note{text, []string{"Card", truth(e.Transaction)}[:b.IntN(3)]}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if moved == 0 && len(written) > 20 {
		t.Error("no note on a pending transaction ever followed it")
	}
}

// alike reports whether a transaction is of the same amount at the same place as the one a note is of:
// what is pending is told apart by what it says, and such are one to the store as soon as they say the same.
func (b *notedBank) alike(text string, on xs2a.Transaction) bool {
	of := func(named string) (one xs2a.Transaction) {
		for _, one = range slices.Concat(b.pending, b.booked) {
			if truth(one) == named {
				break
			}
		}
		return one
	}
	_, named, _ := strings.Cut(text, " ")
	one := of(named)
	return one.Amount == on.Amount && one.CreditorName == on.CreditorName
}

// TestErasingTakesNotes holds that notes, tags and what was left are in no file after an account was
// erased.
func TestErasingTakesNotes(t *testing.T) {
	s, dir := open(t)
	c := addConsent(t, s)
	pending := xs2a.Transaction{Amount: xs2a.Amount{Number: "-5", Currency: "SEK"}, CreditorName: "Kiosk", Raw: []byte(`{}`)}
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-03-01", To: "2026-03-09", Booked: []xs2a.Transaction{booked("T1", "2026-03-02", "-1", "Coffee")}, Pending: []xs2a.Transaction{pending}}
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	all, err := s.LatestTransactions(t.Context(), []int64{1}, 9)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, e := range all {
		if err := s.SetNote(t.Context(), e.ID, Note{"Wintersprosse", []string{"Sommerfrische"}}); err != nil {
			t.Fatal(err)
		}
	}
	f.Pending = nil
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	left, err := s.LeftNotes(t.Context(), 1)
	if err != nil || len(left) != 1 || left[0].Text != "Wintersprosse" || left[0].CreditorName != "Kiosk" {
		t.Fatalf("left: %+v (%v)", left, err)
	}
	agrees(t, s)
	if done, err := s.WithdrawConsent(t.Context(), c.ID, true); err != nil || !done {
		t.Fatal(done, err)
	}
	if err := s.Erase(t.Context(), c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"wintersprosse", "sommerfrische"} {
			if strings.Contains(strings.ToLower(string(data)), word) {
				t.Errorf("%s holds %q", filepath.Base(file), word)
			}
		}
	}
}

// TestHeirs names the transaction that a note on a pending one follows to.
func TestHeirs(t *testing.T) {
	at := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	one := func(id, number, name, text, on string, seen int) Transaction {
		return Transaction{FirstSeenAt: at.AddDate(0, 0, seen), Transaction: xs2a.Transaction{ID: id, Amount: xs2a.Amount{Number: number, Currency: "SEK"}, CreditorName: name, Remittance: text, ValueDate: on}}
	}
	all := func(some ...Transaction) []Transaction { return some }
	for name, test := range map[string]struct {
		gone   []Transaction
		comers []Transaction
		want   int // of the first that is gone; -1: none
	}{
		"by its id":                                {all(one("P", "-5", "Kiosk", "", "", 0)), all(one("Q", "-5", "Kiosk", "", "", 1), one("P", "-5.0", "KIOSK AB", "", "", 1)), 1},
		"an id that all bear tells nothing":        {all(one("P", "-5", "Kiosk", "", "", 0)), all(one("P", "-5", "Kiosk", "", "", 1), one("P", "-6", "Kiosk", "", "", 1)), -1},
		"its id, of another amount":                {all(one("P", "-5", "Kiosk", "", "", 0)), all(one("P", "-6", "Kiosk", "", "", 1)), -1},
		"by who was paid":                          {all(one("", "-5", "Kiosk", "Reserved", "", 0)), all(one("", "-5", "KIOSK", "Card 1", "2026-03-10", 1)), 0},
		"somebody else was paid":                   {all(one("", "-5", "Kiosk", "", "", 0)), all(one("", "-5", "Café", "", "", 1)), -1},
		"nobody is named, and the text is another": {all(one("", "-5", "", "A", "", 0)), all(one("", "-5", "", "B", "", 1)), -1},
		"by its text alone":                        {all(one("", "-5", "", "A", "", 0)), all(one("", "-5", "", "B", "", 1), one("", "-5", "", "A", "", 1)), 1},
		"it was there when the note was written":   {all(one("", "-5", "Kiosk", "", "", 0)), all(one("", "-5", "Kiosk", "", "", -1)), -1},
		"two are alike":                            {all(one("", "-5", "Kiosk", "", "", 0)), all(one("", "-5", "Kiosk", "", "", 1), one("", "-5", "Kiosk", "", "", 1)), -1},
		"two are alike, one is of its day":         {all(one("", "-5", "Kiosk", "", "2026-03-09", 0)), all(one("", "-5", "Kiosk", "", "2026-03-08", 1), one("", "-5", "Kiosk", "", "2026-03-09", 1)), 1},
		"two are gone for one":                     {all(one("", "-5", "Kiosk", "", "", 0), one("", "-5", "Kiosk", "", "", 0)), all(one("", "-5", "Kiosk", "", "", 1)), -1},
		"the other of two is told":                 {all(one("", "-5", "Kiosk", "A", "", 0), one("", "-5", "Kiosk", "B", "", 0)), all(one("", "-5", "Kiosk", "", "", 1), one("", "-5", "Kiosk", "B", "", 1)), 0},
		"money the other way":                      {all(one("", "-5", "", "A", "", 0)), all(one("", "5", "", "A", "", 1)), -1},
	} {
		t.Run(name, func(t *testing.T) {
			var some []gone
			for _, g := range test.gone {
				some = append(some, gone{Transaction: g, writtenAt: at})
			}
			got, is := heirsOf(some, test.comers)[0]
			if !is {
				got = -1
			}
			if got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestNoteMovesWithItsDay follows a booked transaction that its bank moves to another day under its
// id: at once where the bank's ids tell, else once it was seen twice not to list it where it was.
func TestNoteMovesWithItsDay(t *testing.T) {
	t.Run("ids tell", func(t *testing.T) { noteMoves(t, "2026-03-16", func(int) string { return "T1" }) })
	t.Run("an id changes", func(t *testing.T) { noteMoves(t, "2026-03-15", func(n int) string { return fmt.Sprint("other ", n) }) })
}

// noteMoves holds the day of the note after the first reading of the move; idOf is that of another
// transaction.
func noteMoves(t *testing.T, afterOne string, idOf func(reading int) string) {
	s, _ := open(t)
	c := addConsent(t, s)
	readings := 0
	read := func(moved string) {
		t.Helper()
		readings++
		f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-03-01", To: "2026-03-31", Booked: []xs2a.Transaction{
			booked(idOf(readings), "2026-03-02", "-1", "A"), booked("T2", "2026-03-12", "-2", "B"), booked("T3", moved, "-3", "C"), booked("T4", "2026-03-20", "-4", "D"), booked("T5", "2026-03-25", "-5", "E"),
		}}
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
		agrees(t, s)
	}
	has := func(want string) {
		t.Helper()
		found, err := s.Find(t.Context(), Find{Terms: []Term{{Word: "birthday"}, {Tag: "gift"}}}, 0, 9)
		if err != nil || len(found.Transactions) != 1 || found.Transactions[0].Date() != want || found.Transactions[0].Text != "Birthday" {
			t.Errorf("want the note on %s, found %+v (%v)", want, found.Transactions, err)
		}
	}
	read("2026-03-15")
	all, err := s.BookedTransactions(t.Context(), 1, 0, 9)
	if err != nil || len(all) != 5 {
		t.Fatal(all, err)
	}
	if err := s.SetNote(t.Context(), all[2].ID, Note{"Birthday", []string{"Gift"}}); err != nil {
		t.Fatal(err)
	}
	has("2026-03-15")
	read("2026-03-16")
	has(afterOne)
	read("2026-03-16")
	has("2026-03-16")
	read("2026-03-16")
	has("2026-03-16")
}
