package app_test

import (
	"sync"
	"testing"
	"time"

	"consentry/storage"
)

// TestQuota reads without the person as often as is allowed, not once more,
// across a restart, and goes on a day later.
func TestQuota(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	w.must(w.Reader().SetSchedule(t.Context(), id, 4))
	for n := range 4 {
		w.clock.forward(6*time.Hour + time.Second)
		w.must(w.FetchDue(t.Context()))
		if q := w.quota(id); q.Used != n+1 || q.Limit != 4 {
			t.Fatalf("after %d fetches: %+v", n+1, q)
		}
	}
	w.restart(here)
	w.must(w.UseSandbox(t.Context()))
	w.must(w.store.SetSchedule(t.Context(), id, 24)) // more than allowed, as a bank may lower what it grants
	sent := w.network.count("GET", "/accounts")
	w.clock.forward(2 * time.Hour)
	w.must(w.FetchDue(t.Context()))
	q := w.quota(id)
	if w.network.count("GET", "/accounts") != sent || q.Used != 4 || !q.NextAt.After(w.clock.Now()) {
		t.Errorf("at the limit: %+v, and %d more requests", q, w.network.count("GET", "/accounts")-sent)
	}
	if len(q.Planned) == 0 || q.Planned[0].Before(q.NextAt) {
		t.Errorf("planned %v before %v", q.Planned, q.NextAt)
	}
	w.Reader().Fetch(id, person) // which always works
	if job := w.fetched(id); job.Err != nil {
		t.Error(job.Err)
	}
	w.clock.forward(q.NextAt.Sub(w.clock.Now()) + time.Second)
	w.must(w.FetchDue(t.Context()))
	if got := w.consent(id); got.ReadAttended || got.FetchError.Given() {
		t.Errorf("not fetched by itself again: %+v", got.FetchError)
	}
	reads, err := w.Reader().Reads(t.Context(), id, 0, 1000)
	w.must(err)
	for _, r := range reads {
		asked := r.Attended && r.Outcome == "PARAMETER_NOT_SUPPORTED" // for what is new alone
		if r.Outcome != storage.ReadOK && !asked || r.RequestID == "" {
			t.Errorf("ledger: %+v", r)
		}
	}
}

func (w *world) quota(id string) (q struct {
	Used, Limit int
	NextAt      time.Time
	Planned     []time.Time
}) {
	w.Helper()
	got, err := w.Reader().Quota(w.Context(), w.consent(id))
	w.must(err)
	q.Used, q.Limit, q.NextAt, q.Planned = got.Used, got.Limit, got.NextAt, got.Planned
	return q
}

// TestQuotaUnderConcurrency lets many reads begin at once: no more get through
// than are allowed.
func TestQuotaUnderConcurrency(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	var all sync.WaitGroup
	var mu sync.Mutex
	through := 0
	for range 32 {
		all.Go(func() {
			_, err := w.store.BeginRead(t.Context(), storage.ConsentRead{ConsentID: id, Endpoint: storage.ReadBalances, AccountKey: "iban:X"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				through++
			}
		})
	}
	all.Wait()
	if through != 4 {
		t.Errorf("%d reads got through, want 4", through)
	}
}
