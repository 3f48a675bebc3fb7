package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/storage"
)

// TestSlowBankDelaysNoOther lets a bank hang in the middle of a fetch that began
// by itself: at another one a consent runs out, and a third bank, which could
// not be reached before, is told of a withdrawal.
func TestSlowBankDelaysNoOther(t *testing.T) {
	w := newWorld(t)
	linked := func(n int, until int) storage.Consent {
		share := w.DefaultShare(app.SandboxID)
		share.BIC, share.ValidUntil = w.banks[n].BIC, w.Now().UTC().AddDate(0, 0, until).Format(time.DateOnly)
		return w.consent(w.approve(share))
	}
	slow, ending, withdrawn := linked(0, 90), linked(1, 5), linked(2, 90)
	w.line.cut.Store(true)
	if err := w.Withdraw(t.Context(), withdrawn.ID, false, person); err == nil {
		t.Fatal("the bank was reached")
	}
	w.line.cut.Store(false)

	hanging, goOn := make(chan struct{}, 100), make(chan struct{})
	w.Cleanup(func() { close(goOn) })
	w.line.mu.Lock()
	w.line.on = func(r *http.Request) {
		if r.Header.Get("X-BicFi") == slow.BIC && strings.HasSuffix(r.URL.Path, "/accounts") {
			hanging <- struct{}{}
			<-goOn
		}
	}
	w.line.mu.Unlock()
	w.clock.forward(25 * time.Hour)
	ticks := make(chan time.Time)
	w.WatchAt(ticks)
	<-hanging
	w.await("the third bank is told", func() bool { return w.consent(withdrawn.ID).Told == storage.ToldBank })
	w.clock.forward(6 * 24 * time.Hour)
	ticks <- w.Now()
	w.await("the other consent runs out", func() bool { return w.consent(ending.ID).End == storage.EndExpired })
	if job := w.Job(slow.ID); job == nil || !job.Running() {
		t.Error("the bank did not hang, which proves nothing")
	}
}
