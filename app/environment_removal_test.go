package app_test

import (
	"net/http"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
)

// kept holds that an environment stays, as something of it is in use.
func (w *world) kept(environmentID string) {
	w.Helper()
	e, use, err := w.Banks().Removal(w.Context(), environmentID)
	w.must(err)
	if use.Free() || len(use.InUse) == 0 {
		w.Errorf("nothing of the environment is said to be in use: %+v", use)
	}
	if err := w.Banks().RemoveEnvironment(w.Context(), environmentID, bank.Version(e), use.Records); err == nil {
		w.Error("the environment was removed")
	}
}

// TestGivenUpAfterApprovalKeepsEnvironment gives up, without a network, what was approved
// at the bank and from where nobody came back: the bank calls it valid and is to be told.
func TestGivenUpAfterApprovalKeepsEnvironment(t *testing.T) {
	w, linked := newLiveWorld(t)
	w.must(w.Withdraw(t.Context(), linked, true, person))
	flow := w.begin(xs2a.StepRedirect)
	w.fault(`{"method":"GET","path":"/status","status":503,"count":50}`) // or it is learned before the network is gone
	w.visit(flow.ID, false)
	w.network.cut.Store(true)
	w.must(w.SCA().GiveUp(t.Context(), flow.ID, person))
	if c := w.consent(flow.Consent.ID); !c.Ended() || !c.GrantedAt.IsZero() || c.Acknowledgement != storage.AckPending {
		t.Fatalf("ended %v, granted %v, acknowledgement %q", c.Ended(), c.GrantedAt, c.Acknowledgement)
	}
	w.kept(live)
}

// TestAskedForKeepsEnvironment gives a consent up while the bank is being asked for it:
// the answer may still bring it about.
func TestAskedForKeepsEnvironment(t *testing.T) {
	w, linked := newLiveWorld(t)
	w.must(w.Withdraw(t.Context(), linked, true, person))
	sent, answered := make(chan struct{}), make(chan struct{})
	w.network.before(func(r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/psd2/consent/v1/consents" {
			close(sent)
			<-answered
		}
	})
	share := w.DefaultShare(live)
	share.BIC = w.banks[0].BIC
	asked := make(chan error, 1)
	go func() {
		_, err := w.Ask(t.Context(), share, person)
		asked <- err
	}()
	<-sent
	all, err := w.store.LiveConsents(t.Context())
	w.must(err)
	w.must(w.Withdraw(t.Context(), all[0].ID, false, person))
	w.kept(live)
	close(answered)
	<-asked
	if c := w.consent(all[0].ID); c.BankConsentID == "" || c.Status == xs2a.ConsentValid {
		t.Errorf("the bank's answer was not noted: %q, %q", c.BankConsentID, c.Status)
	}
}

// TestWrongClockFreesNoEnvironment starts the program with the clock a year ahead, by which
// the last day of what the bank was not told of has passed: it counts when it has.
func TestWrongClockFreesNoEnvironment(t *testing.T) {
	w, id := newLiveWorld(t)
	w.network.cut.Store(true)
	if err := w.Withdraw(t.Context(), id, true, person); err == nil {
		t.Fatal("the bank was told without a network")
	}
	w.kept(live)
	w.startWrong(aYear)
	w.kept(live)
	w.clock.forward(time.Hour)
	w.must(w.LookAfter(t.Context()))
	w.kept(live)
	w.startWrong(0)
	w.kept(live)
	w.clock.forward(aYear)
	w.must(w.LookAfter(t.Context()))
	w.network.cut.Store(false)
	w.must(w.Banks().Refresh(t.Context(), live)) // where the bank's clock is heard
	if _, use, err := w.Banks().Removal(t.Context(), live); err != nil || !use.Free() {
		t.Errorf("its last day has passed by the bank's clock: %+v, %v", use, err)
	}
}
