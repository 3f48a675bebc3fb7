package app_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestGapOfAStalePlan lets a consent approved long ago be refused the earlier days
// and, before its answer has come, one approved just now read all of them.
func TestGapOfAStalePlan(t *testing.T) {
	b := newSmallBank(t)
	b.clock.forward(2 * time.Hour) // the first is old
	first := b.consent
	fresh := b.allow("c2", "")
	hold, held := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Consent-ID") == "bank-c1" {
			if r.URL.Query().Get("dateFrom") < day(-100) {
				refuse(w, 400, "PERIOD_INVALID", "")
				return
			}
			once.Do(func() { close(held); <-hold })
		}
		page(w, r, []map[string]any{bookedOn(day(0), "1", "-4.00", "Bun"), bookedOn(day(-300), "2", "-5.00", "Tram")}, nil, -1)
	})
	b.Reader().Fetch(first, person)
	<-held
	b.Reader().Fetch(fresh, person)
	if job := b.fetched(fresh); job.Err != nil {
		t.Fatal(job.Err)
	}
	close(hold)
	b.fetched(first)
	if a := b.account(firstIBAN); len(a.Gaps) != 0 {
		t.Errorf("gaps %+v, to %s", a.Gaps, a.BookedTo)
	}
}

// TestRefusedUnderAnOlderConsent has days refused under a consent approved long ago
// that one approved just now began to read: that one reads them in the end.
func TestRefusedUnderAnOlderConsent(t *testing.T) {
	t.Parallel()
	for _, together := range []bool{false, true} {
		t.Run(fmt.Sprint("together ", together), func(t *testing.T) {
			b := newSmallBank(t)
			b.clock.forward(2 * time.Hour)
			first, fresh := b.consent, b.allow("c2", "")
			hold, held := make(chan struct{}), make(chan struct{})
			broken := true
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Consent-ID") == "bank-c1" {
					if r.URL.Query().Get("dateFrom") < day(-100) {
						refuse(w, 400, "PERIOD_INVALID", "")
						return
					}
					page(w, r, []map[string]any{bookedOn(day(0), "1", "-4.00", "Bun")}, nil, -1)
					return
				}
				if pageOf(r.URL.Query()) == 0 {
					page(w, r, []map[string]any{bookedOn(day(0), "1", "-4.00", "Bun")}, nil, 1)
					return
				}
				if broken {
					broken = false
					close(held)
					if together {
						<-hold
					}
					refuse(w, 400, "FORMAT_ERROR", "")
					return
				}
				page(w, r, []map[string]any{bookedOn(day(-300), "2", "-5.00", "Tram")}, nil, -1)
			})
			b.Reader().Fetch(fresh, person)
			if !together {
				b.fetched(fresh)
			}
			<-held
			b.Reader().Fetch(first, person)
			close(hold)
			b.fetched(first)
			b.fetched(fresh)
			b.Reader().Fetch(fresh, person)
			b.fetched(fresh)
			if a := b.account(firstIBAN); len(a.Gaps) != 0 || b.countBooked() != 2 {
				t.Errorf("gaps %+v, %d transactions", a.Gaps, b.countBooked())
			}
		})
	}
}
