package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A tester reads what the program learned of a bank, looks at an exchange that showed it, corrects a
// card, and saves the cards as a profile; a colleague looks at it before it is taken over, and sees
// what is from it.
func TestJourneyQuirkCards(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	elin := opens(consentry)
	inspect := func(p *person, screen string) {
		p.inspect(screen, 1280, light, everything)
		p.inspect(screen, 360, dark, onTelephones)
		p.looks(1280, light)
	}
	folder := elin.downloads()
	elin.shares(consentry, vidda, "astrid")
	elin.visit("/banks/sandbox/" + vidda.bic)
	elin.click("Quirks")
	elin.title("Quirks")
	elin.see("NOTPROVIDED")
	inspect(elin, "quirks")
	if _, err := ask[bool](elin, "(document.querySelector('#entryIds a[href*=exchanges]').click(), true)"); err != nil {
		t.Fatal(err)
	}
	elin.see("Official definition")
	elin.visit("/activity/flows/" + consentry.newest(vidda.name).ID)
	elin.click("Quirks")
	elin.title("Quirks")

	elin.visit("/banks/sandbox/" + vidda.bic + "/quirks/period")
	elin.title("How far back transactions go")
	elin.fill("What the bank does", "180")
	elin.fill("Note", "Told for NO93 8601 1117 947")
	elin.click("Save")
	elin.see("It has an account number or another long number in it.")
	inspect(elin, "quirk-refused")
	elin.fill("Note", "Told by their help desk")
	elin.click("Save")
	elin.see("180 days")
	elin.see("Corrected")
	elin.see("Told by their help desk")
	elin.click("Save as a profile")
	profile := elin.saved(folder, ".json")
	if !strings.Contains(profile, `"placeholder"`) || !strings.Contains(profile, "Told by their help desk") || strings.Contains(profile, "http") {
		t.Errorf("the profile:\n%s", profile)
	}
	elin.click("Report")
	elin.see("Quirks seen, Vidda Sparebank")
	elin.click("What showed them")
	elin.click("Take the correction back")
	elin.until("the correction is taken back", func() error {
		if there, err := ask[bool](elin, "document.querySelector('#period') !== null"); err != nil || there {
			return errors.Join(errNotYet, err)
		}
		return nil
	})
	elin.title("Quirks")

	file := filepath.Join(t.TempDir(), "profile.json")
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := start(t)
	colleague := opens(elsewhere)
	colleague.visit("/environments/sandbox")
	colleague.click("Quirks of its banks")
	colleague.see("Nothing is known of a bank of this environment yet.")
	colleague.click("Import a profile")
	colleague.title("Import a quirk profile")
	colleague.uploads(file)
	colleague.click("Look at it")
	colleague.see("0 conflicts")
	inspect(colleague, "quirk-import")
	colleague.click("Take over")
	colleague.title("Quirks")
	colleague.see("Vidda Sparebank")
	inspect(colleague, "quirk-banks")
	colleague.click("Vidda Sparebank")
	colleague.see("From a profile")
	colleague.see("Told by their help desk")
}
