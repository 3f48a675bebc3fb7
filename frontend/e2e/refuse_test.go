package e2e

import (
	"testing"

	"consentry/xs2a"
)

// Saying no at the bank shares nothing, and a new question may get a yes.
func TestJourneyDeny(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	aino := opens(consentry)
	for _, bank := range []string{"Kuutamopankki", "Järvenselän Säästökassa"} { // by OAuth, by redirect
		aino.asks(bank)
		tab := aino.goesTo(bank)
		tab.logsIn("Aino Korpela")
		tab.click("Deny")
		tab.see("The consent was not approved.")
		tab.see("Nothing was shared.")
		aino.see("You declined at " + bank + ".")
		same(t, "the consent", consentry.newest(bank).Status, xs2a.ConsentRejected)
	}
	consentry.hasNothingOf("")

	aino.click("Ask again")
	aino.title("What to share")
	aino.visit("/consents")
	aino.see("Declined")
	aino.click("Kuutamopankki")
	aino.see("It was declined at the bank")
	aino.seeNot("Update now")

	aino.links("Kuutamopankki", "Aino Korpela")
	same(t, "consents asked for", len(consentry.consents("Kuutamopankki")), 2)
	same(t, "the newer", consentry.newest("Kuutamopankki").Status, xs2a.ConsentValid)
}

// Every other way of coming back from the bank has its own clear screen.
func TestJourneyOtherReturns(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	lukas := opens(consentry)

	lukas.story(t, "twice", func(lukas *person) {
		lukas.asks("Kranichkasse")
		tab := lukas.goesTo("Kranichkasse")
		tab.logsIn("Lukas Brandhorst")
		tab.approves()
		tab.see("You are back from the bank.")
		lukas.see("Kranichkasse is linked.")
		before := consentry.holdings("")
		tab.reload()
		tab.see("You came back from the bank before.")
		same(t, "the consent", consentry.newest("Kranichkasse").Status, xs2a.ConsentValid)
		same(t, "attempts", len(consentry.attempts("")), 1)
		same(t, "what is kept", consentry.holdings(""), before)
	})
	kept := consentry.holdings("")

	lukas.story(t, "without parameters", func(lukas *person) {
		lukas.visit("/callback")
		lukas.see("The bank sent you back without saying what became of it.")
	})

	lukas.story(t, "with a state nobody gave", func(lukas *person) {
		lukas.asks("Bank am Leuchtturm")
		lukas.visit("/callback?state=guessed&code=guessed")
		lukas.see("This return does not belong to anything you started here.")
		same(t, "the consent", consentry.newest("Bank am Leuchtturm").Status, xs2a.ConsentReceived)
		same(t, "attempts that go on", len(open(consentry.attempts("Bank am Leuchtturm"))), 1)
	})

	lukas.story(t, "after three wrong passwords", func(lukas *person) {
		lukas.asks("Rioni Bank")
		tab := lukas.goesTo("Rioni Bank")
		for _, left := range []string{"two attempts are left", "one attempt is left", "Too many wrong attempts"} {
			tab.fill("Login", "lukas")
			tab.fill("Password", "wrong")
			tab.click("Log in")
			tab.see(left)
		}
		tab.click("Back to the app")
		tab.see("The consent was not approved.")
		lukas.see("Nothing was shared.")
		lukas.click("Start the approval again")
		lukas.see("Approve at Rioni Bank")
	})

	lukas.story(t, "having cancelled", func(lukas *person) {
		tab := lukas.goesTo("Rioni Bank")
		tab.title("Log in")
		tab.click("Cancel")
		tab.see("Nothing will be shared")
		tab.click("Continue with it")
		tab.title("Log in")
		tab.click("Cancel")
		tab.click("Cancel the request")
		tab.see("The consent was not approved.")
		lukas.see("You declined at Rioni Bank.")
		same(t, "the consent", consentry.newest("Rioni Bank").Status, xs2a.ConsentRejected)
	})

	same(t, "what is kept", consentry.holdings(""), kept)
}
