package frontend

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"
	"sync"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
)

// TestImportsBesideEachOther takes over files at once: no bank of any is lost, and all are
// listed.
func TestImportsBesideEachOther(t *testing.T) {
	d, _ := newDeskWithBanks(t)
	id, before := d.only().ID, len(d.only().Banks)
	const files = 8
	var all sync.WaitGroup
	for i := range files {
		all.Go(func() {
			file := fmt.Sprintf("id,name,country,dialect,api\nb%d,Bank %d,DE,berlingroup,https://bank.example\n", i, i)
			if _, _, err := d.app.Banks().Import(t.Context(), id, []byte(file), []xs2a.Origin{"https://bank.example"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if banks := len(d.only().Banks); banks != before+files {
		t.Errorf("%d banks", banks)
	}
	listed, err := d.app.Banks().List(t.Context(), storage.ASPSPQuery{})
	if err != nil || len(listed) != before+files {
		t.Errorf("%d listed, %v", len(listed), err)
	}
}

// TestFormOfBefore saves a form that was opened before banks were taken over: they stay,
// and the page says why nothing was saved, however often it is tried.
func TestFormOfBefore(t *testing.T) {
	d, page := newDeskWithBanks(t)
	shown := d.shown(page)
	if _, _, err := d.app.Banks().Import(t.Context(), d.only().ID, []byte(listOf), []xs2a.Origin{"https://api.neu.example", "https://auth.neu.example"}); err != nil {
		t.Fatal(err)
	}
	before := d.only()
	for range 2 {
		answer := d.post(page, berlin(map[string]string{"name": "Renamed", "shown": shown}), "", nil)
		body := html.UnescapeString(answer.Body.String())
		if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "were changed after you opened this form") {
			t.Errorf("%d %s", answer.Code, body)
		}
		if !strings.Contains(body, shown) {
			t.Error("the form counts as one of now")
		}
		same(t, d.only(), before)
	}
	if answer := d.post(page, berlin(map[string]string{"name": "Renamed"}), "", nil); answer.Code != http.StatusSeeOther || d.only().Name != "Renamed" {
		t.Errorf("%d: the form opened anew is not saved", answer.Code)
	}
}

// TestSecretOfBefore saves two forms that differ in the client secret alone: the later one
// does not undo the first in silence. Neither the secret nor a digest of it stands in a form.
func TestSecretOfBefore(t *testing.T) {
	d, page := newDeskWithBanks(t)
	shown := d.shown(page)
	if answer := d.post(page, berlin(map[string]string{"client_secret": "first-secret", "shown": shown}), "", nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d", answer.Code)
	}
	if answer := d.post(page, berlin(map[string]string{"client_secret": "second-secret", "shown": shown}), "", nil); answer.Code != http.StatusUnprocessableEntity || d.only().ClientSecret != "first-secret" {
		t.Errorf("%d: the secret is %q", answer.Code, d.only().ClientSecret)
	}
	shown = d.shown(page)
	if answer := d.post(page, berlin(map[string]string{"shown": shown}), "", nil); answer.Code != http.StatusSeeOther || d.shown(page) != shown {
		t.Errorf("%d: a form that changes nothing makes another version", answer.Code)
	}
}

// TestBanksTheEnvironmentCannotHold are neither taken over nor kept by the form of a
// profile: the environment could not be saved with them.
func TestBanksTheEnvironmentCannotHold(t *testing.T) {
	d := newDesk(t)
	if answer := d.post("/environments", berlin(map[string]string{"signing": "", "banks": "A_B; Bank; SE"}), "", nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d", answer.Code)
	}
	before := d.only()
	file := "id,name,country,dialect,api\nsigned,Signed,DE,berlingroup,https://bank.example\n"
	plan, err := d.app.Banks().PlanImport(t.Context(), before.ID, []byte(file))
	if err != nil || len(plan.Changes) != 0 || len(plan.Faults) != 1 || plan.Faults[0].Column != "signing" {
		t.Errorf("%+v, %v", plan, err)
	}
	for field, profile := range map[string]xs2a.Profile{
		"signing": {Dialect: xs2a.BerlinGroup.Name, APIURL: "https://bank.example", Signing: xs2a.SignHTTP},
		"api_url": {Dialect: xs2a.BerlinGroup.Name, APIURL: "https://{bank}.bank.example"},
	} {
		var refused *app.Error
		if err := d.app.Banks().SetProfile(t.Context(), before.ID, "A_B", profile); !errors.As(err, &refused) || !refused.Fields[field].Given() {
			t.Errorf("%s: %v", field, err)
		}
	}
	same(t, d.only(), before)
}

// TestDisplaced names what a bank of a file takes the place of.
func TestDisplaced(t *testing.T) {
	d, page := newDeskWithBanks(t)
	_, shown := d.upload(page+"/import", "id,name,country,dialect,api\nHAMNSEG0,Hamnbanken,SE,berlingroup,https://other.example\n")
	if !strings.Contains(shown, "Its interface would lie at another host.") {
		t.Error(shown)
	}
	notes := displaced(t.Context(), bank.Change{New: true, Replaces: "Hamnbanken", InForce: 2})
	if len(notes) != 2 || !strings.Contains(notes[0], "“Hamnbanken” of the directory") || !strings.Contains(notes[1], "2 consents") {
		t.Error(notes)
	}
}
