package app_test

import (
	"net/http"
	"testing"

	"consentry/storage"
)

// TestErasedDuringAFetch keeps nothing of a fetch that ends after the data were
// erased, nor why it failed.
func TestErasedDuringAFetch(t *testing.T) {
	b := newSmallBank(t)
	b.standing = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	hold, held := make(chan struct{}), make(chan struct{})
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		close(held)
		<-hold
		refuse(w, 400, "FORMAT_ERROR", "")
	})
	b.Reader().Fetch(b.consent, person)
	<-held
	b.must(b.Withdraw(t.Context(), b.consent, true, person))
	b.await("erased", func() bool { return !b.world.consent(b.consent).ErasedAt.IsZero() })
	close(hold)
	b.fetched(b.consent)
	c := b.world.consent(b.consent)
	b.must(b.Record().Flush(t.Context()))
	ex, err := b.store.Exchanges(t.Context(), storage.ExchangeQuery{}, 100)
	b.must(err)
	for _, e := range ex {
		if e.Method == http.MethodGet {
			t.Errorf("kept %s", e.URL)
		}
	}
	reads, err := b.store.ConsentReads(t.Context(), b.consent, 0, 100)
	b.must(err)
	for _, r := range reads {
		if r.Account != "" {
			t.Errorf("read %+v", r)
		}
	}
	if c.FetchError.Given() {
		t.Errorf("fetch error %q", c.FetchError.Code)
	}
}
