package e2e

import (
	"errors"
	"fmt"
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// A no, wherever it is said, shares nothing; so does a bank that stops after
// too many wrong attempts. Each has a screen that says which it was, and from
// most of them there is a way to a yes.
func TestJourneyEveryRefusal(t *testing.T) {
	journey(t)
	t.Parallel()
	for name, group := range map[string][]refusal{
		"redirect": {
			{implicitly, []act{deniesAtTheBank}, saidNo, "rejected", nil},
			{explicitly, []act{failsAtTheBank}, stopped, "received", []act{atTheBank}},
			{confirmed, []act{deniesAtTheBank}, saidNo, "rejected", nil},
			{twoAtBank, []act{atTheBank, another, deniesAtTheBank}, saidNo, "rejected", nil},
		},
		"OAuth": {
			{byMetadata, []act{deniesAtTheBank}, saidNo, "rejected", nil},
			{preStep, []act{deniesLoggingIn}, notApproved, "", preStep.acts},
			{georgian, []act{chooses("Code by text message"), failsAtTheBank}, stopped, "received", nil},
		},
		"decoupled": {
			{byQR, []act{identifies, deniesOnTheTelephone}, saidNo, "rejected", nil},
			{byMessage, []act{failsOnTheTelephone}, stopped, "received", []act{onTheTelephone}},
			{byPicture, []act{deniesOnTheTelephone}, saidNo, "rejected", nil},
			{byBankID, []act{choosesBankID, deniesOnBankID}, saidNo, "rejected", nil},
			{byMoving, []act{choosesPicture, failsOnBankID}, stopped, "received", byMoving.acts},
		},
		"embedded": {
			{noMethod, []act{failsLogin}, stopped, "received", noMethod.acts},
			{oneMethod, []act{givesPassword, failsCode}, stopped, "received", oneMethod.acts},
			{methods, []act{misspellsName, givesPassword, chooses("Code by text message"), failsCode}, stopped, "received", nil},
			{twoHere, []act{identifies, givesPassword, givesCode, another, identifies, failsPassword}, stopped, "partiallyAuthorised", nil},
			{encrypted, []act{failsLogin}, stopped, "received", encrypted.acts},
			{atStart, []act{givesLogin, chooses("Code by text message"), failsCode}, stopped, "received", afterStart},
		},
		"the method decides": {
			{pushChosen, []act{chooses("Approve in the bank's app"), deniesOnTheTelephone}, saidNo, "rejected", nil},
			{pageChosen, []act{chooses("On the bank's own pages"), deniesAtTheBank}, saidNo, "rejected", nil},
			{textChosen, []act{chooses("Code by text message"), failsLogin}, stopped, "received", textChosen.acts},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			p := opens(consentry)
			for _, r := range group {
				consentry.tells(p, r.approach, r.told)
			}
		})
	}
}

// refusal is how an approach ends without a consent.
type refusal struct {
	approach
	no     []act
	ending ending
	status xs2a.ConsentStatus
	again  []act // what leads to the end in a second attempt; nil where there is none
}

// ending is what a screen says at the end of an attempt, after or before the
// bank's name, and what the data file holds.
type ending struct {
	before, after string
	outcome       storage.Outcome
}

var (
	saidNo      = ending{"You declined at ", ".", storage.Denied}
	notApproved = ending{"The consent was not approved at ", ".", storage.Denied}
	stopped     = ending{"", " ended the approval.", storage.Failed}
)

func (e ending) at(bank string) string {
	return e.before + bank + e.after
}

func (r refusal) told(c *customer) {
	c.begins()
	c.does(r.no...)
	c.see(r.ending.at(c.bank))
	c.ended(r.ending.outcome, r.status)
	c.offers(r.status)
	if r.again != nil {
		c.click("Start the approval again")
		c.does(r.again...)
		c.linked()
	}
}

// offers holds that the screen leads on: a consent that is over can only be
// asked for anew, another be approved after all.
func (c *customer) offers(status xs2a.ConsentStatus) {
	c.t.Helper()
	want, other := "Start the approval again", "Ask again"
	if status == "rejected" {
		want, other = other, want
	}
	if !c.finds(want) || c.finds(other) {
		c.t.Errorf("the screen does not offer %q alone:\n%s", want, c.text())
	}
}

