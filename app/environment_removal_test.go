package app_test

import (
	"net/http"
	"testing"

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
