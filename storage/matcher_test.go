package storage

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// TestTransactionsGoByIndices holds that nothing by which transactions are stored and listed
// looks through others than those it is about: what it costs grows with their number, and not
// with that of all that are stored.
func TestTransactionsGoByIndices(t *testing.T) {
	s, _ := open(t)
	finds := map[string]string{
		storedRows:          "entry_account (account_id=? AND pending=? AND rowid>? AND rowid<?)",
		bookedTransactions:  "entry_account (account_id=? AND pending=? AND rowid<?)",
		pendingTransactions: "entry_account (account_id=? AND pending=?)",
		firstPending:        "entry_account (account_id=? AND pending=? AND rowid>?)",
		signsAmounts:        "entry_account (account_id=? AND pending=?)",
		erasedEntries:       "entry_account (account_id=?)",
		latestTransactions:  "entry_account (account_id=? AND pending=?)",
	}
	for _, one := range new(entryWriter).statements() {
		if finds[one.text] = ""; strings.HasPrefix(one.text, "SELECT") {
			finds[one.text] = "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
		}
	}
	for statement, index := range finds {
		plan := s.plan(t, statement)
		if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN e") && statement != latestTransactions || strings.Contains(plan, "TEMP B-TREE") && statement != latestTransactions {
			t.Errorf("%s\ngoes by %s\nwant %s", statement, plan, index)
		}
	}
}

// plan is how the database does a statement.
func (s *Store) plan(t *testing.T, statement string) string {
	t.Helper()
	var steps []string
	if err := s.write(t.Context(), func(tx *sql.Tx) error {
		args := make([]any, strings.Count(statement, "?"))
		for i := range args {
			args[i] = 1
		}
		rows, err := tx.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				return err
			}
			steps = append(steps, step)
		}
		return rows.Err()
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "; ")
}

// BenchmarkOneDay stores so many transactions of one day, and reads them once more: ten
// times as many take ten times as long, whatever they have in common.
func BenchmarkOneDay(b *testing.B) {
	for _, kind := range []struct {
		name        string
		transaction func(i int) xs2a.Transaction
	}{
		{"different", func(i int) xs2a.Transaction {
			return booked(fmt.Sprint(i), "2026-11-01", fmt.Sprintf("-%d.00", i), "Coffee")
		}},
		{"equal", func(int) xs2a.Transaction { return booked("", "2026-11-01", "-30.00", "Coffee") }},
		{"half-equal", func(i int) xs2a.Transaction {
			return booked("", "2026-11-01", fmt.Sprintf("-%d.00", i%2*i), "Coffee")
		}},
	} {
		for _, n := range []int{6_000, 60_000} {
			b.Run(fmt.Sprintf("%s-%d", kind.name, n), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					s, _ := open(b)
					c := addConsent(b, s)
					f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-11-01", To: "2026-11-01"}
					for i := range n {
						f.Booked = append(f.Booked, kind.transaction(i))
					}
					b.StartTimer()
					begun := time.Now()
					for _, want := range []int{n, 0} {
						if got, err := s.PutFetch(b.Context(), c, f); err != nil || got.NewTransactions != want {
							b.Fatalf("%d new, want %d (%v)", got.NewTransactions, want, err)
						}
					}
					b.ReportMetric(float64(time.Since(begun).Microseconds())/float64(2*n), "µs/entry")
				}
			})
		}
	}
}

// TestReduced holds that an amount is written the same way with and without arithmetic.
func TestReduced(t *testing.T) {
	for number, want := range map[string]string{
		"0": "0", "0.00": "0", "-0": "0", "-0.00": "0", "-0.50": "-0.5", "0.5": "0.5", "12": "12", "1200": "1200", "-1200.00": "-1200", "100.10": "100.1",
		"007": "7", "1e3": "1000", "+5": "5", "1.": "1", ".5": "0.5", "12345678901234567890123.450": "12345678901234567890123.45", "x": "0", "": "0",
	} {
		if got := reduced(xs2a.Amount{Number: number}); got != want {
			t.Errorf("%q is %q, want %q", number, got, want)
		}
		if fast, is := withoutZeros(number); is {
			var n apd.Decimal
			n.Reduce(xs2a.Amount{Number: number}.Decimal())
			if slow := n.Text('f'); fast != slow {
				t.Errorf("%q is %q, with arithmetic %q", number, fast, slow)
			}
		}
	}
}

