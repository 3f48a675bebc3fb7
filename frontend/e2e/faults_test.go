package e2e

import (
	"net/http"
	"testing"
)

// TestJourneyFaults lets things go wrong at a practice bank as a tester does: by a preset on
// the bank's page, by the form, and by what the bank and its customer do without Consentry.
func TestJourneyFaults(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	tester := opens(consentry)
	given := tester.shares(consentry, norrsken, "astrid")

	tester.story(t, "a preset on the bank's page", func(tester *person) {
		tester.visit("/banks/sandbox/" + norrsken.bic)
		tester.click("For testers: answers that are late, broken or refused")
		tester.click("429 without Retry-After for the next read")
		tester.title(norrsken.name)
		tester.see("1 request left")
		tester.opensConsent(given)
		tester.click("Update now")
		tester.see("allows no more reads")
		tester.visit("/faults?bank=" + norrsken.bic)
		tester.see("Nothing: the banks answer as they should.")
		tester.see("429 without Retry-After for the next read")
		hit := consentry.exchanges(http.MethodGet, "/accounts")[0]
		same(t, "the status of the last read", hit.Status, http.StatusTooManyRequests)
		tester.visit("/activity/requests/" + hit.RequestID()) // where the board leads
		tester.click("Have the practice bank answer so again, or otherwise")
		tester.see("Filled in with an answer of Activity.")
		same(t, "the status in the form", tester.holds("Status"), "429")
	})

	tester.story(t, "typed wrongly, then set, seen and taken back", func(tester *person) {
		tester.visit("/faults?bank=" + norrsken.bic)
		tester.click("Another fault")
		tester.enters("For the next so many requests", "0")
		tester.enters("Status", "99")
		tester.click("Set it")
		tester.see("Enter a number from 1 to 1000.")
		tester.see("Enter a number from 200 to 599.")
		tester.enters("For the next so many requests", "7")
		tester.enters("Status", "502")
		tester.click("Set it")
		tester.see("Answers 502")
		tester.see("7 requests left")
		tester.click("Take back: Answers 502")
		tester.see("Nothing: the banks answer as they should.")
	})

	tester.story(t, "revoked at the bank", func(tester *person) {
		tester.visit("/faults?bank=" + norrsken.bic)
		tester.click("Revoke it")
		tester.see("The consent was revoked at the bank.")
		tester.opensConsent(given)
		tester.click("Update now")
		tester.see("This consent was ended at " + norrsken.name)
	})

	tester.story(t, "the customer says no", func(tester *person) {
		asked := tester.asksFor(consentry, dalabanken)
		tester.visit("/faults?bank=" + dalabanken.bic)
		tester.click("The customer says no")
		tester.see("The customer said no.")
		same(t, "the consent at the bank", asked.seen().Status, "rejected")
	})
}

// TestJourneyPortOfThePracticeBanks keeps a port in the settings; wrong ones are told at the field.
func TestJourneyPortOfThePracticeBanks(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	tester := opens(consentry)
	tester.visit("/settings")
	tester.see(consentry.practice() + "/_control")
	tester.enters("Port from the next start on", "80")
	tester.click("Keep the port")
	tester.see("Enter a number from 1024 to 65535.")
	tester.enters("Port from the next start on", "28021")
	tester.click("Keep the port")
	tester.see("From each start on they are at 127.0.0.1:28021.")
}
