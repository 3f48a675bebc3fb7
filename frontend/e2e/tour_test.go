package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"consentry/xs2a/sandbox/people"
)

// look is what a tour does at each screen it comes to.
type look func(p *person, screen string)

// tours go through all screens, each with a program of its own.
var tours = []struct {
	name string
	of   func(*testing.T, look)
}{
	{"of the sections", tourOfSections},
	{"of linking", tourOfLinking},
	{"without banks", tourWithoutBanks},
	{"of a file of banks", tourOfAFile},
	{"going live", goesLive},
	{"of a file of transactions", tourOfTransactions},
	{"of paying", tourOfPaying},
	{"of testing", testersDay},
}

// tourOfLinking goes from the first screen to a bank's accounts, through the
// pages of a bank, and through the ways in which that ends otherwise.
func tourOfLinking(t *testing.T, look look) {
	c := start(t)
	astrid := opens(c)
	look(astrid, "overview-empty")
	for _, empty := range []string{"accounts", "consents"} {
		astrid.visit("/" + empty)
		look(astrid, empty+"-empty")
	}

	astrid.visit("/banks")
	astrid.see("Sweden")
	look(astrid, "banks")
	astrid.visit("/environments/sandbox/directory")
	look(astrid, "directory")
	astrid.visit("/banks")
	astrid.click("Sweden")
	astrid.see("All of Sweden")
	look(astrid, "banks-country")
	astrid.fill("Name, BIC or city", "zzz")
	astrid.see("No bank found")
	look(astrid, "banks-none")
	astrid.visit("/banks/sandbox/SPFBSEP0")
	look(astrid, "bank-affiliated")

	astrid.findsBank("Norrsken Bank")
	look(astrid, "bank")
	astrid.click("Link this bank")
	astrid.title("What to share")
	look(astrid, "share")
	astrid.click("Change accounts, time and how often")
	astrid.click("Only these accounts")
	astrid.fill("Account numbers (IBAN)", "SE11 9560 0001 6124 6474 7181")
	astrid.fill("Automatic updates a day", "99")
	astrid.click("Continue to the bank")
	astrid.see("Please check the marked fields.")
	look(astrid, "share-mistakes")

	astrid.asks("Norrsken Bank")
	look(astrid, "link-go")
	tab := astrid.goesTo("Norrsken Bank")
	tourOfABank(tab, look)
	look(tab, "callback")
	astrid.see("Norrsken Bank is linked.")
	look(astrid, "link-done")
	tab.reload()
	look(tab, "callback-twice")

	astrid.asks("Hamnbanken")
	look(astrid, "link-choose")
	astrid.asks("Dalabanken")
	tab = astrid.goesTo("Dalabanken")
	tab.logsIn("Astrid Lindqvist")
	tab.click("Deny")
	tab.see("The consent was not approved.")
	look(tab, "callback-denied")
	astrid.see("You declined at Dalabanken.")
	look(astrid, "link-denied")
	astrid.asks("Isbergs Bank")
	tab = astrid.goesTo("Isbergs Bank")
	tab.title("Log in")
	astrid.visit("/")
	look(astrid, "overview-needs-you")
	astrid.nextTo("Isbergs Bank", "Cancel this request")
	astrid.see("You cancelled this request.")
	look(astrid, "link-given-up")
	astrid.asks("Lyktans Bank")
	astrid.fill("Your login at the bank (needed)", "astrid")
	astrid.click("Continue")
	astrid.see("Approve on your other device")
	look(astrid, "link-phone")
	astrid.click("Show it on a real phone")
	astrid.see("What this opens")
	look(astrid, "phone")

	for _, each := range []section{
		{"consent-waiting", "/consents/" + c.newest("Hamnbanken").ID},
		{"consent-refused", "/consents/" + c.newest("Dalabanken").ID},
		{"share-again", "/banks/sandbox/NRSKSEP0/share"},
		{"callback-empty", "/callback"},
		{"callback-unknown", "/callback?state=guessed"},
	} {
		astrid.visit(each.address)
		look(astrid, each.screen)
	}
	stranger := somebody(t)
	stranger.visit(c.origin())
	stranger.see("This browser has no session with Consentry.")
	look(stranger, "no-session")
}

