package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/storage"
)

// at links a practice bank of an environment of its own, or renews there.
func (w *world) at(share app.Share) (consentID string) {
	w.Helper()
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	flow := w.walk(id)
	if flow.Outcome != storage.Succeeded {
		w.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	if job := w.fetched(flow.Consent.ID); job.Err != nil {
		w.Fatal(job.Err)
	}
	return flow.Consent.ID
}

// TestGapIsShownAndFilled lets 150 days pass at a bank that serves 90 days to
// whoever did not approve within the hour: the days between are known as not
// read, stay so, and are all there after a renewal.
func TestGapIsShownAndFilled(t *testing.T) {
	w := newWorld(t)
	w.clock.noon()
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "kurzblick", w.psu.Login
	old := w.at(share)
	last := w.clock.Now()
	w.clock.pass(150)
	first := w.clock.Now().AddDate(0, 0, -89)
	want := storage.Span{From: last.Format(time.DateOnly), To: first.AddDate(0, 0, -1).Format(time.DateOnly)}
	for range 2 {
		w.Reader().Fetch(old, person)
		if job := w.fetched(old); job.Err != nil {
			t.Fatal(job.Err)
		}
		for _, account := range w.accounts() {
			if len(account.Gaps) != 1 || account.Gaps[0].Span != want || account.Gaps[0].Reason != storage.GapPeriod {
				t.Fatalf("gaps %+v, want %v", account.Gaps, want)
			}
			if n := w.daysBooked(account.ID, want.From, want.To); n > 1 {
				t.Fatalf("%d days of the gap hold transactions", n)
			}
		}
		if job := w.Reader().Job(old); job.Missing != len(w.accounts()) {
			t.Errorf("the fetch says that days are missing in %d accounts", job.Missing)
		}
		w.clock.pass(1) // the gap stays as it is
	}
	w.nothingClaimed(want)
	renewal, err := w.Renewal(t.Context(), old)
	w.must(err)
	renewal.PSUID = w.psu.Login
	w.at(renewal)
	for _, account := range w.accounts() {
		if len(account.Gaps) != 0 || account.BookedTo != w.clock.Now().Format(time.DateOnly) {
			t.Errorf("after the renewal: gaps %+v, complete to %s", account.Gaps, account.BookedTo)
		}
	}
	if n := w.daysBooked(w.accounts()[0].ID, want.From, want.To); n < 20 {
		t.Errorf("%d of 62 days hold transactions", n)
	}
}

// nothingClaimed holds sums and courses to what is known where days are missing.
func (w *world) nothingClaimed(missing storage.Span) {
	w.Helper()
	const days = 180
	known := 0
	for _, account := range w.accounts() {
		points, err := w.Holdings().History(w.Context(), account, days)
		w.must(err)
		if len(points) > 0 && points[0].Date != missing.To {
			w.Errorf("the course begins on %s, days are missing to %s", points[0].Date, missing.To)
		}
		known = max(known, len(points))
		charts, err := w.Holdings().Charts(w.Context(), account, 90, 6)
		w.must(err)
		for _, month := range charts.Months {
			if within := missing.From[:7] <= month.Month && month.Month <= missing.To[:7]; within != month.Missing {
				w.Errorf("%s counts as whole: %v", month.Month, !month.Missing)
			}
		}
	}
	totals, err := w.Holdings().Totals(w.Context(), days)
	w.must(err)
	if known == 0 || len(totals) == 0 || !totals[0].Missing || len(totals[0].Days) != known {
		w.Errorf("%d days of a course, totals %+v", known, totals)
	}
}

func (w *world) accounts() []storage.Account {
	w.Helper()
	accounts, err := w.Holdings().Accounts(w.Context())
	w.must(err)
	return accounts
}

// daysBooked counts the days within two that hold transactions of an account.
func (w *world) daysBooked(account int64, from, to string) int {
	w.Helper()
	sums, err := w.store.DaySums(w.Context(), account, from)
	w.must(err)
	return len(slices.DeleteFunc(sums, func(s storage.DaySum) bool { return s.Date > to }))
}

// TestGapStaysWhereTheBankStillRefuses asks for missing days once after each
// approval, says that the bank has them no more, and asks no further.
func TestGapStaysWhereTheBankStillRefuses(t *testing.T) {
	b := newSmallBank(t)
	b.answer(serving(b.clock.Now, 90))
	if job := b.read(); job.Err != nil {
		t.Fatal(job.Err)
	}
	if gaps := b.account(firstIBAN).Gaps; len(gaps) != 0 {
		t.Fatalf("a bank that does not go back further leaves gaps: %+v", gaps)
	}
	b.clock.pass(120)
	b.read()
	renewed := b.allow("c2", "c1")
	for fetch, want := range []int{3, 1} { // with the days before them, in which the bank may have booked late, and without
		b.requests()
		b.Reader().Fetch(renewed, person)
		if job := b.fetched(renewed); job.Err != nil {
			t.Fatal(job.Err)
		}
		gaps := b.account(firstIBAN).Gaps
		if len(gaps) != 1 || gaps[0].Reason != storage.GapGone {
			t.Errorf("fetch %d: gaps %+v", fetch, gaps)
		}
		if n := count(b.requests(), "/transactions?"); n != want {
			t.Errorf("fetch %d: asked %d times for transactions, want %d", fetch, n, want)
		}
	}
}

// TestBrokenReadingIsFinishedLater breaks off a reading at its third page: what
// came is there, what did not is known, and the next fetch reads it.
func TestBrokenReadingIsFinishedLater(t *testing.T) {
	t.Parallel()
	for name, oldestFirst := range map[string]bool{"newest first": false, "oldest first": true} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			pages := long(1_000, 200, 10)
			if oldestFirst {
				pages = turned(1_000, 200, 10)
			}
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if pageOf(r.URL.Query()) == 2 {
					refuse(w, http.StatusForbidden, "SERVICE_BLOCKED", "")
					return
				}
				pages(w, r)
			})
			if job := b.read(); job.Err == nil || job.New != 400 {
				t.Fatalf("%+v", job)
			}
			today := smallBankDay.Format(time.DateOnly)
			want := storage.Span{From: day(-729), To: day(-38)}
			complete := today
			if oldestFirst {
				want, complete = storage.Span{From: day(-61), To: today}, day(-62)
			}
			account := b.account(firstIBAN)
			if len(account.Gaps) != 1 || account.Gaps[0].Span != want || account.Gaps[0].Reason != storage.GapStopped || account.BookedTo != complete {
				t.Errorf("gaps %+v, want %v; complete to %q", account.Gaps, want, account.BookedTo)
			}
			if !account.FetchedAt.IsZero() || len(account.Failures) != 1 || account.Failures[0].Code != "SERVICE_BLOCKED" {
				t.Errorf("fetched at %v, failures %+v", account.FetchedAt, account.Failures)
			}
			b.answer(pages)
			if job := b.read(); job.Err != nil || job.New != 600 {
				t.Fatalf("%+v", job)
			}
			account = b.account(firstIBAN)
			if len(account.Gaps)+len(account.Failures) != 0 || account.BookedTo != today || account.FetchedAt.IsZero() {
				t.Errorf("after the next fetch %+v", account)
			}
		})
	}
}

