package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// passphrase is what protects the key in these tests; another is chosen later.
const passphrase, otherPassphrase = "kastanje under en paraply", "zweiundzwanzig Regenmaentel"

// A person sets a passphrase, locks, and finds everything as it was behind it: while it is locked no tab shows anything, a
// bank's return is kept, and after a restart the passphrase is asked for first. A forgotten one costs the secrets alone.
func TestJourneyLock(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	knows(t, "a passphrase", passphrase)
	knows(t, "a passphrase", otherPassphrase)
	astrid := opens(consentry)
	astrid.links("Norrsken Bank", "Astrid Lindqvist")

	// What it protects is said before it is set, and mistakes stand at their fields.
	astrid.visit("/settings")
	astrid.click("Set a passphrase")
	astrid.title("Lock")
	astrid.see("Not the transactions on the disk")
	astrid.see("If you forget it, nobody can open the secrets again")
	astrid.fill("New passphrase", "kort")
	astrid.fill("The same again", "kort")
	astrid.click("Set the passphrase")
	astrid.see("Take 8 characters at least.")
	astrid.fill("New passphrase", passphrase)
	astrid.fill("The same again", otherPassphrase)
	astrid.click("Set the passphrase")
	astrid.see("This is not what you typed above.")
	astrid.fill("New passphrase", passphrase)
	astrid.fill("The same again", passphrase)
	astrid.click("Set the passphrase")
	astrid.see("The passphrase protects your key from now on.")

	// Locked by a key; another tab is locked with it.
	astrid.asks("Nordlyskassen")
	bank := astrid.goesTo("Nordlyskassen")
	bank.logsIn("Ingrid Solhaug")
	beside := astrid.opensTab("/accounts")
	beside.title("Accounts")
	astrid.visit("/consents")
	astrid.see("Norrsken Bank")
	astrid.keys("l")
	astrid.title("Consentry is locked")
	astrid.seeNot("Norrsken")
	beside.title("Consentry is locked")
	beside.seeNot("SEK")

	// The bank's page goes on meanwhile: the return is kept, and shows nothing.
	bank.approves()
	bank.see("You are back from the bank.")
	bank.see("Consentry is locked. Unlock it, and it goes on from here.")
	bank.seeNot("Nordlyskassen")

	astrid.fill("Passphrase", "not it at all")
	astrid.click("Unlock")
	astrid.see("This is not the passphrase.")
	astrid.fill("Passphrase", passphrase)
	astrid.click("Unlock")
	astrid.at("/consents")
	astrid.see("Norrsken Bank")
	beside.title("Accounts")
	astrid.visit("/accounts")
	astrid.see("NOK")

	// Reads that go on keep it open behind the lock.
	astrid.visit("/settings/lock")
	astrid.click("Scheduled reads go on")
	astrid.click("Save")
	astrid.see("Saved.")
	astrid.click("Lock now")
	astrid.title("Consentry is locked")
	astrid.fill("Passphrase", passphrase)
	astrid.click("Unlock")
	astrid.title("Lock")

	// Another start asks first.
	astrid.leave()
	consentry.kill()
	consentry.run()
	astrid = opensLocked(consentry)
	astrid.title("Consentry is locked")
	astrid.fill("Passphrase", passphrase)
	astrid.click("Unlock")
	astrid.at("/")
	astrid.see("Norrsken Bank")
	astrid.visit("/settings/lock")
	astrid.fill("Passphrase now", passphrase)
	astrid.fill("New passphrase", otherPassphrase)
	astrid.fill("The same again", otherPassphrase)
	astrid.click("Change the passphrase")
	astrid.see("The passphrase is another one from now on.")

	// Forgotten: asked twice, the transactions stay.
	astrid.click("Lock now")
	astrid.title("Consentry is locked")
	astrid.click("Forgotten the passphrase?")
	astrid.see("Accounts, transactions, notes and the record of your consents stay.")
	astrid.click("Start over without the secrets")
	astrid.title("Forget the secrets for good?")
	astrid.click("Forget the secrets, keep the transactions")
	astrid.at("/")
	astrid.see("Norrsken Bank")
	astrid.visit("/accounts")
	astrid.see("SEK")
	astrid.visit("/settings")
	astrid.click("Set a passphrase")
	astrid.see("Set a passphrase")
}

// opensLocked starts a session with a program whose first page is that of the lock.
func opensLocked(c *program) *person {
	c.t.Helper()
	p := somebody(c.t)
	p.visit(c.address)
	p.title("Consentry is locked")
	home := p.home()
	knows(p.t, "where the session is", home[strings.LastIndex(home, "/")+1:])
	knowsCookies(p.t, p.cookie(home+"/"))
	return p
}

// opensTab opens another tab of the same browser at a path within the session.
func (p *person) opensTab(path string) *person {
	p.t.Helper()
	here := p.bar()
	tab, cancel := chromedp.NewContext(p.tab)
	p.t.Cleanup(cancel)
	other := before(p.t, tab)
	other.visit(here.Scheme + "://" + here.Host + sessionIn.FindString(here.Path) + path)
	return other
}
