package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/storage"
)

// halted is a practice bank's account of very many transactions, whose reading was begun and waits for
// a page in the middle.
type halted struct {
	*world
	consent string

	mu    sync.Mutex
	pages []string      // addresses of those that were asked for
	until int           // the page that waits
	there chan struct{} // closed when it does
	goOn  chan struct{} // until this is
}

const (
	haltedEntries = 3_000
	haltedPage    = 100
)

// halt links a bank whose account is listed in an order, and returns when the page in the middle
// is asked for.
func halt(t *testing.T, order string) *halted {
	h := &halted{world: newWorld(t), until: haltedEntries / haltedPage / 2, there: make(chan struct{}), goOn: make(chan struct{})}
	h.clock.noon()
	h.must(h.UseSandbox(t.Context(), bank.Practice(h.info)))
	h.control(http.MethodPost, "/accounts", fmt.Sprintf(`{"bank":"rheintor","psu":%q,"account":0,"entries":%d,"page":%d,"order":%q}`,
		h.psu.Login, haltedEntries, haltedPage, order))
	h.network.before(h.ask)
	share := h.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "rheintor", h.psu.Login
	id, err := h.Ask(t.Context(), share, person)
	h.must(err)
	h.consent = h.walk(id).Consent.ID
	<-h.there
	h.await("what came before it is stored", func() bool { return h.Reader().Job(h.consent).New >= (h.until-3)*haltedPage })
	return h
}

func (h *halted) ask(r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/transactions") {
		return
	}
	h.mu.Lock()
	h.pages = append(h.pages, r.URL.RawQuery)
	n := len(h.pages)
	h.mu.Unlock()
	if n == h.until {
		close(h.there)
		select {
		case <-h.goOn:
		case <-r.Context().Done():
		}
	}
}

// unfinished is the fetch that was not brought to an end.
func (h *halted) unfinished() (storage.Job, bool) {
	h.Helper()
	jobs, err := h.Reader().Unfinished(h.Context())
	h.must(err)
	job, is := jobs[h.consent]
	return job, is
}

// goesOn reads what is missing, and holds what is there then to what the bank has, and what it was
// asked for to what was missing.
func (h *halted) goesOn(ordered bool) {
	h.Helper()
	before := h.countBooked()
	if before == 0 || before >= haltedEntries {
		h.Errorf("%d transactions are there in the middle of the fetch", before)
	}
	gaps := 0
	for _, account := range h.accounts() {
		gaps += len(account.Gaps)
	}
	if gaps == 0 {
		h.Error("no day is known as not read")
	}
	asked := len(h.pages)
	h.Reader().Fetch(h.consent, person)
	job := h.fetched(h.consent)
	if job.Err != nil || job.Missing > 0 {
		h.Fatalf("went on: %v, days are missing of %d accounts", job.Err, job.Missing)
	}
	if _, is := h.unfinished(); is {
		h.Error("it still counts as unfinished")
	}
	all := h.countBooked()
	if again := len(h.pages) - asked; ordered && again > haltedEntries/haltedPage/2+12 { // which are those of other accounts
		h.Errorf("went on with %d pages", again)
	}
	h.Reader().Fetch(h.consent, person)
	if job := h.fetched(h.consent); job.Err != nil || job.New != 0 || h.countBooked() != all || all < haltedEntries {
		h.Errorf("then %d new, %d in all, %v", job.New, all, job.Err)
	}
	for _, account := range h.accounts() {
		if len(account.Gaps) > 0 || account.BookedTo != h.today() {
			h.Errorf("complete to %s, but not %v", account.BookedTo, account.Gaps)
		}
	}
}

// today is what day it is at the bank.
func (h *halted) today() string { return h.Clock().NowAt(bank.SandboxID).Format(time.DateOnly) }

// TestStopAndGoOn stops a fetch in the middle: what came stays, what did not is known, and going on
// reads that alone where the bank lists its days in an order.
func TestStopAndGoOn(t *testing.T) {
	t.Parallel()
	for order, ordered := range map[string]bool{"newest": true, "oldest": true, "runs": false} {
		t.Run(order, func(t *testing.T) {
			h := halt(t, order)
			h.Reader().Stop(h.consent)
			close(h.goOn)
			if job := h.fetched(h.consent); !job.Stopped || job.Err != nil {
				t.Fatalf("stopped: %v, %v", job.Stopped, job.Err)
			}
			if job, is := h.unfinished(); !is || job.StoppedAt.IsZero() || job.Done >= job.Accounts {
				t.Errorf("unfinished: %v, %+v", is, job)
			}
			h.goesOn(ordered)
		})
	}
}

// TestBrokenOffAndGoOn ends the program in the middle of a fetch: the next one knows, and goes on.
func TestBrokenOffAndGoOn(t *testing.T) {
	t.Parallel()
	for order, ordered := range map[string]bool{"newest": true, "oldest": true, "runs": false} {
		t.Run(order, func(t *testing.T) {
			h := halt(t, order)
			h.restart(here)
			if job, is := h.unfinished(); !is || !job.StoppedAt.IsZero() || job.BegunAt.IsZero() {
				t.Errorf("unfinished: %v, %+v", is, job)
			}
			h.goesOn(ordered)
		})
	}
}

// TestStopBeforeAnythingCame stops while the bank is asked for its accounts: there is nothing to keep,
// and the fetch is known as stopped.
func TestStopBeforeAnythingCame(t *testing.T) {
	b := newSmallBank(t)
	there := make(chan struct{})
	b.network.before(func(r *http.Request) {
		close(there)
		<-r.Context().Done()
	})
	b.Reader().Fetch(b.consent, person)
	<-there
	b.network.before(nil)
	b.Reader().Stop(b.consent)
	if job := b.fetched(b.consent); !job.Stopped || job.Err != nil {
		t.Fatalf("%+v", job)
	}
	jobs, err := b.Reader().Unfinished(t.Context())
	b.must(err)
	if job, is := jobs[b.consent]; !is || job.Accounts != 0 || job.StoppedAt.IsZero() {
		t.Errorf("unfinished: %v, %+v", is, job)
	}
	if job := b.read(); job.Err != nil || job.Stopped || job.Done != 1 {
		t.Errorf("went on: %+v", job)
	}
	b.Reader().Stop(b.consent) // of what is over, nothing
	if jobs, err := b.Reader().Unfinished(t.Context()); err != nil || len(jobs) > 0 || b.Reader().Job(b.consent).Stopped {
		t.Errorf("unfinished after the end: %v, %v", jobs, err)
	}
}
