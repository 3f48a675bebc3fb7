package e2e

import (
	"testing"
)

// Two people share a machine: each has data of their own, one is open at a time, and which is asked at the start.
func TestJourneyProfiles(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.links("Norrsken Bank", "Astrid Lindqvist")

	astrid.visit("/settings/profiles")
	astrid.fill("Name", "Ingrid")
	astrid.fill("And your own name", "ingrid")
	astrid.click("Add the profile")
	astrid.see("You have one of this name already. Choose another name.")
	astrid.fill("And your own name", "Astrid")
	astrid.click("Add the profile")
	astrid.see("Ingrid")
	astrid.see("Open now")

	// Whoever comes next begins a session of their own, with nothing in it.
	former := astrid.home()
	astrid.click("Switch to another profile")
	astrid.title("Who is there?")
	astrid.seeNot("Norrsken")
	astrid.keys("2")
	astrid.see("Overview")
	astrid.at("/")
	astrid.seeNot("Norrsken Bank")
	if astrid.home() == former {
		t.Error("the session of the former profile goes on")
	}
	astrid.visit(former + "/accounts")
	astrid.until("be shown nothing of the former profile", func() error {
		if astrid.says("This browser has no session with Consentry.") || astrid.home() != former { // which leads to the one it has now
			return nil
		}
		return errNotYet
	})
	astrid.seeNot("Norrsken Bank")
	astrid.leave()

	// At the start somebody is asked who they are; a name on the command line answers that.
	consentry.kill()
	consentry.run()
	ingrid := somebody(t)
	ingrid.visit(consentry.address)
	ingrid.title("Who is there?")
	ingrid.click("Ingrid")
	ingrid.see("Overview")
	ingrid.at("/")
	ingrid.visit("/settings/profiles")
	ingrid.fill("Name of this profile", "Ingrid Marie")
	ingrid.click("Save")
	ingrid.see("Ingrid Marie")

	// A profile goes with its data, once it is asked.
	ingrid.click("Remove this profile")
	ingrid.title("Remove the profile?")
	ingrid.click("Remove for good")
	ingrid.at("/")
	ingrid.see("Norrsken Bank")
}
