package app_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/visitor"
)

// TestLinking links a bank in each of the ways a redirect can go.
func TestLinking(t *testing.T) {
	t.Parallel()
	for _, way := range []xs2a.Step{xs2a.StepOAuth, xs2a.StepRedirect, xs2a.StepChooseMethod} {
		t.Run(string(way), func(t *testing.T) {
			w := newWorld(t)
			flow := w.begin(way)
			if way == xs2a.StepChooseMethod {
				method := flow.Asks.Methods[len(flow.Asks.Methods)-1].ID
				w.must(w.SCA().Update(t.Context(), flow.ID, flow.Step, sca.Given{PSUData: xs2a.PSUData{MethodID: method}}, person))
			}
			w.returned(w.visit(flow.ID, false), sca.ReturnTaken)
			w.outcome(flow.ID, storage.Succeeded)
			if job := w.fetched(flow.Consent.ID); job.Err != nil || job.Done == 0 || job.New == 0 {
				t.Fatalf("fetch: %+v", job)
			}
			c, err := w.Consent(t.Context(), flow.Consent.ID)
			w.must(err)
			if c.Status != xs2a.ConsentValid || len(c.Granted) == 0 || c.FetchedAt.IsZero() {
				t.Errorf("the consent is %+v", c)
			}
			accounts, err := w.Holdings().ConsentAccounts(t.Context(), c.ID)
			w.must(err)
			for _, a := range accounts {
				if len(a.Balances) == 0 || a.IBAN == "" || len(a.Raw) == 0 {
					t.Errorf("account %+v", a)
				}
			}
			if w.countBooked() == 0 {
				t.Error("no transactions")
			}
		})
	}
}

// TestSecondFetchAddsNothing fetches the same again.
func TestSecondFetchAddsNothing(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	before := w.countBooked()
	for range 2 {
		w.Reader().Fetch(flow.Consent.ID, person)
		if job := w.fetched(flow.Consent.ID); job.Err != nil || job.New != 0 {
			t.Fatalf("second fetch: %+v", job)
		}
	}
	if after := w.countBooked(); after != before {
		t.Errorf("%d transactions became %d", before, after)
	}
}

// TestNextDay fetches a day later: what is new is added once.
func TestNextDay(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	before := w.countBooked()
	w.clock.forward(3 * 24 * time.Hour)
	w.Reader().Fetch(flow.Consent.ID, person)
	job := w.fetched(flow.Consent.ID)
	if job.Err != nil || job.New == 0 {
		t.Fatalf("fetch three days later: %+v", job)
	}
	if after := w.countBooked(); after != before+job.New {
		t.Errorf("%d transactions and %d new ones make %d", before, job.New, after)
	}
}

// TestDenied says no at the bank.
func TestDenied(t *testing.T) {
	t.Parallel()
	for _, way := range []xs2a.Step{xs2a.StepOAuth, xs2a.StepRedirect} {
		t.Run(string(way), func(t *testing.T) {
			w := newWorld(t)
			flow := w.begin(way)
			w.returned(w.visit(flow.ID, true), sca.ReturnDenied)
			w.outcome(flow.ID, storage.Denied)
			if got := w.status(flow.Consent.ID); got != xs2a.ConsentRejected {
				t.Errorf("the consent is %q", got)
			}
			if w.countBooked() != 0 || w.Reader().Job(flow.Consent.ID) != nil {
				t.Error("something was fetched")
			}
		})
	}
}

// TestReturns takes each return that is not as it should be, and leaves the
// store as it was.
func TestReturns(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	values := w.visit(flow.ID, false)

	w.returned(url.Values{}, sca.ReturnEmpty)
	w.returned(url.Values{"code": values["code"]}, sca.ReturnEmpty)
	w.returned(url.Values{"state": {"made-up"}, "code": values["code"]}, sca.ReturnUnknown)
	if got := w.flow(flow.ID); got.Ended() || !got.ReturnedAt.IsZero() {
		t.Fatalf("a foreign return changed the flow: %+v", got.Authorisation)
	}
	w.returned(values, sca.ReturnTaken)
	w.outcome(flow.ID, storage.Succeeded)
	w.fetched(flow.Consent.ID)
	exchanges := w.network.count(http.MethodPost, "/connect/token")
	w.returned(values, sca.ReturnTwice)
	if again := w.network.count(http.MethodPost, "/connect/token"); again != exchanges {
		t.Error("the code was sent again")
	}
}

