package e2e

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"
)

// Saying no at the bank shares nothing, and a new question may get a yes.
func TestDeny(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	aino := opens(consentry)
	for _, bank := range []string{"Kuutamopankki", "Järvenselän Säästökassa"} { // by OAuth, by redirect
		aino.asks(bank)
		tab := aino.goesTo(bank)
		tab.logsIn("Aino Korpela")
		tab.click("Deny")
		tab.see("The permission was not approved.")
		tab.see("Nothing was shared.")
		aino.see("You said no at " + bank + ".")
		consentry.holds("rejected", "SELECT status FROM consent WHERE bank_name = ?", bank)
	}
	consentry.nothingRead()

	aino.click("Ask again")
	aino.title("What to share")
	aino.visit("/consents")
	aino.see("Refused")
	aino.click("Kuutamopankki")
	aino.see("It was rejected at the bank")
	aino.seeNot("Fetch now")

	aino.links("Kuutamopankki", "Aino Korpela")
	consentry.holds("2", "SELECT count(*) FROM consent WHERE bank_name = 'Kuutamopankki'")
	consentry.holds("1", "SELECT count(*) FROM consent WHERE status = 'valid'")
}

// Every other way of coming back from the bank has its own clear screen.
func TestJourneyOtherReturns(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	lukas := opens(consentry)

	lukas.story(t, "twice", func(lukas *person) {
		lukas.asks("Kranichkasse")
		tab := lukas.goesTo("Kranichkasse")
		tab.logsIn("Lukas Brandhorst")
		tab.approves()
		tab.see("You are back from the bank.")
		lukas.see("Kranichkasse is linked.")
		before := consentry.one("SELECT count(*) FROM entry")
		tab.reload()
		tab.see("You came back from the bank before.")
		consentry.holds("valid", "SELECT status FROM consent")
		consentry.counts("authorisation", "1")
		consentry.counts("entry", before)
	})
	accounts := consentry.one("SELECT count(*) FROM account")

	lukas.story(t, "without parameters", func(lukas *person) {
		lukas.visit("/callback")
		lukas.see("The bank sent you back without saying what became of it.")
	})

	lukas.story(t, "with a state nobody gave", func(lukas *person) {
		lukas.asks("Bank am Leuchtturm")
		lukas.visit("/callback?state=guessed&code=guessed")
		lukas.see("This return does not belong to anything you started here.")
		consentry.holds("received", "SELECT status FROM consent WHERE bank_name = 'Bank am Leuchtturm'")
		consentry.holds("", "SELECT outcome FROM authorisation JOIN consent c ON c.id = consent_id WHERE bank_name = 'Bank am Leuchtturm'")
	})

	lukas.story(t, "too late", func(lukas *person) {
		lukas.asks("Sternwarte Kreditbank")
		tab := lukas.goesTo("Sternwarte Kreditbank")
		tab.logsIn("Lukas Brandhorst")
		consentry.passes(31*time.Minute, "Sternwarte Kreditbank")
		lukas.see("It took too long.")
		tab.approves()
		tab.see("You came back too late.")
		consentry.holds("expired", "SELECT outcome FROM authorisation JOIN consent c ON c.id = consent_id WHERE bank_name = 'Sternwarte Kreditbank'")
	})

	lukas.story(t, "after three wrong passwords", func(lukas *person) {
		lukas.asks("Rioni Bank")
		tab := lukas.goesTo("Rioni Bank")
		for _, left := range []string{"two attempts are left", "one attempt is left", "Too many wrong attempts"} {
			tab.fill("Login", "lukas")
			tab.fill("Password", "wrong")
			tab.click("Log in")
			tab.see(left)
		}
		tab.click("Back to the app")
		tab.see("The permission was not approved.")
		lukas.see("Nothing was shared.")
		lukas.click("Start the approval again")
		lukas.see("Approve at Rioni Bank")
	})

	lukas.story(t, "having cancelled", func(lukas *person) {
		tab := lukas.goesTo("Rioni Bank")
		tab.title("Log in")
		tab.click("Cancel")
		tab.see("Nothing will be shared")
		tab.click("Go on with it")
		tab.title("Log in")
		tab.click("Cancel")
		tab.click("Cancel the request")
		tab.see("The permission was not approved.")
		lukas.see("You said no at Rioni Bank.")
		consentry.holds("rejected", "SELECT status FROM consent WHERE bank_name = 'Rioni Bank'")
	})

	consentry.counts("account", accounts)
}

// passes makes an approval look as long ago as if so much time had passed.
func (c *program) passes(time time.Duration, bank string) {
	c.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.data, "consentry.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec(`UPDATE authorisation SET created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at, ? || ' seconds')
		WHERE consent_id IN (SELECT id FROM consent WHERE bank_name = ?)`, -time.Seconds(), bank)
	if err != nil {
		c.t.Fatal(err)
	}
}
