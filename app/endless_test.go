package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// TestEndlessPages ends a read at each of its bounds: what came is kept and counted
// in words, and the days that did not come stay noted as missing.
func TestEndlessPages(t *testing.T) {
	t.Parallel()
	far := xs2a.ReadBounds{Pages: 1_000_000, Transactions: 1_000_000_000, Bytes: 1 << 50, Time: time.Hour}
	with := func(change func(*xs2a.ReadBounds)) xs2a.ReadBounds {
		bounds := far
		change(&bounds)
		return bounds
	}
	for name, test := range map[string]struct {
		bounds xs2a.ReadBounds
		pages  int // that are read; of two transactions each
	}{
		"pages":        {with(func(b *xs2a.ReadBounds) { b.Pages = 3 }), 3},
		"transactions": {with(func(b *xs2a.ReadBounds) { b.Transactions = 7 }), 4},
		"bytes":        {with(func(b *xs2a.ReadBounds) { b.Bytes = 7_000 }), 3},
		"time":         {with(func(b *xs2a.ReadBounds) { b.Time = 1 }), 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			long := strings.Repeat("a", 1_000)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				n := pageOf(r.URL.Query())
				page(w, r, []map[string]any{bookedOn(day(-n), "", "-4.00", long), bookedOn(day(-n), "", "-5.00", long)}, nil, n+1)
			})
			b.App.Close()
			b.App = app.New(app.Config{Store: b.store, Now: b.clock.Now, WrapTransport: b.network.wrapTransport, Bounds: test.bounds})
			t.Cleanup(b.App.Close)
			job := b.read()
			if job.Err == nil || job.Err.Code != failure.Endless || job.Transactions != 2*test.pages || b.countBooked() != 2*test.pages {
				t.Fatalf("%d transactions read and %d kept of %d: %+v", job.Transactions, b.countBooked(), 2*test.pages, job.Err)
			}
			account := b.account(firstIBAN)
			if len(account.Gaps) != 1 || account.Gaps[0].Reason != storage.GapPages || len(account.Failures) != 1 || account.Failures[0].Kind != storage.FailedEndless {
				t.Errorf("missing %+v, failed %+v", account.Gaps, account.Failures)
			}
		})
	}
}

// TestLongTransactionsOfOneDay keeps few of them in memory: the others are stored while
// pages of the same day come.
func TestLongTransactionsOfOneDay(t *testing.T) {
	b := newSmallBank(t)
	long := strings.Repeat("a", 1_000_000)
	const last = 8
	stored := -1
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		n := pageOf(r.URL.Query())
		next := n + 1
		if n == last {
			stored, next = b.countBooked(), -1
		}
		page(w, r, []map[string]any{bookedOn(day(0), "", "-4.00", long)}, nil, next)
	})
	if job := b.read(); job.Err != nil || b.countBooked() != last+1 || stored < last/2 {
		t.Errorf("%d stored before the last page, %d in the end: %v", stored, b.countBooked(), job.Err)
	}
}

// TestTooMuchAtOnce has a bank whose whole report is more than is taken: the days
// of the last months are read, and the others are said to be missing.
func TestTooMuchAtOnce(t *testing.T) {
	b := newSmallBank(t)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("dateFrom") < day(-100) {
			w.Header().Set("Content-Length", "100000000")
			return
		}
		page(w, r, []map[string]any{bookedOn(day(0), "1", "-4.00", "Bun")}, nil, -1)
	})
	if job := b.read(); job.Err != nil || b.countBooked() != 1 {
		t.Fatalf("%d transactions, %v", b.countBooked(), job.Err)
	}
	if gaps := b.account(firstIBAN).Gaps; len(gaps) != 1 || gaps[0].Reason != storage.GapPages {
		t.Errorf("missing %+v", gaps)
	}
}