// TestWordList holds that each word of long texts stands once, as in short ones.
func TestWordList(t *testing.T) {
	var text strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&text, "Wort%d ", i%1500)
	}
	words := strings.Fields(wordsOf(1, false, xs2a.Transaction{Remittance: "wort1 wort " + text.String(), Additional: text.String(), Amount: xs2a.Amount{Number: "1", Currency: "EUR"}}))
	if n := len(words); n != 1501+6 {
		t.Errorf("%d words", n)
	}
	slices.Sort(words)
	if len(slices.Compact(words)) != 1501+6 {
		t.Error("a word stands twice")
	}
}

// renaming lists transactions of one day, each under an id, and holds what is stored then.
type renaming struct {
	*testing.T
	*Store
	consent Consent
}

func (r renaming) lists(all ...xs2a.Transaction) (stored map[string]string) {
	r.Helper()
	f := Fetch{ConsentID: r.consent.ID, Account: salary, HasTransactions: true, Since: "2026-11-01", To: "2026-11-03", Booked: all}
	if _, err := r.PutFetch(r.Context(), r.consent, f); err != nil {
		r.Fatal(err)
	}
	found, err := r.Find(r.Context(), Find{}, 0, 100)
	if err != nil {
		r.Fatal(err)
	}
	stored = map[string]string{}
	for _, one := range found.Transactions {
		stored[one.Additional] = one.Transaction.ID
	}
	return stored
}

func purchase(id, additional, amount string) xs2a.Transaction {
	one := booked(id, "2026-11-01", amount, "Coffee")
	one.Additional = additional
	return one
}

// TestEqualOnesKeepWhatIsTheirs has a bank name two equal purchases anew, and list them the other
// way round: what it says of one is not taken for the other's.
func TestEqualOnesKeepWhatIsTheirs(t *testing.T) {
	s, _ := open(t)
	r := renaming{t, s, addConsent(t, s)}
	r.lists(purchase("a", "card 1", "-30.00"), purchase("b", "card 2", "-30.00"))
	for range 2 {
		if stored := r.lists(purchase("d", "card 2", "-30.00"), purchase("c", "card 1", "-30.00")); len(stored) != 2 || stored["card 1"] == "" || stored["card 2"] == "" {
			t.Errorf("stored are %v", stored)
		}
	}
}

// TestNewIDsAreTakenOver has a bank give other ids once, which are known from then on, and then
// others each time, which tell nothing.
func TestNewIDsAreTakenOver(t *testing.T) {
	s, _ := open(t)
	r := renaming{t, s, addConsent(t, s)}
	r.lists(purchase("old1", "one", "-1.00"), purchase("old2", "two", "-2.00"))
	if stored := r.lists(purchase("new1", "one", "-1.00"), purchase("new2", "two", "-2.00")); stored["one"] != "new1" || stored["two"] != "new2" {
		t.Errorf("ids that are others: stored are %v", stored)
	}
	r.lists(purchase("new1", "one", "-1.00"), purchase("new2", "two", "-2.00"))
	var stored map[string]string
	for i := range 4 {
		stored = r.lists(purchase(fmt.Sprint("x", i), "one", "-1.00"), purchase(fmt.Sprint("y", i), "two", "-2.00"))
	}
	if stored["one"] != "x1" || stored["two"] != "y1" {
		t.Errorf("ids that are others each time: stored are %v", stored)
	}
}

// TestCurrencyIsOneMark has a bank write a currency as if it were marks of the index of words.
func TestCurrencyIsOneMark(t *testing.T) {
	s, _ := open(t)
	r := renaming{t, s, addConsent(t, s)}
	one := purchase("a", "", "-30.00")
	one.Amount.Currency = "SEK §in §a2 §pending"
	r.lists(one)
	for _, f := range []Find{{Way: MoneyIn}, {Accounts: []int64{2}}, {State: StatePending}} {
		if found, err := s.Find(t.Context(), f, 0, 100); err != nil || len(found.Transactions) > 0 {
			t.Errorf("%+v finds %v (%v)", f, found.Transactions, err)
		}
	}
}
