package e2e

import (
	"fmt"
	"strings"
	"testing"

	"consentry/app/stage"
)

// TestJourneyStories shows each story of the program: the presenter begins it on the stage, and
// from then on does what its steps say in the audience's window alone. The panel beside it goes
// through all steps by itself, and comes to the end.
func TestJourneyStories(t *testing.T) {
	journey(t)
	t.Parallel()
	tellers := map[string]func(*program, *person, *person) []func(){"consent": tellsConsent, "payment": tellsPayment, "trouble": tellsTrouble, "wire": tellsWire}
	for _, story := range stage.Stories() {
		t.Run(story.Name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			audience := opens(consentry)
			audience.visit("/settings")
			audience.click("Scenes and stories")
			audience.title("Stage")
			panel := audience.clickNewTab("Begin the story “" + story.Title + "”")
			panel.see("Step 1 of ")
			panel.inspect("panel-"+story.Name, 420, light, everything)
			acts := tellers[story.Name](consentry, audience, panel)
			if len(acts) != len(story.Steps) {
				t.Fatalf("%d steps are told in %d acts", len(story.Steps), len(acts))
			}
			for i, act := range acts {
				panel.see(fmt.Sprintf("Step %d of ", i+1)) // the title alone stands there as the next one, too
				panel.see(story.Steps[i].Title)
				act()
			}
			panel.see("The story is at its end")
			panel.click("Back")
			panel.see(story.Steps[len(story.Steps)-1].Title)
			panel.click("Next")
			panel.see("The story is at its end")
			panel.click("End the story")
			panel.title("Stage")
		})
	}
}

func tellsConsent(c *program, p, _ *person) []func() {
	return []func(){
		func() { p.visit("/") },
		func() {
			p.click("Link a bank")
			p.click("Sweden")
			p.see("All of Sweden")
			p.click("Stockholm")
			p.seeGo("Hamnbanken") // the list is Stockholm's, and moves no more
			p.click("Norrsken Bank")
			p.title("Norrsken Bank")
			p.click("Link this bank")
			p.title("What to share")
		},
		func() { p.click("Continue to the bank"); p.see("Approve at Norrsken Bank") },
		func() {
			tab := p.clickNewTab("Go to Norrsken Bank")
			tab.logsIn("Astrid Lindqvist")
			tab.approves()
			p.see("Norrsken Bank is linked.")
		},
		func() { p.visit("/accounts"); p.click("Lönekonto"); p.title("Lönekonto") },
		func() { p.visit("/consents"); p.click("Norrsken Bank"); p.title("Norrsken Bank") },
		func() { p.passDays(90) },
		func() {
			p.visit("/consents")
			p.click("Norrsken Bank")
			p.title("Norrsken Bank")
			p.click("Withdraw")
			p.click("Withdraw, keep the data")
			p.see("Withdrawn")
		},
	}
}

func tellsPayment(c *program, p, _ *person) []func() {
	return []func(){
		func() { p.visit("/payments"); p.click("Pay"); p.see("Which account do you pay from?") },
		func() {
			p.findsBank("Rheintor Bank")
			p.click("Pay")
			p.title("Pay")
			p.fill("To (name) (needed)", "Ausgedachte GmbH")
			p.fill("Payee’s account (IBAN) (needed)", payee)
			p.fill("Amount in EUR (needed)", "12.50")
			p.click("See what will be sent")
			p.see("Nothing has been sent yet.")
		},
		func() { p.click("Send to Rheintor Bank"); p.at("/authorisations/") },
		func() {
			p.approvesPayment("Rheintor Bank", "Lukas Brandhorst")
			c.controls("clock", `{"advance": "10s"}`)
			p.see("Carried out: it has left your account (ACSC)")
		},
		func() { p.visit("/payments"); p.click("Ausgedachte GmbH"); p.title("Ausgedachte GmbH") },
	}
}

func tellsTrouble(c *program, p, panel *person) []func() {
	return []func(){
		func() { p.visit(consentPage(c, "Rheintor Bank")); p.see("Notify the bank again") },
		func() { p.click("Notify the bank again"); p.see("Rheintor Bank knows.") },
		func() {
			panel.see("At Norrsken Bank, of which this step is.")
			panel.click("Let it happen: The bank is down")
			panel.see("Norrsken Bank answers 503 to everything")
			p.visit(consentPage(c, "Norrsken Bank"))
			p.click("Update now")
		},
		func() {
			panel.click("Take it back: The bank is down")
			panel.see("Norrsken Bank will answer 503 to everything")
			p.click("Update now")
			p.see("accounts were read")
		},
		func() {
			p.asks("Dalabanken")
			panel.see("At Dalabanken, where an approval waits.")
			tab := p.clickNewTab("Go to Dalabanken")
			tab.logsIn("Johan Bergvall")
			tab.click("Deny")
			tab.see("The consent was not approved.")
		},
		func() { p.passDays(181) },
		func() { p.visit("/accounts"); p.title("Accounts") },
	}
}

func tellsWire(c *program, p, _ *person) []func() {
	return []func(){
		func() { p.visit("/activity"); p.title("Activity") },
		func() {
			p.visit("/activity/flows/" + strings.TrimPrefix(consentPage(c, "Rheintor Bank"), "/consents/"))
			p.see("Rheintor Bank")
		},
		func() { p.click("Ask for the consent"); p.see("X-Request-ID") },
		func() { p.visit(consentPage(c, "Rheintor Bank")); p.title("Rheintor Bank") },
		func() { p.findsBank("Rheintor Bank") },
	}
}

// consentPage is where the newest consent at a bank is shown.
func consentPage(c *program, bank string) string { return "/consents/" + c.newest(bank).ID }
