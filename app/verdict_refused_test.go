package app_test

import (
	"testing"

	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/app/verdict"
	"consentry/storage"
)

// TestRefusedConsentIsHeldToItsDefinition refuses a consent, of which nothing is kept but the
// exchange: it is held to the definition of the bank's interface, and stands in the reports on
// its flow, on the bank and on the environment, and in no other bank's. What is sent again from it goes to that bank.
func TestRefusedConsentIsHeldToItsDefinition(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = bank.SandboxID, "huellenlos"
	if _, err := w.Ask(t.Context(), share, person); err == nil {
		t.Fatal("a consent without the login was not refused")
	}
	w.waitRecorded()
	all, err := w.store.Exchanges(t.Context(), storage.ExchangeQuery{Words: "huellenlos consents"}, 10)
	w.must(err)
	if len(all) != 1 {
		t.Fatalf("%d exchanges", len(all))
	}
	judged, err := w.Verdicts().Of(t.Context(), all[0])
	w.must(err)
	if judged.Operation != "POST /v1/consents" {
		t.Errorf("held to %q", judged.Operation)
	}
	for _, test := range []struct {
		scope verdict.Scope
		has   bool
	}{
		{verdict.Scope{Flow: all[0].FlowID}, true},
		{verdict.Scope{Environment: bank.SandboxID, BIC: "huellenlos"}, true},
		{verdict.Scope{Environment: bank.SandboxID}, true},
		{verdict.Scope{Environment: bank.SandboxID, BIC: "lindwurm"}, false},
	} {
		report, err := w.Verdicts().Report(t.Context(), test.scope)
		w.must(err)
		found := false
		for _, one := range report.Cases {
			found = found || one.Exchange == all[0].ID
		}
		if found != test.has {
			t.Errorf("%+v: it is in the report: %t", test.scope, found)
		}
	}
	flow, err := w.Record().Flow(t.Context(), all[0].FlowID)
	w.must(err)
	taking, err := w.Record().Take(t.Context(), activity.Choice{ID: all[0].ID})
	w.must(err)
	if flow.Bank != "Hüllenlos Bank" || taking.Word != "huellenlos" {
		t.Errorf("the flow is called %q, and a file of it %q", flow.Bank, taking.Word)
	}
	from, _, err := w.Drafts().Open(t.Context(), all[0].ID)
	w.must(err)
	if from.BIC != "huellenlos" {
		t.Errorf("it would be sent to %q", from.BIC)
	}
}
