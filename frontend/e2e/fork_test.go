package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A flow is forked where its consent was asked for, at a bank that asks for the password
// here: the wrong one is typed, then the right one, and the steps of the old flow are gone
// through with the new ids to the accounts. What is left at the bank is named, and ended.
func TestJourneyFork(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	user := opens(consentry)
	consentry.tells(user, oneMethod, func(c *customer) {
		c.begins()
		c.does(oneMethod.acts...)
		c.linked()
	})
	begin := consentry.exchanges(http.MethodPost, "/einhafen/v1/consents")[0]
	user.visit(fmt.Sprint("/activity/exchanges/", begin.ID))
	user.click("Fork here")
	user.title("Fork here")
	user.see("None of them is sent again.")
	user.see("alone: it is not among your consents here.")
	inspected(user, "fork-form")
	user.click("Send")
	user.see("It began in the middle of another flow, at this step:")
	types := func(what, with string) {
		user.click("Open the next step")
		body := user.holds("Body")
		if !strings.Contains(body, what) {
			t.Fatalf("the body is\n%s", body)
		}
		user.see("What new answers gave")
		inspected(user, "next")
		user.fill("Body", strings.Replace(body, what, with, 1))
		user.click("Send")
		user.see("A fork")
	}
	types("«password»", "not-this-one")
	user.see("401 Unauthorized")
	user.click("Try the last one again")
	user.fill("Body", strings.Replace(user.holds("Body"), "«password»", lukas.password, 1))
	user.click("Send")
	user.see("The former answer")
	user.click("The flow")
	types("«scaAuthenticationData»", lukas.code)
	for range 40 {
		if user.says("It is at its end") {
			break
		}
		user.click("Open the next step")
		user.click("Send")
		user.see("A fork")
	}
	user.see("It is at its end: the flow it was forked from has no further step.")
	user.see("Made by hand")
	user.see("Active")
	inspected(user, "fork")
	user.click("End it at the bank")
	user.click("Send")
	user.title("End the consent")
	user.see("204 No Content")
	user.visit("/activity")
	user.see("Forked at: Ask for the consent")
	user.seeNot("Made by hand")
	user.visit("/activity/flows/" + begin.FlowID)
	user.see("Forks of this flow")
}

// inspected judges a screen on a telephone and at a desk.
func inspected(p *person, screen string) {
	p.inspect(screen, 360, dark, onTelephones)
	p.inspect(screen, 1280, light, everything)
}