// tourOfSections goes through what a person has who has linked banks.
func tourOfSections(t *testing.T, look look) {
	c := start(t)
	astrid := opens(c)
	astrid.visit("/banks")
	astrid.see("Sweden")
	given := astrid.shares(c, norrsken, "astrid")
	astrid.asksFor(c, klitbanken)

	for _, each := range c.sections(given) {
		astrid.visit(each.address)
		look(astrid, each.screen)
	}

	astrid.visit("/activity/recordings")
	astrid.uploads(savedFile(t, "bank.http", "GET https://bank.example/v1/accounts\nConsent-ID: 1\n\nHTTP/1.1 403 Forbidden\n"))
	astrid.click("Bring it in")
	astrid.see("Make a bank of this recording.")
	look(astrid, "recording")
	astrid.visit("/environments/new")
	astrid.fill("Interface of the banks", "nowhere")
	astrid.click("Save")
	astrid.see("Give the environment a name.")
	look(astrid, "environment-mistakes")
	astrid.visit("/settings")
	astrid.click("Begin presenter mode")
	astrid.see("Presenter mode.")
	look(astrid, "settings-presented")
	astrid.visit(fmt.Sprint("/accounts/", c.statement("Lönekonto").ID))
	look(astrid, "account-presented")
	astrid.endsPresenting()
	astrid.visit(fmt.Sprint("/accounts/", c.statement("Lönekonto").ID))
	astrid.visit(astrid.older())
	look(astrid, "account-older")
	astrid.visit(given.page())
	astrid.click("Withdraw")
	astrid.see("This cannot be undone")
	look(astrid, "withdraw-dialog")
	astrid.click("Withdraw, keep the data")
	astrid.see("Withdrawn")
	look(astrid, "consent-withdrawn")
	astrid.visit(given.page() + "/erase")
	astrid.see("Erase what was read?")
	look(astrid, "erase")
	astrid.keys("?")
	astrid.see("This list")
	look(astrid, "keys")
	tourThroughTime(c, astrid, look)
}

// section is a screen that has an address.
type section struct{ screen, address string }

// sections are the screens of who has linked a bank.
func (c *program) sections(given *grant) []section {
	c.t.Helper()
	salary := c.statement("Lönekonto")
	account := fmt.Sprint("/accounts/", salary.ID)
	return []section{
		{"overview", "/"},
		{"consents", "/consents"},
		{"consents-filter", "/consents?filter=open&sort=bank"},
		{"consents-none", "/consents?q=zzz"},
		{"consent", given.page()},
		{"withdraw", given.page() + "/withdraw"},
		{"renew", given.page() + "/renew"},
		{"receipt", given.page() + "/receipt"},
		{"reads", given.page() + "/reads"},
		{"accounts", "/accounts"},
		{"arrange", "/accounts/arrange"},
		{"account", account},
		{"shown", account + "/shown"},
		{"statement", account + "/statement"},
		{"export", "/transactions/export"},
		{"transactions", "/transactions"},
		{"transactions-found", "/transactions?q=" + url.QueryEscape(salary.Name+" >100")},
		{"transactions-filter", "/transactions?filter=open&way=out"},
		{"transactions-none", "/transactions?q=zzz"},
		{"transaction", fmt.Sprint("/transactions/", salary.Booked[0].ID)},
		{"insights", "/insights"},
		{"insights-account", fmt.Sprint("/insights?months=1&account=", salary.ID)},
		{"insights-with", "/insights/with"},
		{"subscriptions", "/insights/subscriptions"},
		{"coming", "/coming"},
		{"counterparty", "/counterparty?of=" + url.QueryEscape(c.counterpartyOf(salary))},
		{"transactions-counterparty", "/transactions?own=apart&counterparty=" + url.QueryEscape(c.counterpartyOf(salary))},
		{"names", "/names"},
		{"alerts", "/alerts?look=yes"},
		{"name", fmt.Sprint("/names/new?transaction=", salary.Booked[0].ID)},
		{"searches", "/searches"},
		{"products", "/banks/sandbox/mtkvari/products"},
		{"product", "/banks/sandbox/mtkvari/products/" + url.PathEscape(people.FixedID("product", "TERM_DEPOSITS", "0"))},
		{"compared", "/banks/sandbox/mtkvari/compare?product=" + people.FixedID("product", "TERM_DEPOSITS", "0") + "&product=" + people.FixedID("product", "PERS_LOANS", "16")},
		{"activity", "/activity"},
		{"activity-search", "/activity?q=consents"},
		{"activity-flow", "/activity/flows/" + given.id},
		{"activity-again", fmt.Sprint("/activity/exchanges/", c.exchanges(http.MethodGet, "/transactions")[0].ID, "/again")},
		{"activity-exchange", fmt.Sprint("/activity/exchanges/", c.exchanges(http.MethodGet, "/transactions")[0].ID)},
		{"activity-take", "/activity/take?flow=" + given.id},
		{"comparison-choice", fmt.Sprint("/activity/comparison?a=", c.exchanges(http.MethodGet, "/transactions")[0].ID)},
		{"comparison", fmt.Sprint("/activity/comparison?a=", c.exchanges(http.MethodGet, "/transactions")[0].ID, "&b=", c.exchanges(http.MethodGet, "/accounts")[0].ID)},
		{"comparison-flows", "/activity/comparison/flows?a=" + given.id + "&b=" + given.id},
		{"recordings", "/activity/recordings"},
		{"report", "/activity/report?flow=" + given.id},
		{"definitions", "/activity/definitions"},
		{"check-run", "/environments/sandbox/run"},
		{"settings", "/settings"},
		{"lock", "/settings/lock"},
		{"backup", "/settings/backup"},
		{"restore", "/settings/backup/restore"},
		{"profiles", "/settings/profiles"},
		{"faults", "/faults?bank=" + norrsken.bic},
		{"stage", "/stage"},
		{"stage-reset", "/stage/reset"},
		{"environment", "/environments/sandbox"},
		{"environment-new", "/environments/new"},
		{"not-found", "/nowhere"},
	}
}

