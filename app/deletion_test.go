package app_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/frontend"
	"consentry/storage"
	"consentry/xs2a"
)

// guarded links a bank that wants the person to approve the deletion of the
// consent.
func (w *world) guarded() storage.Consent {
	w.Helper()
	c := w.link().Consent
	w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"authoriseDeletion":true}`)
	return c
}

// approveDeletion lets the person approve the deletion at the bank.
func (w *world) approveDeletion(c storage.Consent) {
	w.Helper()
	w.control(http.MethodPost, "/consents/"+c.BankConsentID+"/delete", "")
}

// TestWithdrawalIsConfirmedByTheBank takes a withdrawal for confirmed only when
// the bank says that the consent has ended: until then it needs the person, is
// said to be open everywhere, and nothing is read.
func TestWithdrawalIsConfirmedByTheBank(t *testing.T) {
	t.Parallel()
	tests := map[string]func(w *world, c storage.Consent){
		"the person asks":      func(w *world, c storage.Consent) { w.must(w.AskEnded(w.Context(), c.ID, person)) },
		"it is asked in time":  func(w *world, _ storage.Consent) { w.clock.forward(6 * time.Minute); w.must(w.Settle(w.Context())) },
		"the bank forgot it":   func(w *world, c storage.Consent) { w.forget(c); w.must(w.AskEnded(w.Context(), c.ID, person)) },
		"the bank is told now": func(w *world, c storage.Consent) { w.must(w.TellBank(w.Context(), c.ID, person)) },
	}
	for name, ask := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := w.guarded()
			w.must(w.Withdraw(t.Context(), c.ID, false, person))
			w.unconfirmed(c.ID)
			reads := w.network.count("GET", "/accounts")
			w.Reader().Fetch(c.ID, person)
			if job := w.fetched(c.ID); job.Err == nil || w.network.count("GET", "/accounts") != reads {
				t.Error("a withdrawn consent was used")
			}
			w.must(w.AskEnded(t.Context(), c.ID, person)) // the bank says valid
			w.unconfirmed(c.ID)
			w.approveDeletion(c)
			w.clock.forward(5 * time.Minute)
			ask(w, c)
			if got := w.consent(c.ID); got.Acknowledgement != storage.AckConfirmed || got.Status != xs2a.ConsentTerminatedByTPP {
				t.Errorf("acknowledged %q, status %q", got.Acknowledgement, got.Status)
			}
			if credentials, err := w.store.Credentials(t.Context(), storage.ConsentSubject(c.ID)); err != nil || credentials != (storage.Credentials{}) {
				t.Errorf("how the bank knows the person was kept: %v", err)
			}
		})
	}
}

func (w *world) forget(c storage.Consent) {
	w.Helper()
	w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"forget":true}`)
}

// unconfirmed checks that a withdrawal is said not to be confirmed wherever that
// is told.
func (w *world) unconfirmed(id string) {
	w.Helper()
	c := w.consent(id)
	if c.End != storage.EndWithdrawn || c.Acknowledgement != storage.AckUnconfirmed || c.Status != xs2a.ConsentValid || !c.Deletion.Approve() {
		w.Fatalf("ended %q, acknowledged %q, status %q, %+v", c.End, c.Acknowledgement, c.Status, c.Deletion)
	}
	list, err := w.ConsentList(w.Context(), app.ConsentQuery{Limit: 10})
	w.must(err)
	if list.Counts[app.NeedsPerson] != 1 || list.Counts[app.Ended] != 0 {
		w.Errorf("listed as %v", list.Counts)
	}
	receipt, err := w.Receipt(w.Context(), id)
	w.must(err)
	end := frontend.RecordOf(w.Context(), receipt).Extension.End
	if end.BankAck != "unconfirmed" || !strings.Contains(end.BankAckNote, "approve the deletion") {
		w.Errorf("the record says %q: %s", end.BankAck, end.BankAckNote)
	}
	if last := receipt.Events[len(receipt.Events)-1]; last.Kind != storage.EventUnconfirmed {
		w.Errorf("the history ends with %q", last.Kind)
	}
}

