package app_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/xs2a"
)

// waiting begins an approval on a telephone that never answers, and returns the
// authorisation with a count of the questions that reach the bank about it.
func (w *world) waiting() (id string, asked *questions) {
	w.Helper()
	w.must(w.UseSandbox(w.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, silentBank, w.psu.Login
	asked = &questions{}
	w.network.before(asked.note)
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	if flow := w.flow(id); flow.Step != xs2a.StepDecoupled {
		w.Fatalf("got step %q", flow.Step)
	}
	return id, asked
}

// questions counts what a bank is asked, by whether somebody is named.
type questions struct {
	mu              sync.Mutex
	named, nameless int
}

func (q *questions) note(r *http.Request) {
	if r.Method != http.MethodGet {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if r.Header.Get("PSU-IP-Address") != "" {
		q.named++
	} else {
		q.nameless++
	}
}

func (q *questions) count() (named, nameless int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.named, q.nameless
}

// A waiting step asks the bank only while a page of the program is open: after
// ten minutes without one no more, whatever the pauses, and at once when one is
// seen again.
func TestNobodyThereAsksNothing(t *testing.T) {
	w := newWorld(t)
	w.clock = &testClock{} // the program's alone: at the bank no time passes
	w.restart(here)
	_, asked := w.waiting()
	w.await("the bank to be asked how far it is", func() bool { n, _ := asked.count(); return n > 2 })

	w.clock.forward(10 * time.Minute) // no page was seen since
	w.await("the program to wait for somebody", w.Waits)
	before, _ := asked.count()
	w.must(w.LookAfter(t.Context())) // what the program does by itself each minute
	if n, nameless := asked.count(); n != before || nameless != 0 {
		t.Errorf("with nobody there the bank was asked %d times more in their name, and %d times without", n-before, nameless)
	}

	w.Seen()
	w.await("the bank to be asked when somebody is back", func() bool { n, _ := asked.count(); return n > before })
}

// A fetch stops once its person has left: nothing more is read in their name.
// What it did not come to is known, and read when they are back.
func TestFetchStopsWithoutItsPerson(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	var leave sync.Once
	asked := &questions{}
	w.network.before(func(r *http.Request) {
		asked.note(r)
		if r.Method == http.MethodGet { // while the first answer is on its way
			leave.Do(func() { w.clock.forward(11 * time.Minute) })
		}
	})
	w.Reader().Fetch(id, person)
	if job := w.fetched(id); job.Err == nil || job.Err.Code != failure.FetchLeft || job.Done > 0 {
		t.Errorf("%d accounts were read with nobody there: %v", job.Done, job.Err)
	}
	if named, nameless := asked.count(); named != 1 || nameless != 0 {
		t.Errorf("%d requests named the person and %d did not; they were there for the first", named, nameless)
	}
	for _, account := range w.accounts() {
		if len(account.Failures) == 0 {
			t.Errorf("nothing says that %s was not read", account.Name)
		}
	}
	w.Reader().Fetch(id, person)
	if job := w.fetched(id); job.Err != nil || !w.consent(id).ReadAttended {
		t.Errorf("somebody is back, and their fetch is not theirs: %v", job.Err)
	}
	for _, account := range w.accounts() {
		if len(account.Failures)+len(account.Gaps) > 0 {
			t.Errorf("of %s is missing: %v, %v", account.Name, account.Failures, account.Gaps)
		}
	}
}

// A withdrawal that is told later names the person only while they are there,
// or where the bank takes no word without.
func TestWhatIsFinishedLaterNamesNobodyWhoIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	for _, bank := range []struct {
		name, consent string
		there, named  bool
	}{
		{"a bank that wants somebody named", w.link().Consent.ID, false, true},
		{"a bank that does not", w.linkAt("freipass"), false, false},
		{"another, with somebody there", w.linkAt("elbufer"), true, true},
	} {
		w.network.cut.Store(true)
		if err := w.Withdraw(t.Context(), bank.consent, false, person); err == nil {
			t.Fatalf("%s: told without a network", bank.name)
		}
		w.network.cut.Store(false)
		w.clock.forward(11 * time.Minute)
		if bank.there {
			w.Seen()
		}
		var named []bool
		var mu sync.Mutex
		w.network.before(func(r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if r.Method == http.MethodDelete {
				named = append(named, r.Header.Get("PSU-IP-Address") != "")
			}
		})
		w.must(w.LookAfter(t.Context()))
		if len(named) != 1 || named[0] != bank.named {
			t.Errorf("%s: told %d times, somebody named: %v", bank.name, len(named), named)
		}
		w.network.before(nil)
	}
}