// day is a date some days from the small bank's.
func day(days int) string { return smallBankDay.AddDate(0, 0, days).Format(time.DateOnly) }

func count(list []string, part string) (n int) {
	for _, one := range list {
		if strings.Contains(one, part) {
			n++
		}
	}
	return n
}

// serving answers with a transaction a day for some days, and refuses more.
func serving(now func() time.Time, days int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		today := now().UTC()
		first := today.AddDate(0, 0, 1-days).Format(time.DateOnly)
		if r.URL.Query().Get("dateFrom") < first {
			refuse(w, http.StatusBadRequest, "PERIOD_INVALID", "dateFrom")
			return
		}
		var booked []map[string]any
		for i := range days {
			date := today.AddDate(0, 0, -i).Format(time.DateOnly)
			booked = append(booked, bookedOn(date, "id-"+date, "-1.00", "Coffee"))
		}
		page(w, r, booked, nil, -1)
	}
}

// turned is long with the oldest first.
func turned(transactions, perPage, perDay int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		first := pageOf(r.URL.Query()) * perPage
		var booked []map[string]any
		for i := first; i < min(first+perPage, transactions); i++ {
			booked = append(booked, bookedOn(day((i-transactions+1)/perDay), fmt.Sprintf("id-%d", i), "-1.00", "Purchase"))
		}
		next := -1
		if first+perPage < transactions {
			next = pageOf(r.URL.Query()) + 1
		}
		page(w, r, booked, nil, next)
	}
}

// TestMonthOfWhichNothingIsKnownIsNotZero tells months all of whose days are
// missing from months of which a part is, and from those that were read.
func TestMonthOfWhichNothingIsKnownIsNotZero(t *testing.T) {
	b := newSmallBank(t)
	b.read()
	account := b.account(firstIBAN)
	account.Gaps = []storage.Gap{{Span: storage.Span{From: "2025-12-15", To: "2026-01-10"}}, {Span: storage.Span{From: "2026-01-11", To: "2026-01-31"}}}
	charts, err := b.Holdings().Charts(t.Context(), account, 90, 4)
	b.must(err)
	for i, want := range []struct{ missing, unread bool }{{true, false}, {true, true}, {false, false}, {false, false}} {
		if charts.Months[i].Missing != want.missing || charts.Months[i].Unread != want.unread {
			t.Errorf("%s: %+v, want %+v", charts.Months[i].Month, charts.Months[i], want)
		}
	}
}

// TestMonthsSinceTheLastReadAreNotZero lets months pass in which the account is not
// read: nothing is known of them.
func TestMonthsSinceTheLastReadAreNotZero(t *testing.T) {
	b := newSmallBank(t)
	b.read()
	account := b.account(firstIBAN)
	b.clock.forward(100 * 24 * time.Hour)
	charts, err := b.Holdings().Charts(t.Context(), account, 90, 4)
	b.must(err)
	for i, month := range charts.Months {
		if read := month.Month < account.BookedTo[:7]; read == month.Missing || month.Unread != (month.Month > account.BookedTo[:7]) {
			t.Errorf("%d: %+v, read until %s", i, month, account.BookedTo)
		}
	}
	account.BookedTo = ""
	if charts, err = b.Holdings().Charts(t.Context(), account, 90, 2); err != nil || !charts.Months[0].Unread || !charts.Months[1].Unread {
		t.Errorf("of an account that was never read: %+v, %v", charts.Months, err)
	}
}
