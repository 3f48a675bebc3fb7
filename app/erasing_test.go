package app_test

import (
	"testing"
	"time"

	"consentry/app"
)

// TestErasingGoesOnWithoutThePerson lets nobody wait for the end of an erasure: it goes on, once
// however often it is asked for, and is told of when it is done.
func TestErasingGoesOnWithoutThePerson(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	w.App.Close()
	w.App = app.New(app.Config{Store: w.store, Now: w.clock.Now, WrapTransport: w.network.wrapTransport, CallbackURL: here, Control: w.info.Control, Pause: 20 * time.Millisecond, Patience: 1})
	t.Cleanup(w.App.Close)
	w.must(w.Withdraw(t.Context(), id, true, person))
	for range 3 {
		w.must(w.EraseData(t.Context(), id))
	}
	w.await("the data are erased", func() bool { return !w.consent(id).ErasedAt.IsZero() })
	if accounts, err := w.Holdings().Accounts(t.Context()); err != nil || len(accounts) != 0 {
		t.Errorf("%d accounts are left (%v)", len(accounts), err)
	}
}
