package e2e

import (
	"fmt"
	"testing"
)

// regularIn is a booked transaction of which others like it came about once a month for long.
func (c *program) regularIn(read statement) int64 {
	c.t.Helper()
	counts, newest := map[string]int{}, map[string]int64{}
	for _, one := range read.Booked {
		like := one.CreditorName + " " + one.Amount.Number
		if counts[like]++; one.Amount.Negative() && newest[like] == 0 {
			newest[like] = one.ID
		}
	}
	for like, n := range counts {
		if n >= 20 && n <= 26 && newest[like] != 0 {
			return newest[like]
		}
	}
	c.t.Fatal("nothing came each month")
	return 0
}

// needRows is how many things the overview says need the person.
func (p *person) needRows() int {
	p.t.Helper()
	n, err := ask[int](p, "document.querySelectorAll('#need-you li.linked').length")
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// TestJourneyOverview has Astrid look at what comes, from history alone; then something needs her, and stands there
// once however much is to be said of it.
func TestJourneyOverview(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	given := astrid.shares(consentry, norrsken, "astrid")
	regular := consentry.regularIn(consentry.statement("Lönekonto"))

	astrid.story(t, "what comes is found in the history", func(astrid *person) {
		astrid.visit("/")
		astrid.see("Latest transactions")
		astrid.see("What comes")
		astrid.see("times since")
		astrid.see("is in no balance")
		astrid.see("Next automatic read: " + norrsken.name)
		astrid.seeNot("Needs you")
		astrid.inspect("overview-comes", 1280, light, everything)
		astrid.inspect("overview-comes", 360, dark, onTelephones)
		astrid.looks(1280, light)
		astrid.click("The next 90 days")
		astrid.title("What comes")
		astrid.see("Day by day")
		astrid.see("about −")
		astrid.inspect("coming", 1280, light, everything)
		astrid.inspect("coming", 360, dark, onTelephones)
		astrid.looks(1280, light)
		astrid.visit(fmt.Sprint("/transactions/", regular))
		astrid.see("Comes regularly")
		astrid.see("Each month, ")
	})

	astrid.story(t, "a consent that is due, with its renewal under way, is one thing", func(astrid *person) {
		astrid.passDays(150)
		astrid.visit("/")
		astrid.see("Needs you · 1")
		astrid.see("30 days left")
		astrid.nextTo(norrsken.name, "Renew")
		astrid.title("Renew or change")
		astrid.click("Continue to the bank")
		astrid.see("Approve at " + norrsken.name)
		astrid.visit("/")
		astrid.see("Needs you · 1")
		astrid.see("waiting for you")
		astrid.see("Renew by ")
		same(t, "rows", astrid.needRows(), 1)
		astrid.inspect("overview-needs", 1280, light, everything)
		astrid.inspect("overview-needs", 360, dark, onTelephones)
		astrid.looks(1280, light)
		astrid.nextTo(norrsken.name, "Cancel this request")
		astrid.see("You cancelled this request.")
	})

	astrid.story(t, "a consent that ended at the bank, and what comes is not known any more", func(astrid *person) {
		given.bends(`{"forget": true}`)
		astrid.opensConsent(given)
		astrid.click("Update now")
		astrid.see(norrsken.name + " says that it knows of no such consent.")
		astrid.visit("/")
		astrid.see("Needs you · 1")
		astrid.nextTo(norrsken.name, "Ask again")
		astrid.title("Ask again")
	})
}
