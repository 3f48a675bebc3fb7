package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"consentry/storage"
)

// TestOnceADayInTheBanksForm reads without the person, once a day, at a bank that
// refuses the form asked for first: what it showed is known the next day, and
// after a restart.
func TestOnceADayInTheBanksForm(t *testing.T) {
	t.Parallel()
	for name, refuses := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"not both at once": func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("bookingStatus") != "both" {
				return false
			}
			refuse(w, 400, "PARAMETER_NOT_SUPPORTED", "")
			return true
		},
		"no JSON": func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.Header.Get("Accept"), "text/plain") {
				refuse(w, 406, "REQUESTED_FORMATS_INVALID", "")
				return true
			}
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte(":20:A\n:25:1\n:60F:C260301SEK1,00\n:61:260301C1,00NMSC\n:86:free\n:62F:C260301SEK2,00\n-\n"))
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			id := b.allowOnceADay()
			serve := serving(b.clock.Now, 90)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if !refuses(w, r) {
					serve(w, r)
				}
			})
			for range 3 {
				b.clock.pass(2)
				b.FetchAlone(id)
				b.fetched(id)
				b.restart(here)
			}
			if b.countBooked() == 0 {
				t.Error("nothing was ever read")
			}
		})
	}
}

// TestOnceADayDespiteTheProfile reads without the person, once a day, at a bank that
// has JSON alone though its profile says another form: once that has shown, the form of
// the profile is not asked for again, after a restart either.
func TestOnceADayDespiteTheProfile(t *testing.T) {
	b := newSmallBank(t)
	id := b.allowOnceADay()
	e, err := b.store.Environment(t.Context(), "small")
	b.must(err)
	e.Profile.Reports = "camt"
	b.must(b.store.PutEnvironment(t.Context(), e))
	serve := serving(b.clock.Now, 90)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "json") {
			refuse(w, 406, "REQUESTED_FORMATS_INVALID", "")
			return
		}
		serve(w, r)
	})
	for day, want := range []int{1, 0, 0} {
		b.clock.pass(2)
		b.FetchAlone(id)
		b.fetched(id)
		b.restart(here)
		asked := 0
		for _, request := range b.requests() {
			if strings.Contains(request, "/transactions") && strings.Contains(request, "xml") {
				asked++
			}
		}
		if asked != want {
			t.Errorf("day %d: asked %d times for what the profile says, want %d", day, asked, want)
		}
	}
	if b.countBooked() == 0 {
		t.Error("nothing was ever read")
	}
}

// TestPendingLeftOnceADay reads without the person, once a day, at a bank that
// gives pending transactions apart: the booked ones are read and complete, and the
// account says that the pending ones were not asked for. The person's own read
// asks for both.
func TestPendingLeftOnceADay(t *testing.T) {
	b := newSmallBank(t)
	id := b.allowOnceADay()
	coffee, bun := bookedOn(day(0), "1", "-30.00", "Coffee"), bookedOn(day(0), "", "-4.00", "Bun")
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("bookingStatus") {
		case "both":
			refuse(w, 400, "PARAMETER_NOT_SUPPORTED", "")
		case "booked":
			fmt.Fprintf(w, `{"transactions":{"booked":[%s]}}`, jsonOf(coffee))
		case "pending":
			fmt.Fprintf(w, `{"transactions":{"pending":[%s]}}`, jsonOf(bun))
		}
	})
	b.Reader().Fetch(id, person) // shows what the bank does
	b.fetched(id)
	before := b.account(firstIBAN).FetchedAt
	for range 2 {
		b.clock.pass(2)
		b.FetchAlone(id)
		if job := b.fetched(id); job.Err != nil {
			t.Fatalf("%+v", job.Err)
		}
		account := b.account(firstIBAN)
		if !account.FetchedAt.After(before) {
			t.Errorf("fetched at %v, not after %v", account.FetchedAt, before)
		}
		if len(account.Failures) != 1 || account.Failures[0].Part != storage.PartPending || account.Failures[0].Kind != storage.FailedQuota {
			t.Errorf("failures %+v", account.Failures)
		}
		before = account.FetchedAt
	}
	pending, err := b.store.PendingTransactions(t.Context(), b.account(firstIBAN).ID)
	b.must(err)
	if len(pending) != 1 {
		t.Errorf("%d pending transactions, want the one that was known", len(pending))
	}
	b.Reader().Fetch(id, person)
	b.fetched(id)
	if failures := b.account(firstIBAN).Failures; len(failures) != 0 {
		t.Errorf("after the person's read: %+v", failures)
	}
}

// TestNeitherBothNorJSON reads at a bank that refuses both statuses at once and
// JSON as well, whichever it refuses first.
func TestNeitherBothNorJSON(t *testing.T) {
	t.Parallel()
	both := func(w http.ResponseWriter, r *http.Request) bool {
		refused := r.URL.Query().Get("bookingStatus") == "both"
		if refused {
			refuse(w, 400, "PARAMETER_NOT_SUPPORTED", "")
		}
		return refused
	}
	form := func(w http.ResponseWriter, r *http.Request) bool {
		refused := !strings.Contains(r.Header.Get("Accept"), "text/plain")
		if refused {
			refuse(w, 406, "REQUESTED_FORMATS_INVALID", "")
		}
		return refused
	}
	type refusal = func(http.ResponseWriter, *http.Request) bool
	for name, refuses := range map[string][]refusal{"the form first": {form, both}, "both first": {both, form}} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if refuses[0](w, r) || refuses[1](w, r) {
					return
				}
				w.Header().Set("Content-Type", "text/plain")
				lines := map[string]string{"booked": ":61:260301C1,00NMSC\n:86:free\n"}[r.URL.Query().Get("bookingStatus")]
				fmt.Fprint(w, ":20:A\n:25:1\n:60F:C260301SEK1,00\n"+lines+":62F:C260301SEK2,00\n-\n")
			})
			if job := b.read(); job.Err != nil || job.New != 1 {
				t.Fatalf("%+v", job)
			}
			if failures := b.account(firstIBAN).Failures; len(failures) != 0 {
				t.Errorf("failures %+v", failures)
			}
		})
	}
}