// TestNotAskedForEver asks a bank ever less often whether it has ended a
// consent, and no more a month later; the person may ask at any time.
func TestNotAskedForEver(t *testing.T) {
	w := newWorld(t)
	c := w.guarded()
	w.must(w.Withdraw(t.Context(), c.ID, false, person))
	asked := func() int { return w.network.count("GET", c.BankConsentID+"/status") }
	before := asked()
	for range 60 {
		w.clock.forward(time.Minute)
		w.must(w.Settle(t.Context()))
	}
	if n := asked() - before; n < 2 || n > 4 {
		t.Errorf("asked %d times in the first hour", n)
	}
	for range 40 {
		w.clock.forward(24 * time.Hour)
		w.must(w.Settle(t.Context()))
	}
	before = asked()
	w.clock.forward(24 * time.Hour)
	w.must(w.Settle(t.Context()))
	if n := asked() - before; n != 0 {
		t.Errorf("asked %d times a month later", n)
	}
	w.approveDeletion(c)
	w.must(w.AskEnded(t.Context(), c.ID, person))
	if got := w.consent(c.ID); got.Acknowledgement != storage.AckConfirmed {
		t.Errorf("acknowledged %q", got.Acknowledgement)
	}
}

// TestRefusalOfAWithdrawalIsVerified does not take a bank's code for the end
// of a consent that the bank calls valid.
func TestRefusalOfAWithdrawalIsVerified(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	w.fault(`{"method":"DELETE","path":"/consents/","status":401,"code":"CONSENT_INVALID"}`)
	if err := w.Withdraw(t.Context(), id, false, person); err == nil {
		t.Error("the withdrawal counts as taken")
	}
	if c := w.consent(id); c.Acknowledgement != storage.AckRefused || c.Status != xs2a.ConsentValid {
		t.Errorf("acknowledged %q, status %q", c.Acknowledgement, c.Status)
	}
}

// withdrawnAt links a practice bank that wants deletions approved, withdraws there,
// and begins the approval.
func (w *world) withdrawnAt(bic string) (consentID, authorisationID string) {
	w.Helper()
	w.must(w.UseSandbox(w.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, bic, w.psu.Login
	consentID = w.at(share)
	w.must(w.Withdraw(w.Context(), consentID, false, person))
	w.unconfirmed(consentID)
	authorisationID, err := w.ApproveDeletion(w.Context(), consentID, person)
	w.must(err)
	return consentID, authorisationID
}

// TestDeletionComesToNothing begins to approve a deletion and does not: the consent
// stays withdrawn here and unconfirmed at the bank, and can be approved later.
func TestDeletionComesToNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(w *world, id string)
		want storage.Outcome
	}{
		"the person says no": {func(w *world, id string) { w.returned(w.visit(id, true), sca.ReturnDenied) }, storage.Denied},
		"the bank tells first that they said no": {func(w *world, id string) {
			back := w.visit(id, true)
			w.must(w.SCA().Poll(w.Context(), id, person))
			w.outcome(id, storage.Failed)
			w.returned(back, sca.ReturnDenied)
		}, storage.Denied},
		"the bank tells first, and they bring the no by hand": {func(w *world, id string) {
			back := w.visit(id, true)
			w.must(w.SCA().Poll(w.Context(), id, person))
			w.outcome(id, storage.Failed)
			w.must(w.SCA().Pasted(w.Context(), id, w.flow(id).RedirectURI+"?"+back.Encode(), person))
		}, storage.Denied},
		"both tell at once": {func(w *world, id string) {
			back := w.visit(id, true)
			asked := make(chan error)
			go func() { asked <- w.SCA().Poll(w.Context(), id, person) }()
			w.returned(back, sca.ReturnDenied)
			w.must(<-asked)
		}, storage.Denied},
		"another one approves": {func(w *world, id string) {
			astrid := w.psu
			w.psu = w.info.PSUs[1]
			w.returned(w.visit(id, false), sca.ReturnTaken)
			w.psu = astrid
		}, storage.Failed},
		"not now":         {func(w *world, id string) { w.must(w.SCA().GiveUp(w.Context(), id, person)) }, storage.GivenUp},
		"it takes long":   {func(w *world, id string) { w.clock.forward(time.Hour); w.must(w.SCA().Poll(w.Context(), id, person)) }, storage.Failed},
		"begun once more": {func(w *world, _ string) { w.restart(strings.Replace(here, "8999", "8998", 1)) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			consent, id := w.withdrawnAt("elbufer")
			test.do(w, id)
			w.outcome(id, test.want)
			w.unconfirmed(consent)
			w.approvesDeletion(consent)
			if again, err := w.ApproveDeletion(t.Context(), consent, person); err != nil || w.flow(again).Outcome != storage.Succeeded {
				t.Errorf("what is done is begun once more: %v", err)
			}
		})
	}
}

