package storage

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
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

// agrees holds that all that is kept beside transactions is what they are: sums of days,
// payees, ids and the index of words.
func agrees(t testing.TB, s *Store) {
	t.Helper()
	ctx := context.Background()
	all, err := collect(ctx, s.db, readTransaction, `SELECT `+entryColumns+` ORDER BY e.id`)
	if err != nil {
		t.Fatal(err)
	}
	digests := map[int64][2]int64{}
	if _, err := collect(ctx, s.db, func(row scanner) (id int64, err error) {
		var content, said int64
		err = row.Scan(&id, &content, &said)
		digests[id] = [2]int64{content, said}
		return id, err
	}, `SELECT id, content, said FROM entry`); err != nil {
		t.Fatal(err)
	}
	want, payees, with := sums{}, map[payeeOf]bool{}, turnovers{}
	for _, e := range all {
		if on := listedUnder(e.Pending, e.Date()); dayOfID(e.ID) != on {
			t.Errorf("transaction %d of %s bears the day %s", e.ID, on, dayOfID(e.ID))
		}
		if digests[e.ID] != [2]int64{contentOf(e.Transaction), saidOf(e.Transaction)} {
			t.Errorf("the digests of %d are not its own", e.ID)
		}
		found, err := collect(ctx, s.db, readID, `SELECT rowid FROM entry_text WHERE entry_text MATCH ? AND rowid = ?`, phrases(IndexedWords(e)), e.ID)
		if err != nil || len(found) != 1 {
			t.Errorf("%d is not found by its own words (%v)", e.ID, err)
		}
		if e.Pending {
			continue
		}
		sum := want.of(e.AccountID, dayOfID(e.ID), e.Amount.Currency)
		if sum.Count++; e.DroppedAt.IsZero() {
			sum.add(e.Amount, false)
			with.add(e.AccountID, dayOfID(e.ID), CounterpartyOf(e.Transaction), e.Amount, false)
		}
		if e.CreditorAccount != "" && e.Amount.Negative() {
			payees[payeeOf{e.AccountID, Payee{e.CreditorName, e.CreditorAccount}}] = true
		}
	}
	if _, err := s.exec(ctx, `INSERT INTO entry_text (entry_text) VALUES ('integrity-check')`); err != nil {
		t.Errorf("the index of words: %v", err)
	}
	var indexed int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM entry_text WHERE entry_text MATCH ?`, `"`+markBooked+`" OR "`+markPending+`"`).Scan(&indexed); err != nil || indexed != len(all) {
		t.Errorf("%d transactions, %d of them in the index of words (%v)", len(all), indexed, err)
	}
	type line struct {
		account int64
		DaySum
	}
	stored, err := collect(ctx, s.db, func(row scanner) (l line, err error) {
		var account int64
		if l.DaySum, err = readDaySum(withFirst{row, &account}); err != nil {
			return l, err
		}
		l.account = account
		return l, nil
	}, `SELECT account_id, `+daySumColumns)
	if err != nil || len(stored) != len(want) {
		t.Errorf("%d sums, want %d (%v)", len(stored), len(want), err)
	}
	for _, l := range stored {
		if sum := want[sumOf{l.account, dayOf(l.Date), l.Currency}]; sum == nil || sum.In.Cmp(&l.In) != 0 || sum.Out.Cmp(&l.Out) != 0 || sum.Count != l.Count {
			t.Errorf("%+v is stored where the transactions add up to %+v", l, sum)
		}
	}
	counterpartiesAgree(t, s, with)
	named, err := collect(ctx, s.db, func(row scanner) (p payeeOf, err error) { return p, row.Scan(&p.account, &p.Account, &p.Name) }, `SELECT account_id, number, name FROM payee`)
	if err != nil {
		t.Error(err)
	}
	for _, p := range named {
		delete(payees, p) // a payee stays one when the bank says something else of the transaction
	}
	notesAgree(t, s, all)
	if len(payees) > 0 {
		t.Errorf("no payees: %v", slices.Collect(maps.Keys(payees)))
	}
}

// withFirst reads a row's first column apart.
type withFirst struct {
	scanner
	first any
}

func (w withFirst) Scan(dest ...any) error { return w.scanner.Scan(append([]any{w.first}, dest...)...) }

// bank is one whose ways are drawn: what it booked, and how it tells of it.
type drawnBank struct {
	*rand.Rand
	ids, order string
	booked     []xs2a.Transaction
	number     int
}

// books adds transactions of days, some equal to others.
func (b *drawnBank) books(first, last int) {
	for range b.IntN(12) {
		on := fmt.Sprintf("2026-03-%02d", first+b.IntN(last-first+1))
		b.number++
		b.booked = append(b.booked, xs2a.Transaction{
			ID: fmt.Sprint("T", b.number), BookingDate: on, ValueDate: on, Amount: xs2a.Amount{Number: fmt.Sprintf("-%d.50", 1+b.IntN(3)), Currency: "SEK"},
			CreditorName: []string{"Café", "Kiosk", "კაფე"}[b.IntN(3)], CreditorAccount: []string{"", "SE1"}[b.IntN(2)], Remittance: fmt.Sprint("Purchase ", b.IntN(2)),
		})
	}
}

// tells returns what the bank answers for the days since one.
func (b *drawnBank) tells(since string) []xs2a.Transaction {
	var answer []xs2a.Transaction
	for _, one := range b.booked {
		if one.BookingDate >= since {
			answer = append(answer, one)
		}
	}
	slices.SortStableFunc(answer, func(x, y xs2a.Transaction) int { return cmp.Compare(x.BookingDate, y.BookingDate) })
	switch b.order {
	case "newest first":
		slices.Reverse(answer)
	case "any":
		b.Shuffle(len(answer), func(i, j int) { answer[i], answer[j] = answer[j], answer[i] })
	}
	for i := range answer {
		one := &answer[i]
		switch b.ids {
		case "none":
			one.ID = ""
		case "one for all":
			one.ID = "NOTPROVIDED"
		case "anew":
			one.ID = fmt.Sprint(b.Int64())
		case "places":
			one.ID = fmt.Sprint(i)
		}
		one.Raw = fmt.Appendf(nil, `{"id":%q,"text":%q}`, one.ID, one.Remittance)
	}
	return answer
}

// TestAnyBankOnce reads banks of all kinds again and again, over days that overlap, while they
// book more, some of it late: what is stored is what they booked, each once, of two equal
// purchases both.
func TestAnyBankOnce(t *testing.T) {
	for _, ids := range []string{"own", "none", "one for all", "anew", "places"} {
		for _, order := range []string{"oldest first", "newest first", "any"} {
			t.Run(ids+", "+order, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(scaled(30) / 10) {
					b := &drawnBank{Rand: rand.New(rand.NewPCG(seed, 12)), ids: ids, order: order}
					readAgainAndAgain(t, b, seed)
				}
			})
		}
	}
}

func readAgainAndAgain(t *testing.T, b *drawnBank, seed uint64) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	for today := 3; today < 28; today += 1 + b.IntN(4) {
		b.books(max(today-6, 1), today)
		since := fmt.Sprintf("2026-03-%02d", max(today-10, 1))
		span := Span{since, fmt.Sprintf("2026-03-%02d", today)}
		r, err := s.BeginReading(t.Context(), c.ID, account.ID, span, span, "")
		if err != nil {
			t.Fatal(err)
		}
		for page := range slices.Chunk(b.tells(since), 1+b.IntN(9)) {
			if _, err := s.PutTransactions(t.Context(), r, false, page, r.Missing); err != nil {
				t.Fatal(err)
			}
		}
		if b.IntN(5) == 0 { // broken off
			continue
		}
		if err := s.EndReading(t.Context(), r, Answered{Booked: true}); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := s.BookedTransactions(t.Context(), account.ID, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	left := map[int64]int{}
	for _, one := range b.booked {
		left[contentOf(one)]++
	}
	for _, one := range stored {
		left[contentOf(one.Transaction)]--
		if !one.DroppedAt.IsZero() || !one.ChangedAt.IsZero() && b.ids != "places" { // whose ids are others' the next time
			t.Errorf("seed %d: %+v is marked", seed, one)
		}
	}
	for content, n := range left {
		if n != 0 {
			t.Errorf("seed %d: of one content %d are missing", seed, n)
		}
		delete(left, content)
	}
	agrees(t, s)
}

// TestDropped marks what a bank does not list any more, where it lists what was before and after
// it, in two readings in a row; its amount counts no more then. When it is listed again it is
// as before.
func TestDropped(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	// 0 and 1 are within the margin of a reading since November, 10 and 11 the last ones.
	days := []string{"2026-11-03", "2026-11-05", "2026-11-09", "2026-11-10", "2026-11-10", "2026-11-12", "2026-11-15", "2026-11-16", "2026-11-20", "2026-11-21", "2026-11-29", "2026-11-29"}
	var all []xs2a.Transaction
	for i, on := range days {
		all = append(all, booked(fmt.Sprint(i), on, fmt.Sprintf("-%d", 10+i), fmt.Sprint(i)))
	}
	for _, step := range []struct {
		since   string
		without []int
		want    []string // dropped after it
	}{
		{"2026-11-01", nil, nil},
		{"2026-11-01", []int{4, 5}, nil},                                 // once is not enough
		{"2026-11-01", []int{4, 5}, []string{"5", "4"}},                  // one of a day, and the only one of another
		{"2026-11-01", []int{5}, []string{"5"}},                          // one is there again
		{"2026-11-01", nil, nil},                                         // and the other
		{"2026-11-01", []int{4}, nil},                                    // missed once,
		{"2026-11-01", nil, nil},                                         // listed,
		{"2026-11-01", []int{4}, nil},                                    // and missed once more
		{"2026-11-01", nil, nil},                                         // has begun anew
		{"2026-11-01", []int{0, 1, 2}, nil},                              // it may not go back as far any more
		{"2026-11-01", []int{0, 1, 2}, nil},                              //
		{"2026-11-01", []int{10, 11}, nil},                               // or tell the last later
		{"2026-11-01", []int{10, 11}, nil},                               //
		{"2026-11-01", []int{11}, nil},                                   // or a part of them
		{"2026-11-01", []int{11}, nil},                                   //
		{"2026-11-01", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, nil}, // it lists nothing at all
		{"2026-11-01", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, nil},
		{"2026-11-01", []int{1, 2, 3, 4, 5}, nil}, // one is left standing where it goes back no further
		{"2026-11-01", []int{1, 2, 3, 4, 5}, nil},
		{"2026-11-10", []int{3, 4, 5, 6}, nil}, // by a date within the margin it is another's
		{"2026-11-10", []int{3, 4, 5, 6}, nil},
		{"2026-11-01", []int{7}, nil},
		{"2026-11-01", []int{7}, []string{"7"}},
	} {
		f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: step.since, To: "2026-11-30"}
		for i, one := range all {
			if one.BookingDate >= step.since && !slices.Contains(step.without, i) {
				f.Booked = append(f.Booked, one)
			}
		}
		got, err := s.PutFetch(t.Context(), c, f)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := s.BookedTransactions(t.Context(), got.AccountID, 0, 100)
		if err != nil || len(stored) != len(all) {
			t.Fatalf("%d are stored (%v)", len(stored), err)
		}
		var dropped []string
		for _, one := range stored {
			if !one.DroppedAt.IsZero() {
				dropped = append(dropped, one.Transaction.ID)
			}
		}
		if !slices.Equal(dropped, step.want) {
			t.Errorf("since %s without %v: dropped %v, want %v", step.since, step.without, dropped, step.want)
		}
		agrees(t, s)
	}
}

// TestNotDroppedFromAfar marks nothing in a stretch of which the bank lists nothing, between what is
// left standing long before and the rest.
func TestNotDroppedFromAfar(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-11-30"}
	for month := range 11 {
		for day := range 4 {
			f.Booked = append(f.Booked, booked(fmt.Sprint(month, "-", day), fmt.Sprintf("2026-%02d-%02d", month+1, 7*day+1), "-1", fmt.Sprint(month, day)))
		}
	}
	for range 3 {
		got, err := s.PutFetch(t.Context(), c, f)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := s.BookedTransactions(t.Context(), got.AccountID, 0, 100)
		if err != nil || slices.ContainsFunc(stored, func(e Transaction) bool { return !e.DroppedAt.IsZero() }) {
			t.Fatalf("%+v, %v", stored, err)
		}
		f.Booked = append(slices.Clone(f.Booked[:2]), f.Booked[len(f.Booked)-12:]...) // two of January, and the last months
	}
}

// TestRepeatedWords lets a bank repeat a word, of a transaction that is rewritten then, and removes
// all of them: the index takes out as much as was put in.
func TestRepeatedWords(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-11-01", To: "2026-11-30", Booked: []xs2a.Transaction{booked("1", "2026-11-01", "-5", "ICA 5")}}
	for _, text := range []string{"ICA ICA 5", "ICA 5 ICA 5 ICA", "5", "ICA"} {
		f.Booked[0].Remittance = text
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
		agrees(t, s)
	}
	f.Booked = append(f.Booked, booked("2", "2026-11-02", "-5", "ICA"))
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), func(tx *sql.Tx) error {
		all, err := collect(t.Context(), tx, readTransaction, wholeTransactions)
		if err != nil {
			return err
		}
		return removeEntries(t.Context(), tx, all, leaving{at: s.now()})
	}); err != nil {
		t.Error(err)
	}
}

// TestFailedWriteEndsAReading refuses more of a reading after a write of it was not carried out:
// what it remembers is not what is stored.
func TestFailedWriteEndsAReading(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	account, err := s.PutAccount(t.Context(), c, salary)
	if err != nil {
		t.Fatal(err)
	}
	span := Span{"2026-11-01", "2026-11-30"}
	r, err := s.BeginReading(t.Context(), c.ID, account.ID, span, span, "")
	if err != nil {
		t.Fatal(err)
	}
	broken, cancel := context.WithCancel(t.Context())
	cancel()
	some := []xs2a.Transaction{booked("1", "2026-11-02", "-5", "shopping")}
	if _, err := s.PutTransactions(broken, r, false, some, Span{"2026-11-01", "2026-11-02"}); err == nil {
		t.Fatal("a write was carried out that was cancelled")
	}
	if _, err := s.PutTransactions(t.Context(), r, false, some, span); err == nil {
		t.Error("the reading went on")
	}
	if r.Noted() != span {
		t.Errorf("%v is noted as missing", r.Noted())
	}
	if err := s.BreakReading(t.Context(), r, r.Noted(), GapStopped); err != nil {
		t.Fatal(err)
	}
	if account, err = s.Account(t.Context(), account.ID); err != nil || account.BookedTo != "" || len(account.Gaps) != 1 || account.Gaps[0].Span != span {
		t.Errorf("%+v, %v", account, err)
	}
}

// TestUnreadIsNotDropped marks nothing as dropped where something came that could not be read.
func TestUnreadIsNotDropped(t *testing.T) {
	for unread, want := range map[bool]int{true: 0, false: 1} {
		s, _ := open(t)
		c := addConsent(t, s)
		var all []xs2a.Transaction
		for i := range 10 {
			all = append(all, booked(fmt.Sprint(i), fmt.Sprintf("2026-11-%02d", 10+i), "-1", fmt.Sprint(i)))
		}
		got, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-11-01", To: "2026-11-30", Booked: all})
		if err != nil {
			t.Fatal(err)
		}
		span := Span{"2026-11-01", "2026-11-30"}
		for range 2 {
			r, err := s.BeginReading(t.Context(), c.ID, got.AccountID, span, span, "")
			if err == nil {
				_, err = s.PutTransactions(t.Context(), r, false, append(all[:5:5], all[6:]...), r.Missing)
			}
			if err == nil && unread {
				err = s.PutUnread(t.Context(), r, []Unread{{Reason: "no amount", Raw: `{}`, Since: "2026-11-15"}})
			}
			if err == nil {
				err = s.EndReading(t.Context(), r, Answered{Booked: true})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		stored, err := s.BookedTransactions(t.Context(), got.AccountID, 0, 100)
		dropped := slices.DeleteFunc(slices.Clone(stored), func(e Transaction) bool { return e.DroppedAt.IsZero() })
		if err != nil || len(stored) != len(all) || len(dropped) != want {
			t.Errorf("unread %v: %d of %d are dropped, want %d (%v)", unread, len(dropped), len(stored), want, err)
		}
	}
}

// TestChanges keeps what a bank said of a transaction before it said something else, as often
// as is kept.
func TestChanges(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-11-01", To: "2026-11-10"}
	at := time.Date(2026, 11, 10, 0, 0, 0, 0, time.Local)
	var id int64
	for i, text := range []string{"Coffee", "Coffee", "Coffee, corrected", "Tea"} {
		later := s.At(func() time.Time { return at.Add(time.Duration(i) * time.Hour) })
		one := booked("1", "2026-11-01", "-30.00", text)
		one.Raw = fmt.Appendf(nil, `{"page":%d}`, i) // that it says other things for programs is no change
		f.Booked = []xs2a.Transaction{one}
		got, err := later.PutFetch(t.Context(), c, f)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := s.BookedTransactions(t.Context(), got.AccountID, 0, 10)
		if stored = whole(t, s, stored); err != nil || len(stored) != 1 || stored[0].Remittance != text || string(stored[0].Raw) != string(one.Raw) || stored[0].ChangedAt.IsZero() != (i < 2) {
			t.Fatalf("%+v, %v", stored, err)
		}
		id = stored[0].ID
		agrees(t, s)
	}
	changes, err := s.TransactionChanges(t.Context(), id)
	if err != nil || len(changes) != 2 || changes[0].Remittance != "Coffee, corrected" || changes[1].Remittance != "Coffee" || !changes[0].At.Equal(at.Add(3*time.Hour)) {
		t.Errorf("%+v, %v", changes, err)
	}
	for i := range MostChanges + 5 {
		f.Booked = []xs2a.Transaction{booked("1", "2026-11-01", "-30.00", fmt.Sprint("Tea ", i))}
		if _, err := s.At(func() time.Time { return at.Add(time.Duration(10+i) * time.Hour) }).PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
	}
	if changes, err = s.TransactionChanges(t.Context(), id); err != nil || len(changes) != MostChanges || changes[0].Remittance != fmt.Sprint("Tea ", MostChanges+3) {
		t.Errorf("%d changes are kept, the latest %+v (%v)", len(changes), changes[0], err)
	}
}

// phrases asks the index for all of some words.
func phrases(words string) string { return `"` + strings.Join(strings.Fields(words), `" "`) + `"` }

// TestErasingTakesWords removes the transactions of accounts that were erased, with all that is
// kept beside them, in several goes and also where it was broken off; what is found of others
// stays, and no later account bears the number of one that is still being erased.
func TestErasingTakesWords(t *testing.T) {
	s, dir := open(t)
	c := addConsent(t, s)
	other := c
	other.ID, other.RequestID = "other", "r2"
	if err := s.AddConsent(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	put := func(consent Consent, iban, word string, n int) int64 {
		t.Helper()
		account := salary
		account.IBAN = iban
		f := Fetch{ConsentID: consent.ID, Account: account, HasTransactions: true, Since: "2026-11-01", To: "2026-11-30",
			Pending: []xs2a.Transaction{{Amount: xs2a.Amount{Number: "-1", Currency: "SEK"}, Remittance: word + " pending", Raw: []byte(`{}`)}}}
		for i := range n {
			one := booked(fmt.Sprint(word, i), "2026-11-01", fmt.Sprint(-1-i), fmt.Sprintf("%s %s%c%c", word, word, 'a'+i/26%26, 'a'+i%26))
			one.CreditorAccount, one.CreditorName = "PAYEE"+word, word
			f.Booked = append(f.Booked, one)
		}
		got, err := s.PutFetch(t.Context(), consent, f)
		if err != nil {
			t.Fatal(err)
		}
		return got.AccountID
	}
	stays := put(other, "SE1", "ordinary", 10)
	gone := put(c, "SE2", "confidential", 2*MostAtOnce+10)
	if _, err := s.WithdrawConsent(t.Context(), c.ID, true); err != nil {
		t.Fatal(err)
	}
	ended, err := s.Consent(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), func(tx *sql.Tx) error { return s.erase(t.Context(), tx, ended) }); err != nil { // and is killed here
		t.Fatal(err)
	}
	if again := put(other, "SE3", "later", 3); again == gone || again == stays {
		t.Errorf("a later account bears the number %d of one that is being erased", again)
	}
	if found, err := s.Find(t.Context(), Find{Terms: []Term{{Word: "confidential"}}}, 0, 10); err != nil || len(found.Transactions) != 0 {
		t.Errorf("%d are found while they are being erased (%v)", len(found.Transactions), err)
	}
	if err := s.Erase(t.Context(), c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
	if _, err := s.exec(t.Context(), `CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, entry_text, row)`); err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), func(tx *sql.Tx) error {
		for _, query := range []string{
			`SELECT term FROM temp.terms WHERE term LIKE '%confidential%' OR term = '` + markAccount(gone) + `'`,
			`SELECT word FROM word WHERE word LIKE '%confidential%'`, `SELECT name FROM payee WHERE name = 'confidential'`,
			fmt.Sprintf(`SELECT id FROM entry WHERE account_id = %d`, gone), fmt.Sprintf(`SELECT day FROM day_sum WHERE account_id = %d`, gone), fmt.Sprintf(`SELECT name FROM counterparty_month WHERE account_id = %d`, gone), `SELECT account_id FROM erasing`,
		} {
			if left, err := collect(t.Context(), tx, readText, query); err != nil || len(left) > 0 {
				t.Errorf("%s: left %q (%v)", query, left, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, FileName+"*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err != nil || bytes.Contains(content, []byte("confidential")) {
			t.Errorf("%s holds the word (%v)", filepath.Base(file), err)
		}
	}
	if n, err := s.CountTransactions(t.Context(), stays); err != nil || n != 10 {
		t.Errorf("%d transactions of the other account (%v)", n, err)
	}
}
