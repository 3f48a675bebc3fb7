package app_test

import (
	"path/filepath"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a/sandbox"
)

// TestPracticeBanksMove starts the practice banks anew, at another port, as each start
// of the program does: what the person let them be read for can be read still, with a
// new token where the old one has run out, and an approval whose page lay at the old
// port is begun anew.
func TestPracticeBanksMove(t *testing.T) {
	w := newWorld(t)
	state := filepath.Join(t.TempDir(), "sandbox.json")
	begin := func() *sandbox.Server {
		banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1, Now: w.clock.Now, State: state, Keys: keys()})
		w.must(err)
		w.info = banks.Info()
		w.restart(here) // the program answers where it did
		w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
		return banks
	}
	banks := begin()
	links := map[string]app.Flow{}
	for _, bic := range []string{"oststern", "havelquell"} {
		share := w.DefaultShare(bank.SandboxID)
		share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, bic, w.psu.Login
		id, err := w.Ask(t.Context(), share, person)
		w.must(err)
		flow := w.walk(id)
		if flow.Outcome != storage.Succeeded {
			t.Fatalf("%s ended %q: %s", bic, flow.Outcome, flow.Message)
		}
		w.hurry(flow.Consent.ID)
		w.fetched(flow.Consent.ID)
		links[bic] = flow
	}
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "elbufer", w.psu.Login
	open, err := w.Ask(t.Context(), share, person)
	w.must(err)

	w.must(banks.Close())
	moved := begin()
	t.Cleanup(func() { moved.Close() })
	w.clock.forward(25 * time.Hour)
	for bic, flow := range links {
		w.Reader().Fetch(flow.Consent.ID, person)
		w.hurry(flow.Consent.ID)
		if job := w.fetched(flow.Consent.ID); job.Err != nil || job.Done == 0 {
			t.Errorf("%s cannot be read any more: %v", bic, job.Err)
		}
	}
	w.clock.forward(-25 * time.Hour)
	anew, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(w.flow(open).Consent.ID), person)
	w.must(err)
	if anew == open {
		t.Error("an approval whose page is gone is offered as it was")
	}
}
