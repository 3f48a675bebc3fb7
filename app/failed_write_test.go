package app_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"consentry/storage"
)

// TestFailedWriteIsAGap lets the store take no more in the middle of a fetch: days that came and
// were not kept are known as not read, and the next fetch reads them.
func TestFailedWriteIsAGap(t *testing.T) {
	b := newSmallBank(t)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		today, from := b.clock.Now().UTC(), r.URL.Query().Get("dateFrom")
		var booked []map[string]any
		for i := range 100 {
			if date := today.AddDate(0, 0, -i).Format(time.DateOnly); date >= from {
				booked = append(booked, bookedOn(date, "id-"+date, "-1.00", "Coffee "+date))
			}
		}
		page(w, r, booked, nil, -1)
	})
	if job := b.read(); job.Err != nil {
		t.Fatal(job.Err)
	}
	b.clock.forward(40 * 24 * time.Hour)
	today := b.clock.Now().UTC()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, storage.FileName)+"?_pragma=busy_timeout(5000)")
	b.must(err)
	defer db.Close()
	_, err = db.Exec(`CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN NEW.booking_date = '` + today.AddDate(0, 0, -20).Format(time.DateOnly) + `' BEGIN SELECT RAISE(ABORT, 'no'); END`)
	b.must(err)
	if job := b.read(); job.Err == nil {
		t.Fatal("the fetch did not notice that its transactions were not stored")
	}
	if account := b.account(firstIBAN); len(account.Gaps) == 0 {
		t.Errorf("complete to %s without a gap", account.BookedTo)
	}
	_, err = db.Exec(`DROP TRIGGER refuse`)
	b.must(err)
	if job := b.read(); job.Err != nil {
		t.Fatal(job.Err)
	}
	account := b.account(firstIBAN)
	all, err := b.store.BookedTransactions(b.Context(), account.ID, 0, 10_000)
	b.must(err)
	have := map[string]bool{}
	for _, e := range all {
		have[e.BookingDate] = true
	}
	for i := range 100 {
		if date := today.AddDate(0, 0, -i).Format(time.DateOnly); !have[date] {
			t.Errorf("%s was never read; gaps %v", date, account.Gaps)
		}
	}
}
