package e2e

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// serve answers at a free port until the test ends.
func serve(t *testing.T, handler http.Handler) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// adds an environment by the settings, and waits for its list of banks. The
// person's own browser reaches the banks directly, the program by api.
func (p *person) adds(banks *practiceBanks, api string) {
	p.t.Helper()
	p.visit("/settings")
	p.click("Add an environment")
	p.title("Add an environment")
	p.fill("Name", "Practice")
	p.fill("Interface of the banks", api)
	p.fill("Authorisation server", banks.base())
	p.fill("Client id", banks.Info.ClientID)
	p.fill("Client secret", banks.Info.ClientSecret)
	p.click("Save")
	p.title("Settings")
	p.see("Practice")
	p.until("have the list of banks", func() error {
		p.visit("/banks")
		if !p.finds("Georgia") {
			return errNotYet
		}
		return nil
	})
}

// A bank that cannot be reached costs nothing but the news.
func TestJourneyUnreachable(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	consentry := start(t, "-sandbox=false")
	aino := opens(consentry)
	aino.adds(banks, banks.base())
	aino.links("Auranranta Pankki", "Aino Korpela")
	kept := consentry.holdings("")

	banks.kill()

	aino.story(t, "the list of banks stays, with its age", func(aino *person) {
		aino.visit("/banks")
		aino.click("Refresh the list")
		aino.see("could not be reached")
		aino.see("You see the list of today")
		aino.click("Finland")
		aino.see("All of Finland")
		aino.click("Revontuli Pankki")
		aino.title("Revontuli Pankki")
		aino.see("could not be reached")
	})

	aino.story(t, "asking waits for the bank", func(aino *person) {
		aino.asks("Revontuli Pankki")
		aino.see("Revontuli Pankki did not answer.")
		aino.see("Nothing is shared until you approve")
		aino.click("Try again")
		aino.see("Technical detail") // of the second attempt; the words are the same
	})

	aino.story(t, "fetching keeps what was read before", func(aino *person) {
		aino.visit("/consents")
		aino.click("Auranranta Pankki")
		aino.title("Auranranta Pankki")
		aino.click("Update now")
		aino.see("Auranranta Pankki could not be reached.")
		same(t, "what is kept", consentry.holdings(""), kept)
		aino.visit("/accounts/1")
		aino.see("Auranranta Pankki could not be reached.")
		aino.see("booked transactions")
	})

	banks.run()

	aino.story(t, "the same question is answered later", func(aino *person) {
		aino.visit("/consents")
		aino.click("Revontuli Pankki")
		aino.click("Continue")
		aino.see("How do you want to approve?")
		tab := aino.goesTo("Revontuli Pankki")
		tab.logsIn("Aino Korpela")
		tab.approves()
		tab.see("You are back from the bank.")
		aino.see("Revontuli Pankki is linked.")
		same(t, "consents asked for", len(consentry.consents("Revontuli Pankki")), 1)
	})

	aino.story(t, "and the accounts are read again", func(aino *person) {
		aino.visit("/consents")
		aino.click("Auranranta Pankki")
		aino.title("Auranranta Pankki")
		aino.click("Update now")
		aino.until("have no failure any more", func() error {
			if consentry.newest("Auranranta Pankki").FetchError.Given() {
				return errNotYet
			}
			return nil
		})
		same(t, "what is kept", consentry.holdings("Auranranta Pankki"), kept)
	})
}
