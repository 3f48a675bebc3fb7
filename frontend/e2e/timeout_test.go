package e2e

import "testing"

// Banks wait for ten minutes, and nobody has to guess that they are over.
func TestJourneyEveryTimeOut(t *testing.T) {
	journey(t)
	t.Parallel()
	for name, group := range map[string][]refusal{
		"redirect": {
			{implicitly, []act{staysTooLong}, stopped, "received", implicitly.acts},
			{confirmed, []act{staysTooLong}, stopped, "received", nil},
			{twoAtBank, []act{atTheBank, another, staysTooLong}, stopped, "partiallyAuthorised", []act{atTheBank}},
			{byMetadata, []act{staysTooLong}, stopped, "received", byMetadata.acts},
			{preStep, []act{logsInTooLate}, notApproved, "", nil},
		},
		"elsewhere": {
			{byQR, []act{identifies, leavesItRinging}, stopped, "received", []act{onTheTelephone}},
			{byBankID, []act{choosesBankID, scansTooLate}, stopped, "received", nil},
			{byMoving, []act{choosesPicture, scansTooLate}, stopped, "received", byMoving.acts},
			{approach{name: "nobody answers", bank: "Tystnadens Bank", known: true}, []act{hearsNothing}, stopped, "received", nil},
		},
		"embedded": {
			{noMethod, []act{reads("Log in at"), wakesUp, givesPassword}, stopped, "received", noMethod.acts},
			{oneMethod, []act{givesPassword, reads("Enter the code"), wakesUp, givesCode}, stopped, "received", oneMethod.acts},
			{methods, []act{identifies, givesPassword, reads("How do you want to approve?"), wakesUp, chooses("Card reader")}, stopped, "received", nil},
			{encrypted, []act{givesPassword, looksAt("The picture your bank wants you to use"), wakesUp, givesCode}, stopped, "received", encrypted.acts},
			{atStart, []act{givesLogin, reads("How do you want to approve?"), wakesUp, chooses("Code by text message")}, stopped, "received", afterStart},
			{twoHere, []act{identifies, givesPassword, givesCode, another, identifies, reads("Log in at"), wakesUp, givesPassword}, stopped, "partiallyAuthorised", []act{givesPassword, givesCode}},
		},
		"the method decides": {
			{pushChosen, []act{chooses("Approve in the bank's app"), leavesItRinging}, stopped, "received", nil},
			{textChosen, []act{chooses("Code by text message"), givesPassword, reads("Enter the code"), wakesUp, givesCode}, stopped, "received", nil},
			{pageChosen, []act{chooses("On the bank's own pages"), staysTooLong}, stopped, "received", pageChosen.acts},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			p := opens(consentry)
			for _, r := range group {
				consentry.tells(p, r.approach, r.told)
				p.passDays(1) // the program takes the banks' clock over; by itself it would in the middle of the next
			}
		})
	}
}

// staysTooLong is over time at the bank's page, which says so.
func staysTooLong(c *customer) {
	c.t.Helper()
	tab := c.atTheDoor()
	tab.logsIn(c.who.name)
	c.of.elevenMinutes()
	c.see(stopped.at(c.bank))
	tab.click("Continue")
	tab.see("Nothing was shared.")
	tab.click("Back to the app")
	tab.see("The consent was not approved.")
}

// logsInTooLate is over time before there is anything to ask the bank about.
func logsInTooLate(c *customer) {
	c.t.Helper()
	tab := c.atTheLogin()
	tab.title("Log in")
	c.of.elevenMinutes()
	tab.types(c.who.id, c.who.password)
	tab.see("This link has expired")
	tab.click("Back to the app")
	tab.see("The consent was not approved.")
}

func leavesItRinging(c *customer) {
	c.t.Helper()
	phone := c.takesTelephone()
	c.of.elevenMinutes()
	phone.click("Approve")
	phone.see("This request was answered already")
}

// scansTooLate has the app in hand when the code has run out.
func scansTooLate(c *customer) {
	c.t.Helper()
	phone := scansBankID(c)
	c.of.elevenMinutes()
	phone.click("Approve")
	phone.see("This request was answered already")
}

// hearsNothing has a telephone that is out of reach.
func hearsNothing(c *customer) {
	c.t.Helper()
	address := c.telephone()
	phone := somebody(c.t)
	phone.visit(address)
	phone.see("This telephone is out of reach.")
	c.of.controls("clock", `{"advance": "31s"}`)
}

// wakesUp has let time pass on a screen of ours.
func wakesUp(c *customer) {
	c.t.Helper()
	c.of.elevenMinutes()
}

// A bank that asks for no approval can still be slow to say so. The same
// question is put again, and gets one consent.
func TestJourneyExemptionWithoutAnAnswer(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	consentry.controls("faults", `{"method": "POST", "path": "/freipass/v1/consents", "drop": true, "after": true}`)
	c := &customer{person: opens(consentry), of: consentry, bank: exempted.bank, known: true, who: lukas}
	c.begins()
	c.see(c.bank + " did not answer.")
	c.see("Nothing is shared until you approve")
	consentry.hasNothingOf("")
	c.click("Try again")
	c.linked()
	same(t, "consents", len(consentry.consents("")), 1)
}
