package frontend

import (
	"net/http"
	"strings"
	"testing"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// exampleRemoval is an environment that may go, or that much keeps.
func exampleRemoval(free bool) removalView {
	view := removalView{Environment: exampleEnvironment().Environment, Shown: "shown", Use: storage.EnvironmentUse{Records: 2}}
	view.Environment.Banks = []storage.Bank{{ID: "b", Name: hostile}}
	if !free {
		view.Failure = failure.New(failure.EnvironmentInUse)
		view.Use = storage.EnvironmentUse{Accounts: 3, Records: 1, Holding: []storage.Consent{{ID: "c2", BankName: arabic}}}
		for range keptNamed + 2 {
			view.Use.InUse = append(view.Use.InUse, storage.Consent{ID: "c1", BankName: hostile})
		}
	}
	return view
}

// TestEnvironmentIsRemoved offers to remove what a person added, says what goes, and
// does so. The practice banks' one stays, whoever asks.
func TestEnvironmentIsRemoved(t *testing.T) {
	d, page := newDeskWithBanks(t)
	if !strings.Contains(d.get(page), `href="`+page+`/remove"`) {
		t.Error("the page does not offer it")
	}
	if shown := d.get(page + "/remove"); !strings.Contains(shown, "its list of 2 banks") || !strings.Contains(shown, "private keys") || strings.Contains(shown, "ended consent") {
		t.Errorf("the question says %s", shown)
	}
	if answer := d.post(page+"/remove", map[string]string{"records": "1"}, "", nil); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "was not removed") {
		t.Errorf("%d: it is removed with other records than the person saw", answer.Code)
	}
	asked := d.shown(page + "/remove") // and in another window a name is corrected
	e := d.only()
	if answer := d.post(page, berlin(map[string]string{"name": "Corrected"}), "", nil); answer.Code != http.StatusSeeOther || d.only().Name == e.Name {
		t.Fatalf("%d: not changed", answer.Code)
	}
	if answer := d.post(page+"/remove", map[string]string{"records": "0", "shown": asked}, "", nil); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "were changed after you opened") {
		t.Errorf("%d: it is removed as it was not shown", answer.Code)
	}
	if answer := d.post(page+"/remove", map[string]string{"records": "0"}, "", nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	if all, err := d.app.Banks().Environments(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%+v, %v", all, err)
	}

	sandbox := storage.Environment{ID: "sandbox", Name: "Practice banks", Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "http://127.0.0.1:1"}}
	if err := d.app.UseSandbox(t.Context(), sandbox); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(d.get("/environments/sandbox"), "/remove") {
		t.Error("the practice banks are offered to be removed")
	}
	if d.post("/environments/sandbox/remove", map[string]string{"records": "0"}, "", nil); d.only().ID != "sandbox" {
		t.Error("the practice banks are gone")
	}
}
