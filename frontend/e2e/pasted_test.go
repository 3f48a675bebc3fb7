package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"consentry/storage"
	"consentry/xs2a"
)

// ownReturn is registered with the practice banks. Nobody answers there.
const ownReturn = "https://consentry.localhost/callback"

// Where a bank sends people to an address of the TPP's own alone, they bring
// the address back by hand. It goes through the same checks.
func TestJourneyPastedReturn(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	// The bank would be asked, and the screen go on, before anything is pasted.
	consentry := start(t, "-sandbox=false", "-pause", "1h")
	p := opens(consentry)
	p.addsByHand(banks)

	consentry.tells(p, byMetadata, func(c *customer) {
		c.begins()
		ended := c.endsOn(func(tab *person) { tab.approves() })
		c.see("it begins with " + ownReturn)
		altered := *ended
		altered.RawQuery = strings.Replace(ended.RawQuery, "state=", "state=x", 1)
		for pasted, told := range map[string]string{
			"that page": "Paste the whole address",
			"https://elsewhere.example/callback?code=1": "This is not the address the bank was told",
			altered.String(): "This address belongs to another attempt.",
		} {
			c.pastes(pasted)
			c.see(told)
			same(c.t, "attempts that go on", len(open(c.of.attempts(c.bank))), 1)
		}
		c.of.hasNothingOf("")
		c.pastes(ended.String())
		c.linked()
	})

	consentry.tells(p, explicitly, func(c *customer) {
		c.begins()
		ended := c.endsOn(func(tab *person) { tab.click("Deny") })
		c.pastes(ended.String())
		c.see(saidNo.at(c.bank))
		c.ended(storage.Denied, xs2a.ConsentRejected)
	})

}

// A confirmation code is brought by hand the same way, once the bank says that
// it waits for one.
func TestJourneyPastedConfirmation(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	consentry := start(t, "-sandbox=false")
	p := opens(consentry)
	p.addsByHand(banks)

	consentry.tells(p, confirmed, func(c *customer) {
		c.begins()
		ended := c.endsOn(func(tab *person) { tab.approves() })
		altered := ended.Query()
		altered.Set("confirmationCode", "0123456789abcdef")
		c.see("Confirm to " + c.bank) // the bank says so before anybody has copied an address
		c.fill("Confirmation code (needed)", ownReturn+"?"+altered.Encode())
		c.click("Continue")
		c.of.hasNothingOf(c.bank)
		c.until("have the bank asked how it stands", func() error {
			if len(c.of.exchanges(http.MethodGet, "/siegelhaus/", "/authorisations/")) < 3 {
				return errNotYet
			}
			return nil
		})
		c.fill("Confirmation code (needed)", ended.Query().Get("confirmationCode"))
		c.click("Continue")
		c.linked()
		// Banks count: a code that was refused is not sent again.
		same(c.t, "codes sent", len(c.of.exchanges(http.MethodPut, "/siegelhaus/")), 2)
	})
}

// endsOn goes through the bank's pages and returns the address in the bar above
// the page that could not be shown in the end.
func (c *customer) endsOn(decide func(tab *person)) (ended *url.URL) {
	c.t.Helper()
	tab := c.atTheDoor()
	tab.logsIn(c.who.name)
	tab.leave() // the browser complains that nobody answers
	decide(tab)
	tab.until("end at "+ownReturn, func() error {
		history, err := chromedp.Call(tab.tab, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		last := history.Entries[history.CurrentIndex].URL
		if !strings.HasPrefix(last, ownReturn) {
			return errNotYet
		}
		ended, err = url.Parse(last)
		return err
	})
	return ended
}

func (c *customer) pastes(address string) {
	c.t.Helper()
	c.fill("Address your browser ended on", address)
	c.click("Continue")
}

// addsByHand names the banks and all they want in the settings.
func (p *person) addsByHand(banks *practiceBanks) {
	p.t.Helper()
	p.beginsBerlinGroup()
	p.fill("Name", "Banks that want https")
	p.fill("Interface of the banks", banks.base())
	p.fill("Return address", ownReturn)
	p.fill("Banks of this environment", "oststern; Oststern Bank; DE; Berlin\nelbufer; Elbufer Kreditbank; DE; Hamburg\nsiegelhaus; Siegelhaus Bank; DE; München")
	p.unfolds("Credentials (OAuth)", "Client id")
	p.fill("Client id", banks.Info.ClientID)
	p.fill("Client secret", banks.Info.ClientSecret)
	p.unfolds("Certificate for signatures", "Certificate for signatures (PEM)")
	p.fill("Certificate for signatures (PEM)", banks.Info.TPPCertificate)
	p.fill("Private key for signatures (PEM)", banks.Info.TPPKey)
	p.unfolds("Paths and habits of the banks", "Path of consents")
	for _, service := range []string{"consents", "accounts"} {
		p.fill("Path of "+service, banks.Info.Prefixes["berlingroup"])
	}
	p.click("Save")
	p.see("Banks that want https")
	p.until("have the list of banks", func() error {
		p.visit("/banks")
		if !p.finds("Germany") {
			return errNotYet
		}
		return nil
	})
}

// unfolds opens a group of questions unless a field of it is in sight.
func (p *person) unfolds(group, field string) {
	p.t.Helper()
	if _, err := p.find(fillable, field); err != nil {
		p.click(group)
	}
}

// fillsLogin says who one is at the bank: where the form begins, if the bank is known to want that, else
// in a group that may have to be unfolded.
func (p *person) fillsLogin(group, login string) {
	p.t.Helper()
	const field, needed = "Your login at the bank (PSU-ID)", "Your login at the bank (PSU-ID) (needed)"
	if _, err := p.find(fillable, needed); err == nil {
		p.fill(needed, login)
		return
	}
	p.unfolds(group, field)
	p.fill(field, login)
}

// beginsBerlinGroup opens the form for a new environment, with what a bank of the dialect begins with.
func (p *person) beginsBerlinGroup() {
	p.t.Helper()
	p.visit("/settings")
	p.click("Add an environment")
	p.title("Add an environment")
	p.click("Berlin Group bank")
	p.until("have the dialect filled in", func() error {
		name, err := ask[string](p, "document.getElementById('name').value")
		if err == nil && name != "Berlin Group bank" {
			err = errNotYet
		}
		return err
	})
}
