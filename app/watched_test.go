package app_test

import (
	"net/http"
	"testing"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// A no that was said elsewhere is seen by who looks at the page that waits for the bank's
// own: where that was not opened, and after a restart, which ends all asking.
func TestANoElsewhereIsSeenWhileWaiting(t *testing.T) {
	t.Parallel()
	for name, opened := range map[string]bool{"not opened": false, "opened, and started anew": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			flow := w.begin(xs2a.StepOAuth)
			if opened {
				_, err := w.SCA().Redirect(t.Context(), flow.ID, person)
				w.must(err)
				w.restart(here)
			}
			w.control(http.MethodPost, "/authorisations/"+flow.BankID+"/deny", "")
			w.clock.forward(time.Second)
			w.await("the no to be seen", func() bool {
				now := w.flow(flow.ID)
				w.SCA().Watched(now.Flow, person)
				return now.Ended()
			})
			if now := w.flow(flow.ID); now.Outcome != storage.Denied {
				t.Errorf("the outcome is %q", now.Outcome)
			}
		})
	}
}
