package e2e

import (
	"testing"

	"consentry/xs2a"
)

// The machine goes off while the bank's page is open: nothing is lost.
func TestJourneyKilledAtTheBank(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	ingrid := opens(consentry)
	for _, bank := range []string{"Nordlyskassen", "Vidda Sparebank", "Bryggetorget Bank"} {
		ingrid.asks(bank)
		ingrid.goesTo(bank).logsIn("Ingrid Solhaug")
	}
	ingrid.leave()
	consentry.kill()
	consentry.run()

	ingrid = opens(consentry)
	ingrid.see("Needs you")
	ingrid.nextTo("Nordlyskassen", "Continue")
	ingrid.see("Approve at Nordlyskassen")
	tab := ingrid.goesTo("Nordlyskassen")
	tab.logsIn("Ingrid Solhaug")
	tab.approves()
	tab.see("You are back from the bank.")
	ingrid.see("Nordlyskassen is linked.")
	ingrid.click("See your accounts")
	ingrid.title("Accounts")
	ingrid.see("NOK")
	same(t, "consents of the first", len(consentry.consents("Nordlyskassen")), 1)

	// One of the others is given up from the overview, one after going on.
	ingrid.visit("/")
	ingrid.nextTo("Vidda Sparebank", "Cancel this request")
	ingrid.see("You cancelled this request.")
	ingrid.visit("/")
	ingrid.seeNot("Vidda Sparebank")
	ingrid.nextTo("Bryggetorget Bank", "Continue")
	ingrid.see("Approve at Bryggetorget Bank")
	ingrid.click("Cancel this request")
	ingrid.see("You cancelled this request.")
	ingrid.visit("/")
	ingrid.seeNot("Needs you")
	for _, bank := range []string{"Vidda Sparebank", "Bryggetorget Bank"} {
		same(t, "what was given up", consentry.newest(bank).Status, xs2a.ConsentTerminatedByTPP)
	}
	same(t, "attempts that go on", len(open(consentry.attempts(""))), 0)
}