func deniesAtTheBank(c *customer) {
	c.t.Helper()
	tab := c.atTheDoor()
	tab.logsIn(c.who.name)
	tab.click("Deny")
	tab.see("The consent was not approved.")
	tab.see("Nothing was shared.")
}

func deniesLoggingIn(c *customer) {
	c.t.Helper()
	tab := c.atTheLogin()
	tab.title("Log in")
	tab.click("Deny")
	tab.see("The consent was not approved.")
}

// failsAtTheBank types wrong passwords until the bank stops it.
func failsAtTheBank(c *customer) {
	c.t.Helper()
	tab := c.atTheDoor()
	for _, left := range []string{"two attempts are left", "one attempt is left", "Too many wrong attempts"} {
		tab.types(c.who.id, "wrong")
		tab.see(left)
	}
	c.see(stopped.at(c.bank))
	tab.click("Back to the app")
	tab.see("The consent was not approved.")
}

func deniesOnTheTelephone(c *customer) {
	c.t.Helper()
	phone := c.takesTelephone()
	phone.click("Deny")
	phone.see("Nothing was shared.")
}

func deniesOnBankID(c *customer) {
	c.t.Helper()
	phone := scansBankID(c)
	phone.click("Deny")
	phone.see("Nothing was shared.")
}

func failsOnBankID(c *customer) {
	c.t.Helper()
	phone := scansBankID(c)
	for _, left := range []string{"two attempts are left", "one attempt is left", "Too many wrong attempts"} {
		phone.fill("Password", "wrong")
		phone.click("Approve")
		phone.see(left)
	}
}

func failsOnTheTelephone(c *customer) {
	c.t.Helper()
	phone := c.takesTelephone()
	for _, left := range []string{"two attempts are left", "one attempt is left", "Too many wrong attempts"} {
		phone.fill("Password", "wrong")
		phone.click("Approve")
		phone.see(left)
	}
}

// misspellsName is told so and gets it right.
func misspellsName(c *customer) {
	c.t.Helper()
	c.see("Who are you at " + c.bank + "?")
	c.fill("Your login at the bank (needed)", "nobody")
	c.click("Continue")
	c.see("does not accept this login.")
	identifies(c)
}

// They type the wrong thing until the bank stops it.
func failsLogin(c *customer)    { c.fails("Password (needed)", wrongLogin) }
func failsPassword(c *customer) { c.fails("Password (needed)", "Wrong password.") }
func failsCode(c *customer)     { c.fails("Code (needed)", "Wrong code.") }

// wrongLogin is said of a wrong password where the bank never said that it took the
// login: a customer whose bank wants it along with the request has named it there.
const wrongLogin = "Wrong login or password."

func (c *customer) fails(field, told string) {
	c.t.Helper()
	for range 2 {
		c.fill(field, "wrong-by-far")
		c.click("Continue")
		c.at("/authorisations/")
		c.see(told)
		c.empty(field)
	}
	c.fill(field, "wrong-by-far")
	c.click("Continue")
}

// empty waits for a page on which a field holds nothing: what was typed does
// not come back.
func (p *person) empty(label string) {
	p.t.Helper()
	p.until(fmt.Sprintf("find nothing in %q", label), func() error {
		field, err := p.find(fillable, label)
		if err != nil {
			return err
		}
		text, err := on[string](p, field, "function() { return this.value }")
		if err == nil && text != "" {
			err = errors.New("it holds something")
		}
		return err
	})
}

// The bank that asks for no approval knows whom it exempts: a login it does not
// know gets nothing, and leaves nothing behind.
func TestJourneyRefusedExemption(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	c := &customer{person: opens(consentry), of: consentry, bank: exempted.bank, known: true, who: login{id: "nobody"}}
	c.fillsShare()
	c.click("Continue to the bank")
	c.see("Nothing was shared.")
	c.title("What to share")
	same(t, "consents", len(consentry.consents("")), 0)
	consentry.hasNothingOf("")

	c.who = lukas
	c.begins()
	c.linked()
}
