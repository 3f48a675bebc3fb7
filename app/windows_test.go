package app_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// embedded asks a bank that takes password and code here, up to a step.
func (w *world) embedded(upTo xs2a.Step) (id string) {
	w.Helper()
	w.must(w.UseSandbox(w.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "einhafen", w.psu.Login
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	for w.flow(id).Step != upTo {
		w.act(w.flow(id))
	}
	return id
}

// updates counts the requests that give a bank something for an authorisation.
func (w *world) updates() (n *atomic.Int32) {
	n = &atomic.Int32{}
	w.network.before(func(r *http.Request) {
		if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/authorisations/") {
			n.Add(1)
		}
	})
	return n
}

// TestTwoWindowsSendOnce lets two windows give the same code at once: the bank
// gets it once, and the other window is told.
func TestTwoWindowsSendOnce(t *testing.T) {
	w := newWorld(t)
	id := w.embedded(xs2a.StepCode)
	sent := w.updates()
	given := sca.Given{PSUData: xs2a.PSUData{Code: w.psu.Code}}
	var both sync.WaitGroup
	var told atomic.Int32
	for range 2 {
		both.Go(func() {
			err := w.SCA().Update(t.Context(), id, xs2a.StepCode, given, person)
			var said *app.Error
			switch {
			case errors.As(err, &said) && said.Code == failure.Overtaken:
				told.Add(1)
			case err != nil:
				t.Error(err)
			}
		})
	}
	both.Wait()
	w.outcome(id, storage.Succeeded)
	if sent.Load() != 1 {
		t.Errorf("the code was sent %d times", sent.Load())
	}
	if told.Load() > 1 { // one that comes after the end sees the end
		t.Errorf("%d windows were told that nothing was sent", told.Load())
	}
}

// TestSecondWindowWhileSending gives the code in a second window while the one
// of the first is on its way: nothing is sent from there, and it is told.
func TestSecondWindowWhileSending(t *testing.T) {
	w := newWorld(t)
	id := w.embedded(xs2a.StepCode)
	sent := w.updates()
	var once atomic.Bool
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method != http.MethodPut {
			return
		}
		if once.CompareAndSwap(false, true) {
			err := w.SCA().Update(t.Context(), id, xs2a.StepCode, sca.Given{PSUData: xs2a.PSUData{Code: "000000"}}, person)
			var told *app.Error
			if !errors.As(err, &told) || told.Code != failure.Overtaken {
				t.Errorf("the second window is told %v", err)
			}
			w.must(w.SCA().Poll(t.Context(), id, person)) // which must not take the step back
		}
	})
	w.must(w.SCA().Update(t.Context(), id, xs2a.StepCode, sca.Given{PSUData: xs2a.PSUData{Code: w.psu.Code}}, person))
	w.outcome(id, storage.Succeeded)
	if sent.Load() != 1 {
		t.Errorf("codes were sent %d times", sent.Load())
	}
}

// TestOlderAnswerIsDropped lets the bank's answer to a look at the status arrive
// after the person has gone a step further: the newer step stands.
func TestOlderAnswerIsDropped(t *testing.T) {
	w := newWorld(t)
	id := w.embedded(xs2a.StepPassword)
	var once atomic.Bool
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/authorisations/") {
			return
		}
		if once.CompareAndSwap(false, true) {
			w.must(w.SCA().Update(t.Context(), id, xs2a.StepPassword, sca.Given{PSUData: xs2a.PSUData{Password: w.psu.Password}}, person))
			w.must(w.SCA().Poll(t.Context(), id, person))
		}
	})
	w.must(w.SCA().Poll(t.Context(), id, person))
	flow := w.flow(id)
	if flow.Step != xs2a.StepCode || flow.SCAStatus == "psuIdentified" || flow.Version < 2 {
		t.Errorf("step %q, SCA status %q, version %d", flow.Step, flow.SCAStatus, flow.Version)
	}
}

// TestErasedStaysErased lets a bank's answer to a look at the status arrive after
// the consent was withdrawn and its data erased: nothing of it is kept.
func TestErasedStaysErased(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "bildholm", w.psu.Login
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	var once atomic.Bool
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/authorisations/") {
			if once.CompareAndSwap(false, true) {
				w.must(w.Withdraw(t.Context(), w.flow(id).Consent.ID, true, person))
			}
		}
	})
	_ = w.SCA().Poll(t.Context(), id, person)
	w.App.Close() // after all it does in the background
	got, err := w.store.Authorisation(t.Context(), id)
	w.must(err)
	if got.Outcome != storage.GivenUp || got.Link != "" || got.Message != "" || got.Asks.Challenge.Shown() {
		t.Errorf("kept: %q %q %+v", got.Link, got.Message, got.Asks)
	}
}
