package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// TestSlowBankDelaysNoOther lets a bank hang in the middle of a fetch that began
// by itself: at another one a consent runs out, and a third bank, which could
// not be reached before, is told of a withdrawal.
func TestSlowBankDelaysNoOther(t *testing.T) {
	w := newWorld(t)
	tried := 0
	linked := func(days int) storage.Consent { // at the next bank that has a page of its own
		for tried < len(w.banks) {
			share := w.DefaultShare(bank.SandboxID)
			share.BIC, share.ValidUntil = w.banks[tried].BIC, w.Clock().Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
			tried++
			id, err := w.Ask(t.Context(), share, person)
			w.must(err)
			if flow := w.flow(id); flow.Step == xs2a.StepOAuth {
				w.returned(w.visit(id, false), sca.ReturnTaken)
				w.outcome(id, storage.Succeeded)
				w.fetched(flow.Consent.ID)
				return w.consent(flow.Consent.ID)
			}
			w.must(w.SCA().GiveUp(t.Context(), id, person))
		}
		t.Fatal("there are fewer than three banks with a page")
		return storage.Consent{}
	}
	slow, ending, withdrawn := linked(90), linked(5), linked(90)
	w.network.cut.Store(true)
	if err := w.Withdraw(t.Context(), withdrawn.ID, false, person); err == nil {
		t.Fatal("the bank was reached")
	}
	w.network.cut.Store(false)

	hanging, goOn := make(chan struct{}, 100), make(chan struct{})
	w.Cleanup(func() { close(goOn) })
	w.network.before(func(r *http.Request) {
		if r.Header.Get("X-BicFi") == slow.BIC && strings.HasSuffix(r.URL.Path, "/accounts") {
			hanging <- struct{}{}
			<-goOn
		}
	})
	w.clock.forward(25 * time.Hour)
	ticks := make(chan time.Time)
	w.WatchAt(ticks)
	<-hanging
	w.await("the third bank is told", func() bool { return w.consent(withdrawn.ID).Acknowledgement == storage.AckConfirmed })
	w.clock.forward(6 * 24 * time.Hour)
	ticks <- w.Clock().Now()
	w.await("the other consent runs out", func() bool { return w.consent(ending.ID).End == storage.EndExpired })
	if job := w.Reader().Job(slow.ID); job == nil || !job.Running() {
		t.Error("the bank did not hang, which proves nothing")
	}
}