// TestCodeOfAnother offers a flow the code of another one.
func TestCodeOfAnother(t *testing.T) {
	w := newWorld(t)
	victim := w.begin(xs2a.StepOAuth)
	once := w.DefaultShare(bank.SandboxID)
	once.BIC, once.Recurring = victim.Consent.BIC, false
	other, err := w.Ask(t.Context(), once, person)
	w.must(err)
	values := w.visit(other, false)
	values.Set("state", victim.Secret.State)
	w.returned(values, sca.ReturnFailed)
	w.outcome(victim.ID, storage.Failed)
	if got := w.status(victim.Consent.ID); got == xs2a.ConsentValid {
		t.Error("the consent became valid")
	}
}

// TestTooLate comes back an hour later.
func TestTooLate(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	values := w.visit(flow.ID, false)
	w.clock.forward(time.Hour)
	w.returned(values, sca.ReturnLate)
	if ended := w.flow(flow.ID); ended.Outcome != storage.Expired && ended.Outcome != storage.Failed { // as it was noticed here, or heard from the bank
		t.Errorf("ended %q", ended.Outcome)
	}
	id, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person)
	w.must(err)
	w.returned(w.visit(id, false), sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
}

// TestTooLateAfterTheBank comes back an hour later, when the bank has been asked
// already and said that it had ended the authorisation.
func TestTooLateAfterTheBank(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	values := w.visit(flow.ID, false)
	w.clock.forward(time.Hour)
	w.must(w.SCA().Poll(t.Context(), flow.ID, person))
	w.await("the bank's end of it is known here", func() bool { return w.flow(flow.ID).Ended() })
	w.returned(values, sca.ReturnLate)
}

// TestStoppedIsNoDenial comes back with the one word that an authorisation server has for
// a no of either side (RFC 6749 section 4.1.2.1), after the bank has said that it was
// its own: a consent to which the person says no would be rejected.
func TestStoppedIsNoDenial(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	page, err := w.SCA().Redirect(t.Context(), flow.ID, person)
	w.must(err)
	if back, err := (visitor.Person{Login: w.psu.Login, Password: "wrong"}).Visit(page); err == nil {
		t.Fatalf("the bank let them in: %s", back)
	}
	w.must(w.SCA().Poll(t.Context(), flow.ID, person))
	w.outcome(flow.ID, storage.Failed)
	w.returned(url.Values{"state": {flow.Secret.State}, "error": {"access_denied"}}, sca.ReturnDenied)
	w.outcome(flow.ID, storage.Failed)
}

// TestNeverCameBack approves at the bank and closes the browser there.
func TestNeverCameBack(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepRedirect)
	w.visit(flow.ID, false)
	w.must(w.SCA().Poll(t.Context(), flow.ID, person))
	w.outcome(flow.ID, storage.Succeeded)
}

// TestApprovedBeforeTheToken asks the bank how far it is while the token is on its
// way, for whose code the bank has made the consent valid: nothing is read before
// there is a token to read with.
func TestApprovedBeforeTheToken(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = bank.SandboxID, "nordfjell"
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	back := w.visit(id, false)
	var asked atomic.Bool
	w.network.then(func(r *http.Request, _ *http.Response) {
		if !strings.HasSuffix(r.URL.Path, "/token") || !asked.CompareAndSwap(false, true) {
			return
		}
		for w.flow(id).Consent.Status != xs2a.ConsentValid { // a look in the background may be at it
			if err := w.SCA().Poll(context.WithoutCancel(t.Context()), id, person); err != nil {
				t.Error(err)
			}
		}
		if flow := w.flow(id); flow.Ended() {
			t.Errorf("ended %q", flow.Outcome)
		}
	})
	w.returned(back, sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
	if job := w.fetched(w.flow(id).Consent.ID); job.Err != nil || !asked.Load() {
		t.Errorf("the first fetch: %v; asked in between: %v", job.Err, asked.Load())
	}
}

// TestRestart ends the program while the person is at the bank, and goes on
// after the next start, which has another return address.
func TestRestart(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	if _, err := w.SCA().Redirect(t.Context(), flow.ID, person); err != nil {
		t.Fatal(err)
	}
	w.restart(strings.Replace(here, "8999", "8998", 1))
	unfinished, err := w.SCA().Unfinished(t.Context(), storage.SubjectConsent)
	w.must(err)
	if len(unfinished) != 1 || unfinished[0].Holder.ID != flow.Consent.ID {
		t.Fatalf("unfinished after the start: %+v", unfinished)
	}
	id, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person)
	w.must(err)
	if id == flow.ID {
		t.Fatal("the old attempt leads back to an address that is gone")
	}
	if got := w.flow(flow.ID).Outcome; got != storage.Replaced {
		t.Errorf("the old attempt is %q", got)
	}
	w.returned(w.visit(id, false), sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
	if n := w.network.count(http.MethodPost, "/consents"); n != 1+given(w) {
		t.Errorf("%d consents were asked for", n)
	}
}

// given counts the consents given up while looking for a bank.
func given(w *world) (n int) {
	consents, err := w.Consents(w.Context())
	w.must(err)
	for _, c := range consents {
		if c.Status == xs2a.ConsentTerminatedByTPP {
			n++
		}
	}
	return n
}

// TestResumeApproved finds on resuming that the person had approved meanwhile.
func TestResumeApproved(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepRedirect)
	w.visit(flow.ID, false)
	w.restart(strings.Replace(here, "8999", "8997", 1))
	id, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person)
	w.must(err)
	w.outcome(id, storage.Succeeded)
	if id != flow.ID {
		t.Error("the person was asked to approve a second time")
	}
}

