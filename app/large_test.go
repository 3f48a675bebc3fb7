package app_test

import (
	"net/http"
	"runtime"
	"testing"
	"time"
)

// TestJourneyFetchOfSixtyThousand reads 60,000 transactions while settings are
// written: none fails. It says what that took.
func TestJourneyFetchOfSixtyThousand(t *testing.T) {
	// The rule is held by TestSettingsAreWrittenBesideAFetch in every run; this one
	// takes long and shows the size, so it belongs to make journeys.
	journey(t)
	fetchBesideSettings(t, 60_000, 500)
}

// TestSettingsAreWrittenBesideAFetch reads transactions while settings are written:
// each is written between two pages, and none fails.
func TestSettingsAreWrittenBesideAFetch(t *testing.T) { fetchBesideSettings(t, 3_000, 250) }

// fetchBesideSettings has the bank wait, with each of its pages but the first,
// until a setting was written.
func fetchBesideSettings(t *testing.T, transactions, perPage int) {
	t.Helper()
	b := newSmallBank(t)
	written, pages := make(chan struct{}), long(transactions, perPage, 90)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if pageOf(r.URL.Query()) > 0 {
			select {
			case <-written:
			case <-r.Context().Done():
			}
		}
		pages(w, r)
	})
	b.Reader().Fetch(b.consent, person)
	var peak uint64
	var longest time.Duration
	n := 0
	for j := b.Reader().Job(b.consent); j.Running(); j = b.Reader().Job(b.consent) {
		before := time.Now()
		b.must(b.store.SetSetting(t.Context(), "theme", time.Now().String()))
		longest = max(longest, time.Since(before))
		select {
		case written <- struct{}{}:
			n++
		case <-time.After(time.Millisecond):
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	job := b.fetched(b.consent)
	if job.Err != nil || job.New != transactions || n != transactions/perPage-1 {
		t.Fatalf("%+v, %v, after %d settings", job, job.Err, n)
	}
	t.Logf("%d transactions in %v, %d MiB at most, a setting waited %v at most, %d exchanges not kept",
		transactions, job.FinishedAt.Sub(job.StartedAt).Round(time.Millisecond), peak>>20, longest, b.Record().Lost())
	b.answer(pages)
	if again := b.read(); again.Err != nil || again.New != 0 {
		t.Fatalf("again: %+v, %v", again, again.Err)
	}
}
