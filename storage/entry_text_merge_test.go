package storage

import (
	"fmt"
	"testing"
)

// TestMergeWords puts an index together that many fetches left in pieces.
func TestMergeWords(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	if _, err := s.exec(t.Context(), `INSERT INTO entry_text (entry_text, rank) VALUES ('automerge', 0)`); err != nil {
		t.Fatal(err)
	}
	came := 0
	comes := func(n int) {
		t.Helper()
		f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
		for range n {
			came++
			f.Booked = append(f.Booked, booked(fmt.Sprint("T", came), "2026-11-01", "-1", fmt.Sprint("Shop number", came)))
		}
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
	}
	pieces := func() int {
		t.Helper()
		all, err := collect(t.Context(), s.db, readID, wordPieces)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	for range 2 * fewPieces {
		comes(200)
	}
	if pieces() <= fewPieces {
		t.Fatalf("the index is in %d pieces, so that nothing is tried", pieces())
	}
	if err := s.MergeWords(t.Context()); err != nil || pieces() != 1 {
		t.Fatalf("it is in %d pieces (%v)", pieces(), err)
	}
	agrees(t, s)
	page, err := s.Find(t.Context(), Find{Terms: []Term{{Word: "number2400"}}}, 0, 50)
	if err != nil || len(page.Transactions) != 1 || page.Transactions[0].Transaction.ID != "T2400" {
		t.Errorf("found %+v (%v)", page.Transactions, err)
	}
}

// TestMuchIsPutTogetherLater brings very much at once, and what comes every day before and after it.
func TestMuchIsPutTogetherLater(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	came := 0
	comes := func(n int) {
		t.Helper()
		f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
		for came += n; len(f.Booked) < came; {
			n := len(f.Booked)
			f.Booked = append(f.Booked, booked(fmt.Sprint("T", n), fmt.Sprintf("2026-%02d-01", 1+n%11), "-1", fmt.Sprint("Shop number", n)))
		}
		if _, err := s.PutFetch(t.Context(), c, f); err != nil {
			t.Fatal(err)
		}
	}
	alike := func(want int) {
		t.Helper()
		var alike int
		if err := s.db.QueryRowContext(t.Context(), `SELECT coalesce((SELECT v FROM entry_text_config WHERE k = 'automerge'), ?)`, fewAlike).Scan(&alike); err != nil || alike != want {
			t.Errorf("%d pieces alike are put together at once (%v), not %d", alike, err, want)
		}
	}
	comes(10)
	alike(fewAlike)
	if err := s.MergeWords(t.Context()); err != nil {
		t.Error("before anything was left:", err)
	}
	comes(muchAtOnce)
	alike(manyAlike)
	agrees(t, s)
	if err := s.MergeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	alike(fewAlike)
	comes(10)
	alike(fewAlike)
	agrees(t, s)
}

func TestInManyPieces(t *testing.T) {
	for _, c := range []struct {
		name   string
		pieces []int64
		want   bool
	}{
		{"nothing", nil, false},
		{"one", []int64{1000}, false},
		{"few", []int64{10, 10, 10}, false},
		{"many alike", []int64{10, 10, 10, 10, 10, 10, 10, 10}, true},
		{"most in one", []int64{1000, 10, 10, 10, 10, 10, 10, 10}, false},
		{"much beside the largest", []int64{1000, 100, 100, 100, 100, 10, 10, 10}, true},
	} {
		if got := inManyPieces(c.pieces); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
