package app_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/clock"
	"consentry/storage"
	"consentry/xs2a"
)

const (
	aDay  = 24 * time.Hour
	aYear = 365 * aDay
)

// live is the environment of the same banks as if they were real ones: their clock
// is not this machine's.
const live = "live"

// newLiveWorld is a world with a consent, of half a year, at a bank of its own clock.
func newLiveWorld(t *testing.T) (w *world, consentID string) {
	t.Helper()
	w = newWorld(t)
	w.clock.noon()
	e, err := w.store.Environment(t.Context(), bank.SandboxID)
	w.must(err)
	e.ID, e.Name, e.Sandbox, e.Profile.PasswordKey = live, "Live", false, "https://keys.example" // no password is asked for
	w.must(w.store.PutEnvironment(t.Context(), e))
	w.must(w.Banks().Refresh(t.Context(), live))
	w.banks, err = w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	w.banks = slices.DeleteFunc(w.banks, func(b storage.ASPSP) bool { return b.EnvironmentID != live })
	return w, w.link().Consent.ID
}

// startWrong sets this machine's clock wrong, and starts the program anew.
func (w *world) startWrong(by time.Duration) {
	w.Helper()
	w.wrong.Store(int64(by))
	w.restart(here)
	w.must(w.UseSandbox(w.Context()))
	w.must(w.LookAfter(w.Context()))
}

// stands holds a consent to whether it has ended for good, and may be used.
func (w *world) stands(when, id string, ended, provisional, usable bool) {
	w.Helper()
	c := w.consent(id)
	if c.Ended() != ended || c.Provisional() != provisional || c.Usable(w.Clock().Now()) != usable {
		w.Errorf("%s: ended %v (%s), by the clock alone %v, usable %v", when, c.Ended(), c.End, c.Provisional(), c.Usable(w.Clock().Now()))
	}
}

// TestWrongClockEndsNothingForGood starts the program once with the clock a year
// ahead: nothing is read and nothing ended, and with the right clock all goes on.
func TestWrongClockEndsNothingForGood(t *testing.T) {
	w, id := newLiveWorld(t)
	asked := w.ask(w.banks[0]).Consent.ID // and not approved
	sent := w.network.count("GET", "")

	w.startWrong(aYear)
	w.stands("a year ahead", id, false, true, false)
	if c := w.consent(asked); c.Ended() {
		t.Errorf("what nobody approved yet ended as %s", c.End)
	}
	w.Reader().Fetch(id, person)
	if job := w.fetched(id); job.Err == nil || w.network.count("GET", "") != sent {
		t.Error("something was read")
	}
	w.clock.forward(time.Hour)
	w.must(w.LookAfter(t.Context()))
	w.stands("an hour later", id, false, true, false)
	if list, err := w.ConsentList(t.Context(), app.ConsentQuery{Limit: 10}); err != nil || list.Counts[app.Active] != 0 {
		t.Errorf("listed as %v, %v", list.Counts, err)
	}

	w.startWrong(0)
	w.stands("with the right clock", id, false, false, true)
	w.Reader().Fetch(id, person)
	if job := w.fetched(id); job.Err != nil {
		t.Errorf("not read any more: %v", job.Err)
	}
}

// TestWrongClockDropsNoRecord keeps what was exchanged though by a wrong clock it is
// too old, and drops it when it is.
func TestWrongClockDropsNoRecord(t *testing.T) {
	w, id := newLiveWorld(t)
	linked := w.Clock().Now()
	kept := func() int { // of what was exchanged until then
		t.Helper()
		all, err := w.Record().Exchanges(t.Context(), storage.ExchangeQuery{FlowID: &id}, 100)
		w.must(err)
		return len(slices.DeleteFunc(all, func(e storage.Exchange) bool { return e.Started.After(linked) }))
	}
	w.startWrong(aYear) // which records what was exchanged
	before := kept()
	if before == 0 {
		t.Fatal("nothing was recorded")
	}
	w.clock.forward(time.Hour)
	w.must(w.LookAfter(t.Context()))
	if kept() != before {
		t.Errorf("%d of %d exchanges are left a year ahead", kept(), before)
	}
	w.startWrong(0)
	w.clock.forward(31 * aDay)
	w.startWrong(0)
	if kept() != before {
		t.Errorf("%d of %d exchanges are left before anything bears the clock out", kept(), before)
	}
	w.must(w.Banks().Refresh(t.Context(), live))
	w.clock.forward(time.Hour)
	w.must(w.LookAfter(t.Context()))
	if kept() != 0 {
		t.Errorf("%d of %d exchanges are left after a month", kept(), before)
	}
}

