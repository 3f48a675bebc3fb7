package e2e

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// What a bank does with a consent of its own accord is found out at the next
// question or read, and said in plain words.
func TestJourneyBankActsOfItsOwnAccord(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")

	astrid.story(t, "ended at the bank, met by a fetch", func(astrid *person) {
		given := astrid.shares(consentry, dalabanken, "astrid")
		consentry.controls("consents/"+given.atBank+"/revoke", "")
		astrid.opensConsent(given)
		astrid.see("Active") // nobody knows yet
		astrid.click("Update now")
		astrid.see("This consent was ended at Dalabanken on")
		astrid.seeNot("Update now")
		same(t, "the consent", given.stored().Status, xs2a.ConsentRevokedByPSU)
		astrid.click("Ask again")
		astrid.title("Ask again")
		astrid.visit("/consents")
		astrid.see("Revoked at the bank")
		astrid.nextTo(dalabanken.name, "Ask again")
		astrid.title("Ask again")
		if there := given.seen(); there.AfterEnd != 1 { // the one by which it was found out
			t.Errorf("%d reads came after the end", there.AfterEnd)
		}
	})

	astrid.story(t, "not known any more", func(astrid *person) {
		given := astrid.shares(consentry, isbergs, "astrid")
		given.bends(`{"forget": true}`)
		astrid.opensConsent(given)
		astrid.click("Ask the bank now")
		astrid.see("Isbergs Bank says that it knows of no such consent.")
		astrid.see("Consentry has stopped using it.")
		astrid.seeNot("Update now")
		same(t, "the end", given.stored().End, storage.EndUnknown)
	})

	var given *grant
	astrid.story(t, "fewer accounts than were named, and others", func(astrid *person) {
		given = astrid.shares(consentry, norrsken, "astrid")
		accounts := consentry.statements(norrsken.name)
		astrid.opensConsent(given)
		astrid.click("Renew or change")
		astrid.click("Change accounts, time and how often")
		astrid.click("Only these accounts")
		astrid.click(accounts[0].Name) // is left out
		astrid.see("of " + strconv.Itoa(len(accounts)-1) + " accounts (")
		given = astrid.continues(consentry, norrsken)
		astrid.approvesDecoupled(given, "astrid")
		named := strconv.Itoa(len(given.reaches()))

		given.bends(`{"accounts": 1}`)
		astrid.opensConsent(given)
		astrid.click("Ask the bank now")
		astrid.see("The bank grants fewer accounts than you named: 1 of " + named + ".")
		given.bends(`{"others": true}`)
		astrid.click("Ask the bank now")
		astrid.see("The bank grants accounts you did not name:")
		astrid.see("Consentry leaves them out.")
		astrid.fetchesAgain(given)
		if slices.Contains(given.reaches(), accounts[0].ID) {
			t.Error("an account was read that was not named")
		}
	})

	astrid.story(t, "another last day", func(astrid *person) {
		given.bends(`{"validUntil": "` + inDays(3).Format(time.DateOnly) + `", "stuckValid": true}`)
		astrid.opensConsent(given)
		astrid.click("Ask the bank now")
		astrid.see("The bank grants it until " + inDays(3).Format("2 January 2006") + "; you asked for")
		astrid.see("The bank changed its last day from") // in its history
		astrid.see("3 days left")
		same(t, "its last day", given.stored().ValidUntil, inDays(3).Format(time.DateOnly))
	})

	astrid.story(t, "and called valid although that has passed", func(astrid *person) {
		astrid.passDays(7)
		astrid.opensConsent(given)
		astrid.see("This consent ran out on " + inDays(3).Format("2 Jan 2006"))
		astrid.see("The bank’s last word on it is “valid”. Its time is over all the same, and Consentry does not use it.")
		astrid.seeNot("Update now")
		same(t, "the end", given.stored().End, storage.EndExpired)
		if there := given.seen(); there.AfterEnd != 0 {
			t.Errorf("%d reads came after the end", there.AfterEnd)
		}
	})
}
