package e2e

import (
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// abandonment is what somebody has done when the machine goes off, somewhere
// in the middle, and what is left to do afterwards.
type abandonment struct {
	approach
	until []act
	then  []act
	who   login // does the rest
}

// abandonments are what happens to one program after the other: as much as the
// overview has room for, and nothing twice at one bank.
var abandonments = [][]abandonment{{
	{implicitly, []act{opensTheBank}, []act{atTheBank}, lukas},
	{byMetadata, []act{opensTheBank}, []act{atTheBank}, lukas},
	{confirmed, []act{opensTheBank}, []act{atTheBank}, lukas},
	{twoAtBank, []act{atTheBank, another, opensTheBank}, []act{atTheBank}, mette},
	{preStep, []act{logsInFirst, reads("Enter the code")}, []act{givesCode}, lukas},
}, {
	{byQR, []act{identifies, reads("Approve on your other device")}, []act{onTheTelephone}, lukas},
	{noMethod, []act{reads("Log in at")}, []act{givesPassword}, lukas},
	{oneMethod, []act{givesPassword, reads("Enter the code")}, []act{givesPassword, givesCode}, lukas},
	{methods, []act{identifies, givesPassword, reads("How do you want to approve?")}, []act{givesPassword, chooses("Photo TAN"), looksAt("The picture your bank wants you to use"), givesCode}, lukas},
	{late, nil, []act{atTheBank}, lukas},
	{textChosen, []act{chooses("Code by text message"), reads("Log in at")}, textChosen.acts, lukas},
}, {
	{encrypted, []act{givesPassword, reads("Enter the code")}, []act{givesPassword, looksAt("The picture your bank wants you to use"), givesCode}, lukas},
	{atStart, []act{givesLogin, reads("How do you want to approve?")}, afterStart, lukas},
	{pageChosen, []act{chooses("On the bank's own pages"), opensTheBank}, pageChosen.acts, lukas},
	{byBankID, []act{choosesBankID, reads("Approve on your other device")}, byBankID.acts, lukas},
}, {
	{codeAtStart, []act{reads("Enter the code")}, []act{givesCode}, lukas},
	{byMoving, []act{choosesPicture, reads("Approve on your other device")}, byMoving.acts, lukas},
	{pushChosen, []act{chooses("Approve in the bank's app"), reads("Approve on your other device")}, pushChosen.acts, lukas},
}}

func opensTheBank(c *customer) {
	c.t.Helper()
	c.atTheDoor().logsIn(c.who.name)
}

// Whoever closes everything in the middle finds it on the overview, and goes on
// to the end.
func TestJourneyAbandonedAndGoneOn(t *testing.T) {
	journey(t)
	t.Parallel()
	for _, group := range abandonments {
		consentry := start(t)
		p := abandons(consentry, group)
		for _, a := range group {
			consentry.tells(p, a.approach, func(c *customer) {
				c.who = a.who
				c.goesOn()
				c.does(a.then...)
				c.linked()
				same(c.t, "consents", len(consentry.consents(c.bank)), 1)
			})
		}
	}
}

// Or gives it up, which leaves nothing.
func TestJourneyAbandonedAndGivenUp(t *testing.T) {
	journey(t)
	t.Parallel()
	for _, group := range abandonments {
		consentry := start(t)
		p := abandons(consentry, group)
		for _, a := range group {
			consentry.tells(p, a.approach, func(c *customer) {
				c.visit("/")
				c.nextTo(c.bank, "Cancel this request")
				c.see("You cancelled this request.")
				c.ended(storage.GivenUp, xs2a.ConsentTerminatedByTPP)
				c.visit("/")
				c.seeNot(c.bank)
			})
		}
		consentry.hasNothingOf("")
		same(t, "attempts that go on", len(open(consentry.attempts(""))), 0)
	}
}

// The first of two has signed and left. The other finds it on the overview.
func TestJourneyAbandonedBetweenTwo(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	c := &customer{person: p, of: consentry, bank: twoHere.bank, who: lukas}
	c.begins()
	c.does(identifies, givesPassword, givesCode, reads("You have approved your part."))
	p.leave()
	consentry.kill()
	consentry.run()

	c = &customer{person: opens(consentry), of: consentry, bank: twoHere.bank, who: mette}
	c.goesOn()
	c.does(identifies, givesPassword, givesCode)
	c.linked()
}

// abandons begins everything, closes everything, and starts the program again.
func abandons(c *program, group []abandonment) *person {
	c.t.Helper()
	p := opens(c)
	for _, a := range group {
		c.tells(p, a.approach, func(c *customer) {
			c.begins()
			c.does(a.until...)
			c.visit("/")
		})
	}
	p.leave()
	c.kill()
	c.run()
	return opens(c)
}
