package e2e

import "testing"

// TestJourneyAlerts has Astrid choose to be told of debits: of none that was there before, of those that come once, and
// no more once she has seen them.
func TestJourneyAlerts(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	given := astrid.shares(consentry, norrsken, "astrid")

	astrid.visit("/settings")
	astrid.click("Choose alerts")
	astrid.title("Alerts")
	astrid.fill("More than", "0")
	astrid.click("Tell me: A debit is more than an amount")
	astrid.see("Enter an amount above zero.")
	astrid.fill("More than", "10")
	astrid.click("Tell me: A debit is more than an amount")
	astrid.see("Any account: more than 10")
	astrid.fill("More than", "10,00")
	astrid.click("Tell me: A debit is more than an amount")
	astrid.see("You have chosen this alert already.")
	astrid.visit("/alerts")
	astrid.click("Look for regular income in your history")
	astrid.click("Tell me: Salary, or other regular income, comes in")
	astrid.see("What is less than half of that is not told.")
	astrid.inspect("alerts-chosen", 1280, light, everything)
	astrid.inspect("alerts-chosen", 360, dark, onTelephones)
	astrid.visit("/")
	astrid.seeNot("Needs you")

	astrid.passDays(35)
	astrid.visit("/consents/" + given.id)
	astrid.click("Update now")
	astrid.see("new transactions")
	astrid.visit("/")
	astrid.see("Needs you · 2")
	astrid.see("came in to")
	astrid.see("more than 10")
	astrid.inspect("overview-alerts", 1280, light, everything)
	astrid.inspect("overview-alerts", 360, dark, onTelephones)
	astrid.visit("/alerts")
	astrid.see("What you were told")
	astrid.click("I have seen them all")
	astrid.seeGo("I have seen them all")
	astrid.visit("/")
	astrid.seeNot("Needs you")
}
