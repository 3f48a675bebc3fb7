package e2e

import (
	"testing"

	"consentry/storage"
)

// deletion is what somebody does to approve that a consent ends, at a bank that
// wants that, after they gave it.
type deletion struct {
	approach
	ends []act
}

var (
	relative = approach{name: "OAuth, the link has no host", bank: "Isarfels Bank", acts: []act{atTheBank}}

	deletionByRedirect = deletion{explicitly, []act{endsAtTheBank}}
	otherDeletions     = []deletion{
		{relative, []act{endsAtTheBank}},
		{byQR, []act{reads("Approve on your other device"), endsOnTheTelephone}},
		{noMethod, []act{givesPassword}},
	}
)

// endsAtTheBank is a visit at which nothing is chosen: the consent ends, or stays.
func endsAtTheBank(c *customer) {
	c.t.Helper()
	tab := c.atTheDoor()
	tab.types(c.who.id, c.who.password)
	tab.see("You end the consent you gave")
	tab.fill("Code", tab.practiceCode())
	tab.click("Approve")
	tab.see("You are back from the bank.")
}

func endsOnTheTelephone(c *customer) {
	c.t.Helper()
	phone := c.takesTelephone()
	phone.see("asks to end the consent you gave it.")
	phone.click("Approve")
	phone.see("Go back to the app.")
}

// ends withdraws what was given and approves it, as the bank wants.
func (c *customer) ends(d deletion) {
	c.t.Helper()
	given := c.of.newest(c.bank)
	grant := &grant{c.of, bank{name: c.bank}, given.ID, given.BankConsentID}
	c.opensConsent(grant)
	c.click("Withdraw")
	c.click("Withdraw, keep the data")
	c.see(c.bank + " wants you to approve the deletion.")
	c.click("Approve the deletion")
	c.at("/authorisations/")
	c.does(d.ends...)
	c.see(c.bank + " has ended the consent.")
	c.click("See the consent")
	c.see(c.bank + " knows.")
	c.see("Deletion: ") // among its approvals
	if there := grant.seen(); there.Status != "terminatedByTpp" {
		c.t.Errorf("the bank says %+v", there)
	}
	same(c.t, "what the bank knows", grant.stored().Acknowledgement, storage.AckConfirmed)
}

// A bank that wants a deletion approved gets it: the consent ends there, too.
func TestJourneyDeletionIsApproved(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	consentry.tells(opens(consentry), deletionByRedirect.approach, func(c *customer) {
		c.begins()
		c.does(deletionByRedirect.acts...)
		c.linked()
		c.ends(deletionByRedirect)
	})
}

// Every approach leads to the end of a consent, as it led to its beginning.
func TestJourneyDeletionByEveryApproach(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	for _, d := range otherDeletions {
		consentry.tells(p, d.approach, func(c *customer) {
			c.begins()
			c.does(d.acts...)
			c.linked()
			c.ends(d)
		})
	}
}
