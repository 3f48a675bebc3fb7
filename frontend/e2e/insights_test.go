package e2e

import (
	"net/url"
	"testing"

	"consentry/storage"
)

// counterpartyOf is the key of one to whom money went from an account that was read.
func (c *program) counterpartyOf(read statement) string {
	c.t.Helper()
	for _, one := range read.Booked {
		if with := storage.CounterpartyOf(one.Transaction); one.Amount.Negative() && with.Key != "" && with.Number == "" {
			return with.Key
		}
	}
	c.t.Fatal("no counterparty has a name")
	return ""
}

// TestJourneyInsights has Astrid look at what her year was like, and go from a figure to whom it went to,
// and to the transactions it is made of.
func TestJourneyInsights(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.shares(consentry, norrsken, "astrid")
	key := consentry.counterpartyOf(consentry.statement("Lönekonto"))

	for screen, address := range map[string]string{"insights": "/insights", "with": "/insights/with", "days": "/insights?months=2", "subscriptions": "/insights/subscriptions", "counterparty": "/counterparty?of=" + url.QueryEscape(key)} {
		astrid.visit(address)
		astrid.inspect(screen, 1280, light, everything)
		astrid.inspect(screen, 360, dark, onTelephones)
		astrid.looks(1280, light)
	}
	astrid.visit("/")
	astrid.click("Insights")
	astrid.see("All your accounts in SEK")
	astrid.see("Most went to")
	astrid.click("3 months")
	astrid.see("This month, after")
	astrid.click("Subscriptions")
	astrid.see("This is a guess from what was read")

	astrid.visit("/counterparty?of=" + url.QueryEscape(key))
	astrid.see("All transactions with this name")
	astrid.click("All transactions with them")
	astrid.see("With ")
	astrid.visit("/counterparty?of=nobody-of-that-name")
	astrid.see("There is nothing at this address")
}