// TestGiveUp ends a flow here and at the bank.
func TestGiveUp(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	values := w.visit(flow.ID, false)
	w.must(w.SCA().GiveUp(t.Context(), flow.ID, person))
	w.outcome(flow.ID, storage.GivenUp)
	if got := w.status(flow.Consent.ID); got != xs2a.ConsentTerminatedByTPP {
		t.Errorf("the consent is %q", got)
	}
	w.returned(values, sca.ReturnOver)
	w.returned(values, sca.ReturnTwice)
}

// TestUnreachable cuts the line at each point of a linking. Nothing is lost,
// one consent is asked for, and the flow goes on when the line is back.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	t.Run("while asking", func(t *testing.T) {
		w := newWorld(t)
		at := w.begin(xs2a.StepOAuth).Consent
		w.must(w.Withdraw(t.Context(), at.ID, false, person))
		w.network.cut.Store(true)
		flow := w.ask(storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: at.BIC}, EnvironmentID: bank.SandboxID})
		if !flow.Unanswered() {
			t.Fatalf("without a network: %+v", flow.Authorisation)
		}
		if _, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person); err == nil {
			t.Fatal("going on without a network succeeded")
		}
		w.network.cut.Store(false)
		id, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person)
		w.must(err)
		w.returned(w.visit(id, false), sca.ReturnTaken)
		w.outcome(id, storage.Succeeded)
	})
	t.Run("while the answer comes", func(t *testing.T) {
		w := newWorld(t)
		at := w.begin(xs2a.StepOAuth).Consent
		w.must(w.Withdraw(t.Context(), at.ID, false, person))
		w.network.before(func(req *http.Request) { // the request gets there, the answer does not
			if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/consents") {
				w.network.cut.Store(true)
			}
		})
		flow := w.ask(storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: at.BIC}, EnvironmentID: bank.SandboxID})
		if flow.Ended() || flow.Step == xs2a.StepOAuth {
			t.Fatalf("with the line cut: %+v", flow.Authorisation)
		}
		w.network.cut.Store(false)
		w.network.before(nil)
		id, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person)
		w.must(err)
		w.returned(w.visit(id, false), sca.ReturnTaken)
		w.outcome(id, storage.Succeeded)
	})
	t.Run("while the code is exchanged", func(t *testing.T) {
		w := newWorld(t)
		flow := w.begin(xs2a.StepOAuth)
		values := w.visit(flow.ID, false)
		w.network.cut.Store(true)
		w.returned(values, sca.ReturnFailed)
		w.outcome(flow.ID, storage.Failed)
		w.network.cut.Store(false)
		id, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(flow.Consent.ID), person)
		w.must(err)
		w.returned(w.visit(id, false), sca.ReturnTaken)
		w.outcome(id, storage.Succeeded)
	})
	t.Run("while fetching", func(t *testing.T) {
		w := newWorld(t)
		flow := w.link()
		before := w.countBooked()
		w.network.cut.Store(true)
		w.Reader().Fetch(flow.Consent.ID, person)
		job := w.fetched(flow.Consent.ID)
		if job.Err == nil || job.Err.Code == "" {
			t.Fatalf("fetch without a network: %+v", job)
		}
		c, err := w.Consent(t.Context(), flow.Consent.ID)
		w.must(err)
		if !c.FetchError.Given() || c.FetchedAt.IsZero() || w.countBooked() != before {
			t.Errorf("after a failed fetch: %+v", c)
		}
	})
}

// TestRefusedAtTheBank types a wrong password until the bank has enough.
func TestRefusedAtTheBank(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	w.psu.Password = "wrong"
	page, err := w.SCA().Redirect(t.Context(), flow.ID, person)
	w.must(err)
	if _, err := (visitorOf(w)).Visit(page); err == nil {
		t.Fatal("a wrong password was taken")
	}
	w.must(w.SCA().Poll(t.Context(), flow.ID, person))
	w.outcome(flow.ID, storage.Failed)
}
