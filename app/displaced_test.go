package app_test

import (
	"testing"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
)

// TestFileTakesTheDirectorysPlace says of a bank of a file which bank of the directory it
// would take the place of, and how many consents would be used with it: those in force.
func TestFileTakesTheDirectorysPlace(t *testing.T) {
	w := newWorld(t)
	own := storage.Environment{ID: "own", Name: "Own", Profile: xs2a.Profile{Dialect: xs2a.OpenPayments.Name, APIURL: "https://api.example", AuthURL: "https://auth.example"}}
	w.must(w.store.PutEnvironment(t.Context(), own))
	w.must(w.store.ReplaceDirectory(t.Context(), own.ID, storage.Directory{ASPSPs: []xs2a.ASPSP{{BIC: "TESTSE00", Name: "Testbanken"}, {BIC: "OTHRSE00", Name: "Annan bank"}}}))
	for id, bic := range map[string]string{"used": "TESTSE00", "ended": "TESTSE00", "elsewhere": "OTHRSE00"} {
		w.must(w.store.AddConsent(t.Context(), storage.Consent{ID: id, EnvironmentID: own.ID, BIC: bic, BankName: "Testbanken", ValidUntil: "2099-01-01"}))
		w.must(w.store.SetConsentStatus(t.Context(), id, "", xs2a.ConsentValid))
	}
	if _, err := w.store.EndConsent(t.Context(), "ended", storage.EndWithdrawn, storage.FromPerson, storage.Event{Kind: storage.EventWithdrawn}); err != nil {
		t.Fatal(err)
	}
	file := []byte("id,name,country\nTESTSE00,Another name,SE\nNEWBSE00,New Bank,SE\n")
	plan, err := w.Banks().PlanImport(t.Context(), own.ID, file)
	if err != nil || len(plan.Changes) != 2 {
		t.Fatalf("%+v, %v", plan, err)
	}
	for i, want := range []bank.Change{{Replaces: "Testbanken", InForce: 1}, {}} {
		if got := plan.Changes[i]; got.Replaces != want.Replaces || got.InForce != want.InForce || !got.New {
			t.Errorf("%s: %q with %d consents", got.ID, got.Replaces, got.InForce)
		}
	}
}