// TestDeletionIsDoneElsewhere has the bank end the consent while its deletion is
// being approved here: the approval has come to its end with it.
func TestDeletionIsDoneElsewhere(t *testing.T) {
	w := newWorld(t)
	consent, id := w.withdrawnAt("isarfels")
	w.approveDeletion(w.consent(consent))
	w.must(w.AskEnded(t.Context(), consent, person))
	if c := w.consent(consent); c.Acknowledgement != storage.AckConfirmed {
		t.Fatalf("acknowledged %q", c.Acknowledgement)
	}
	w.outcome(id, storage.Succeeded)
}

// TestNoDeletionToApprove begins none where the bank knows of the end, or the consent
// is in use.
func TestNoDeletionToApprove(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	for range 2 {
		if _, err := w.ApproveDeletion(t.Context(), flow.Consent.ID, person); !errors.Is(err, storage.ErrEnd) {
			t.Errorf("got %v", err)
		}
		w.must(w.Withdraw(t.Context(), flow.Consent.ID, false, person))
	}
}

// TestErasedDeletionKeepsNoWords approves the deletion of a consent whose data were
// erased: what the bank said on the way is not kept.
func TestErasedDeletionKeepsNoWords(t *testing.T) {
	w := newWorld(t)
	consent, first := w.withdrawnAt("elbufer")
	w.must(w.EraseData(t.Context(), consent))
	id, err := w.ApproveDeletion(t.Context(), consent, person)
	w.must(err)
	w.must(w.SCA().GiveUp(t.Context(), id, person)) // of that nothing is kept either
	w.approvesDeletion(consent)
	flows, err := w.SCA().Attempts(t.Context(), storage.DeletionSubject(consent))
	w.must(err)
	if len(flows) < 2 || flows[len(flows)-1].ID != first {
		t.Fatalf("%d approvals", len(flows))
	}
	for _, flow := range flows {
		if flow.Message != "" || flow.Answer != "" || flow.Link != "" {
			t.Errorf("kept %q, %q, %q", flow.Message, flow.Answer, flow.Link)
		}
	}
}

// TestErasedWhileApproving erases the data while the deletion is being approved at the
// bank: who comes back is told how the consent stands there, and nothing failed.
func TestErasedWhileApproving(t *testing.T) {
	w := newWorld(t)
	consent, id := w.withdrawnAt("elbufer")
	w.fault(`{"method":"GET","path":"/status","status":503,"count":50}`)
	back := w.visit(id, false)
	w.must(w.EraseData(t.Context(), consent))
	w.control(http.MethodDelete, "/faults", "")
	w.outcome(id, storage.GivenUp)
	w.returned(back, sca.ReturnOver)
	if c := w.consent(consent); c.Acknowledgement != storage.AckConfirmed {
		t.Errorf("acknowledged %q", c.Acknowledgement)
	}
}