// TestClockThatJumpsEndsNothing lets the clock jump a year ahead while the program
// runs, after a bank's had agreed with it: that was about the clock of before.
func TestClockThatJumpsEndsNothing(t *testing.T) {
	w, id := newLiveWorld(t)
	w.wrong.Store(int64(aYear))
	w.must(w.LookAfter(t.Context()))
	w.stands("a year ahead", id, false, true, false)
	w.clock.forward(25 * time.Hour)
	w.must(w.LookAfter(t.Context()))
	w.stands("a day later", id, false, true, false)
	w.wrong.Store(0)
	w.must(w.LookAfter(t.Context()))
	w.stands("set back", id, false, false, true)
}

// TestBankOverrulesTheClock asks the bank while the clock is a year ahead: what it
// calls valid by its own clock is used, for a day; then it is asked again.
func TestBankOverrulesTheClock(t *testing.T) {
	w, id := newLiveWorld(t)
	w.startWrong(aYear)
	w.must(w.RefreshConsent(t.Context(), id, person))
	w.stands("the bank was asked", id, false, false, true)
	events, err := w.ConsentEvents(t.Context(), id)
	w.must(err)
	if events[0].Kind != storage.EventOverruled || events[0].Source != storage.FromBank {
		t.Errorf("the history says %+v", events[0])
	}
	if doubt := w.Clock().Doubt(); doubt == nil || doubt.Bank == "" || doubt.Is.Sub(doubt.Was).Round(aDay) != aYear {
		t.Errorf("said of the clock: %+v", doubt)
	}
	w.Reader().Fetch(id, person)
	if job := w.fetched(id); job.Err != nil {
		t.Errorf("not read: %v", job.Err)
	}
	w.clock.forward(25 * time.Hour)
	w.must(w.LookAfter(t.Context()))
	w.stands("a day later", id, false, true, false)
	w.startWrong(0)
	w.stands("with the right clock", id, false, false, true)
}