// tourThroughTime goes through what a person sees as a consent comes to its
// end.
func tourThroughTime(c *program, p *person, look look) {
	given := p.shares(c, vidda, "astrid")
	p.passDays(175)
	look(p, "settings-ahead")
	for _, each := range []section{
		{"overview-due", "/"}, {"consents-due", "/consents"}, {"consent-due", given.page()},
	} {
		p.visit(each.address)
		look(p, each.screen)
	}
	p.passDays(7)
	p.opensConsent(given)
	look(p, "consent-expired")
	p.visit(given.page() + "/receipt")
	look(p, "receipt-expired")
}

// tourOfABank goes through a bank's pages, from the login to the approval.
func tourOfABank(tab *person, look look) {
	tab.title("Log in")
	look(tab, "bank-page-login")
	tab.fill("Login", "astrid")
	tab.fill("Password", "wrong")
	tab.click("Log in")
	tab.see("two attempts are left")
	look(tab, "bank-page-login-wrong")
	tab.click("Cancel")
	tab.see("Nothing will be shared")
	look(tab, "bank-page-cancel")
	tab.click("Continue with it")
	tab.logsIn("Astrid Lindqvist")
	look(tab, "bank-page-accounts")
	tab.click("Continue")
	tab.see("Step 3 of 3")
	look(tab, "bank-page-code")
	tab.fill("Code", tab.practiceCode())
	tab.click("Approve")
	tab.see("You are back from the bank.")
}

// tourWithoutBanks goes through what a person sees when banks are slow or gone.
func tourWithoutBanks(t *testing.T, look look) {
	banks := startBanks(t)
	network := newPausableNetwork(t, banks.base())
	c := start(t, "-sandbox=false")
	nino := opens(c)
	nino.visit("/banks")
	look(nino, "banks-no-environment")
	nino.adds(banks, network.address)

	network.hold()
	nino.asks("Rioni Bank")
	tab := nino.goesTo("Rioni Bank")
	tab.logsIn("ნინო ბერიძე")
	tab.approves()
	network.held()
	nino.see("Consentry is reading your accounts.")
	look(nino, "link-fetching")
	network.release()
	nino.see("Rioni Bank is linked.")

	banks.kill()
	nino.visit("/banks")
	nino.click("Refresh the list")
	nino.see("could not be reached")
	look(nino, "offline-banks")
	nino.click("Kolkheti Bank")
	nino.title("Kolkheti Bank")
	look(nino, "offline-bank")
	nino.asks("Kolkheti Bank")
	nino.see("Kolkheti Bank did not answer.")
	look(nino, "offline-link-unanswered")
	nino.click("Try again")
	nino.see("Technical detail")
	look(nino, "offline-link-again")
	consent := "/consents/" + c.newest("Rioni Bank").ID
	nino.visit(consent)
	nino.click("Update now")
	nino.see("Rioni Bank could not be reached.")
	look(nino, "offline-consent")
	nino.visit("/accounts/1")
	look(nino, "offline-account")
	nino.visit("/")
	look(nino, "offline-overview")
	nino.visit("/settings")
	look(nino, "offline-settings")
	nino.click("Practice")
	nino.title("Practice")
	look(nino, "environment-own")
	nino.visit(consent + "/withdraw")
	nino.click("Withdraw, keep the data")
	nino.see("has not confirmed the end yet")
	look(nino, "offline-withdraw")
}

// older is where the link to older transactions leads.
func (p *person) older() string {
	p.t.Helper()
	address, err := ask[string](p, `document.querySelector('a[rel="next"]').href`)
	if err != nil {
		p.fail("find older transactions", err)
	}
	return address
}