// TestRefusedDeletionIsSaid begins an approval at a bank that refuses the word this
// time: the refusal is shown, and nothing is waited for.
func TestRefusedDeletionIsSaid(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{`"status":409,"code":"STATUS_INVALID"`, `"status":404`, `"status":401,"code":"CONSENT_INVALID"`} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t)
			consent, id := w.withdrawnAt("elbufer")
			w.must(w.SCA().GiveUp(t.Context(), id, person))
			w.fault(`{"method":"DELETE","path":"/consents/",` + fault + `}`)
			id, err := w.ApproveDeletion(t.Context(), consent, person)
			var told *app.Error
			if !errors.As(err, &told) || !w.flow(id).Unanswered() {
				t.Errorf("%v at step %q", err, w.flow(id).Step)
			}
			w.approvesDeletion(consent)
		})
	}
}

// TestDeletionAtOnce takes a bank's word that has ended the consent when it was asked
// to begin, also where it says nothing of it any more.
func TestDeletionAtOnce(t *testing.T) {
	w := newWorld(t)
	consent, id := w.withdrawnAt("elbufer")
	w.must(w.SCA().GiveUp(t.Context(), id, person))
	w.control(http.MethodPost, "/consents/"+w.consent(consent).BankConsentID, `{"authoriseDeletion":false}`)
	w.fault(`{"method":"GET","path":"/status","status":401,"code":"TOKEN_INVALID","count":50}`)
	id, err := w.ApproveDeletion(t.Context(), consent, person)
	w.must(err)
	w.outcome(id, storage.Succeeded)
	if c := w.consent(consent); c.Acknowledgement != storage.AckConfirmed {
		t.Errorf("acknowledged %q", c.Acknowledgement)
	}
}

// TestDeletionBegunTwiceAtOnce begins an approval in two windows at once: both go on
// with one, for which the bank was told once.
func TestDeletionBegunTwiceAtOnce(t *testing.T) {
	w := newWorld(t)
	consent, id := w.withdrawnAt("elbufer")
	w.must(w.SCA().GiveUp(t.Context(), id, person))
	before := w.network.count(http.MethodDelete, w.consent(consent).BankConsentID)
	var ids [2]string
	var windows sync.WaitGroup
	for i := range ids {
		windows.Go(func() {
			var err error
			if ids[i], err = w.ApproveDeletion(t.Context(), consent, person); err != nil {
				t.Error(err)
			}
		})
	}
	windows.Wait()
	if n := w.network.count(http.MethodDelete, w.consent(consent).BankConsentID) - before; ids[0] != ids[1] || n != 1 {
		t.Errorf("%v, and the bank was told %d times", ids, n)
	}
}

// TestDeletionGoesOnAfterARestart approves on another device once the program has
// started again: the page that waits learns of it.
func TestDeletionGoesOnAfterARestart(t *testing.T) {
	w := newWorld(t)
	consent, id := w.withdrawnAt("lyktan")
	w.restart(here)
	again, err := w.ApproveDeletion(t.Context(), consent, person)
	w.must(err)
	if again != id {
		t.Fatal("what can go on was begun anew")
	}
	w.approveDecoupled(w.flow(id))
	w.outcome(id, storage.Succeeded)
}

// TestDeletionWithATokenThatRanOut logs in anew where the bank takes the person's
// token no more and gave no means to renew it.
func TestDeletionWithATokenThatRanOut(t *testing.T) {
	w := newWorld(t)
	consent, id := w.withdrawnAt("isarfels")
	w.must(w.SCA().GiveUp(t.Context(), id, person))
	credentials, err := w.store.Credentials(t.Context(), storage.ConsentSubject(consent))
	w.must(err)
	credentials.RefreshToken = ""
	w.must(w.store.SetCredentials(t.Context(), storage.ConsentSubject(consent), credentials))
	w.fault(`{"method":"DELETE","path":"/consents/","status":401,"code":"TOKEN_EXPIRED","count":1}`)
	id, err = w.ApproveDeletion(t.Context(), consent, person)
	w.must(err)
	if flow := w.flow(id); flow.Step != xs2a.StepOAuth || !flow.Secret.PreStep {
		t.Errorf("step %q, before anything else: %v", flow.Step, flow.Secret.PreStep)
	}
}
