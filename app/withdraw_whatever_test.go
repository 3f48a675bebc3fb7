package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/storage"
)

// TestJourneyWithdrawalBesideSixtyThousand withdraws when 60,000 transactions of one day have
// been stored and more come.
func TestJourneyWithdrawalBesideSixtyThousand(t *testing.T) {
	journey(t)
	withdrawBeside(t, 60_000)
}

// TestWithdrawalIsRecordedWhateverRuns withdraws while the transactions of one day are being
// stored and ten people ask banks at once: it is recorded, the bank is told, and nobody
// fails.
func TestWithdrawalIsRecordedWhateverRuns(t *testing.T) { withdrawBeside(t, 1_500) }

// withdrawBeside has a bank send transactions of one day, page after page, until it is told
// of a withdrawal, which begins when so many are stored.
func withdrawBeside(t *testing.T, transactions int) {
	t.Helper()
	b := newSmallBank(t)
	askers := b.manyBanks(10)
	var told atomic.Bool
	const perPage = 500
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		n, next := pageOf(r.URL.Query()), -1
		if !told.Load() {
			next = n + 1
		}
		var booked []map[string]any
		for i := n * perPage; i < (n+1)*perPage; i++ {
			booked = append(booked, bookedOn(day(0), fmt.Sprint("id-", i), fmt.Sprintf("-%d.00", i), "Coffee"))
		}
		page(w, r, booked, nil, next)
	})
	var made atomic.Int64
	b.mu.Lock()
	b.consents = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"consentStatus":"received","consentId":"asked-%d","_links":{"scaRedirect":{"href":"https://bank.example/approve"}}}`, made.Add(1))
	}
	b.standing = func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodDelete:
			if strings.HasSuffix(r.URL.Path, "/bank-"+b.consent) {
				told.Store(true)
			}
			w.WriteHeader(http.StatusNoContent)
		default:
			fmt.Fprint(w, `{"consentStatus":"terminatedByTpp"}`)
		}
	}
	b.mu.Unlock()

	b.Reader().Fetch(b.consent, person)
	asking, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, share := range askers {
		all.Go(func() {
			for asking.Err() == nil {
				id, err := b.Ask(t.Context(), share, person)
				if err == nil {
					err = b.SCA().GiveUp(t.Context(), id, person)
				}
				if err != nil {
					t.Error("asking:", err)
					return
				}
			}
		})
	}
	b.await("enough transactions are stored", func() bool {
		return b.Reader().Job(b.consent).New >= transactions || !b.Reader().Job(b.consent).Running()
	})
	impatient, closed := context.WithCancel(t.Context())
	closed() // the person's browser is gone before it is written
	if err := b.Withdraw(impatient, b.consent, false, person); err != nil {
		t.Error("withdrawing:", err)
	}
	stop()
	all.Wait()
	job := b.fetched(b.consent)
	if job.Err == nil || !errors.Is(job.Err, storage.ErrEnd) {
		t.Errorf("the fetch ended with %v after %d transactions", job.Err, job.New)
	}
	if got := b.world.consent(b.consent); got.End != storage.EndWithdrawn || got.Acknowledgement != storage.AckConfirmed || !told.Load() {
		t.Errorf("ended %q, acknowledged %q", got.End, got.Acknowledgement)
	}
}

// manyBanks adds banks that answer as the small one does, and returns what to ask each of
// them for.
func (b *smallBank) manyBanks(n int) (shares []app.Share) {
	b.Helper()
	small, err := b.store.Environment(b.Context(), "small")
	b.must(err)
	for i := range n {
		id := fmt.Sprint("small-", i)
		small.Banks = append(small.Banks, storage.Bank{ID: id, Name: "Small Bank " + id})
		share := b.DefaultShare(small.ID)
		share.BIC, share.ValidUntil = id, smallBankDay.AddDate(0, 0, 90).Format(time.DateOnly)
		shares = append(shares, share)
	}
	b.must(b.UseSandbox(b.Context(), small))
	return shares
}
