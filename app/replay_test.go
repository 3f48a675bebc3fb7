package app_test

import (
	"path/filepath"
	"testing"

	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/replay"
)

// TestRecordedEmbedded walks a consent at a recorded bank whose links have paths
// and queries of their own, with a restart at each step that asks for something.
func TestRecordedEmbedded(t *testing.T) {
	w := newWorld(t)
	bank := replay.Play(t, filepath.Join("testdata", "recordings", "embedded-own-links.http"))
	w.must(w.UseSandbox(t.Context(), storage.Environment{ID: "recorded", Name: "Recorded", Identity: xs2a.Identity{ClientID: "tpp"},
		Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: bank.URL, Prefix: xs2a.Prefixes{Consents: "/xs2a/v1", Accounts: "/xs2a/v1"}}, Banks: []storage.Bank{{ID: "FCHWDEB0", Name: "Fachwerk Bank"}}}))
	share := w.DefaultShare("recorded")
	share.EnvironmentID, share.BIC, share.PSUID = "recorded", "FCHWDEB0", "erna"
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	for _, step := range []struct {
		step xs2a.Step
		data xs2a.PSUData
	}{{xs2a.StepPassword, xs2a.PSUData{Password: "Ebbe-und-Flut"}}, {xs2a.StepChooseMethod, xs2a.PSUData{MethodID: "944"}}, {xs2a.StepCode, xs2a.PSUData{Code: "771204"}}} {
		w.restart(here)
		if flow := w.flow(id); flow.Step != step.step {
			t.Fatalf("the bank asks for %q, not %q", flow.Step, step.step)
		}
		w.must(w.SCA().Update(t.Context(), id, step.step, sca.Given{PSUData: step.data}, person))
	}
	w.outcome(id, storage.Succeeded)
	w.await("the recording ends", func() bool { return len(bank.Left()) == 0 })
}