// TestEndByTimeIsConfirmed ends for good what has really run out: when a bank's clock
// agrees, when the bank says so, or at a second look a day later that nothing
// contradicts.
func TestEndByTimeIsConfirmed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		look  func(w *world, c storage.Consent)
		ended bool
	}{
		"an hour":                  {func(w *world, _ storage.Consent) { w.clock.forward(time.Hour) }, false},
		"a bank's clock":           {func(w *world, _ storage.Consent) { w.must(w.Banks().Refresh(w.Context(), live)) }, true},
		"the bank's word":          {func(w *world, c storage.Consent) { w.must(w.RefreshConsent(w.Context(), c.ID, person)) }, true},
		"a day":                    {func(w *world, _ storage.Consent) { w.clock.forward(25 * time.Hour) }, true},
		"a day of the clock alone": {func(w *world, _ storage.Consent) { w.wrong.Add(int64(25 * time.Hour)) }, false},
		"a start a day later":      {func(w *world, _ storage.Consent) { w.clock.forward(25 * time.Hour); w.startWrong(0) }, true},
		"a bank that says valid for ever": {func(w *world, c storage.Consent) {
			w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"stuckValid":true}`)
			w.must(w.RefreshConsent(w.Context(), c.ID, person))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w, id := newLiveWorld(t)
			w.clock.forward(181 * aDay)
			w.startWrong(0)
			w.stands("at the start", id, false, true, false)
			test.look(w, w.consent(id))
			w.must(w.LookAfter(t.Context()))
			w.stands("after it", id, test.ended, !test.ended, false)
		})
	}
}

// TestEndIsNoticedAtOnceWhereTheClockIsKnown ends a consent on its day without a
// second look where a bank's clock has agreed since the start.
func TestEndIsNoticedAtOnceWhereTheClockIsKnown(t *testing.T) {
	w, id := newLiveWorld(t)
	w.clock.forward(181 * aDay)
	w.must(w.LookAfter(t.Context()))
	w.stands("half a year later", id, true, false, false)
}

// TestJumpIsSaid says when this machine's clock jumps, or is behind what it was, until
// a bank's clock bears it out; and not when time passes, the machine sleeps, or the
// practice banks' clock is moved.
func TestJumpIsSaid(t *testing.T) {
	w, _ := newLiveWorld(t)
	look := func(when string, want bool) *clock.Doubt {
		t.Helper()
		w.must(w.LookAfter(t.Context()))
		doubt := w.Clock().Doubt()
		if (doubt != nil) != want {
			t.Errorf("%s: %+v", when, doubt)
		}
		if doubt == nil {
			return new(clock.Doubt)
		}
		return doubt
	}
	look("at first", false)
	w.clock.forward(10 * aDay)
	look("ten days later", false)
	w.wrong.Add(int64(time.Minute))
	look("corrected by a minute", false)
	w.must(w.Clock().Move(t.Context(), 181))
	look("with the practice banks' clock ahead", false)

	w.wrong.Add(int64(3 * aDay))
	if doubt := look("three days ahead", true); !doubt.Running || doubt.Is.Sub(doubt.Was).Round(time.Hour) != 3*aDay {
		t.Errorf("said: %+v", doubt)
	}
	w.wrong.Add(int64(-3 * aDay))
	if doubt := look("set back", true); !doubt.Running || doubt.Was.Sub(doubt.Is).Round(time.Hour) != 3*aDay {
		t.Errorf("said: %+v", doubt)
	}
	w.must(w.Banks().Refresh(t.Context(), live))
	look("borne out by a bank", false)

	w.clock.forward(time.Hour)
	look("an hour later", false)
	w.startWrong(-aYear)
	if doubt := look("started a year behind", true); doubt.Running || doubt.Was.Sub(doubt.Is).Round(aDay) != aYear {
		t.Errorf("said: %+v", doubt)
	}
	w.startWrong(0)
	w.must(w.Banks().Refresh(t.Context(), live))
	look("set right", false)
}

// TestTimesAheadAreBroughtBack reads without the person while the clock is a month
// ahead: with the right one, and a bank to bear it out, the next read is due within a
// day, and reminders come again.
func TestTimesAheadAreBroughtBack(t *testing.T) {
	w, id := newLiveWorld(t)
	w.startWrong(30 * aDay)
	w.FetchAlone(id)
	w.fetched(id)
	given := []storage.GivenReminder{{ConsentID: id, Days: 30}}
	first, err := w.storeNow().GiveReminders(t.Context(), given, nil)
	w.must(err)
	if !first {
		t.Fatal("it was given before")
	}

	w.startWrong(0)
	if c := w.consent(id); !c.ReadAt.After(w.Clock().Now().Add(aDay)) {
		t.Fatal("nothing was noted ahead of time, which proves nothing")
	}
	w.must(w.Banks().Refresh(t.Context(), live))
	w.must(w.LookAfter(t.Context()))
	c := w.consent(id)
	for what, at := range map[string]time.Time{"read": c.ReadAt, "tried": c.TriedAt, "fetched": c.FetchedAt, "the bank's word": c.StatusAt} {
		if at.After(w.Clock().Now()) || w.Clock().Now().Sub(at) > aDay {
			t.Errorf("%s at %v, where it is %v", what, at, w.Clock().Now())
		}
	}
	if c.Status != xs2a.ConsentValid {
		t.Errorf("the bank's word is %q", c.Status)
	}
	quota, err := w.Reader().Quota(t.Context(), c)
	w.must(err)
	if quota.NextAt.After(w.Clock().Now().Add(aDay + time.Hour)) {
		t.Errorf("the next read without the person is possible at %v, where it is %v", quota.NextAt, w.Clock().Now())
	}
	if again, err := w.storeNow().GiveReminders(t.Context(), given, nil); err != nil || !again {
		t.Errorf("the reminder does not come again: %v", err)
	}
}

// storeNow is the store by this machine's clock.
func (w *world) storeNow() *storage.Store { return w.store.At(w.Clock().Now) }
