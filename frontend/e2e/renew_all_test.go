package e2e

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"consentry/storage"
)

// What is due is renewed bank by bank, whatever each bank wants for it and whatever comes between: one
// that refuses, the program's end, a second window.
func TestJourneyRenewAll(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	user := opens(consentry)
	user.sized(1280, 800)
	ways := []struct {
		approach
		again []act // what is done to renew, where the login is known
	}{
		{twoHere, []act{is(mette), givesPassword, givesCode, nextPerson, is(lukas), identifies, givesPassword, givesCode}}, // its login is that of who came last
		{oneMethod, []act{givesPassword, givesCode}},
		{byMetadata, []act{atTheBank}},
		{implicitly, []act{atTheBank}},
		{byMessage, []act{reads("Approve on your other device"), onTheTelephone}},
	}
	at := func(p *person, a approach) *customer {
		return &customer{person: p, of: consentry, bank: a.bank, who: lukas, known: a.known}
	}
	for _, way := range ways {
		c := at(user, way.approach)
		c.begins()
		c.does(way.acts...)
		user.see(way.bank + " is linked.")
		user.until("have "+way.bank+" read", func() error {
			if consentry.newest(way.bank).FetchedAt.IsZero() {
				return errNotYet
			}
			return nil
		})
	}

	user.story(t, "update now says what came", func(user *person) {
		user.visit("/consents/" + consentry.newest(byMessage.bank).ID)
		user.click("Update now")
		user.see("Already up to date.")
		user.until("hear it", func() error {
			said, err := ask[string](user, "document.getElementById('announcer').textContent")
			if err == nil && !strings.Contains(said, "Already up to date.") {
				err = errNotYet
			}
			return err
		})
		user.visit(fmt.Sprintf("/accounts/%d", consentry.statements(byMessage.bank)[0].ID))
		user.click("Update now")
		user.see("Already up to date.")
	})

	user.story(t, "the list stands above the fold", timelineFolds)

	user.passDays(155)
	first := consentry.newest(twoHere.bank)
	user.visit("/consents")
	user.see("5 consents have to be renewed by")
	user.see("Doppelhof Genossenschaft, Einhafen Bank, Oststern Bank, Rheintor Bank and Sandviks Folkbank.")
	user.click("Renew all (5)")

	approves := func(p *person, i int) {
		p.t.Helper()
		c := at(p, ways[i].approach)
		c.title("Renew or change")
		c.see(fmt.Sprintf("%d of 5 · %s", i+1, c.bank))
		c.see("Your present consent works until you approve the new one.")
		c.click("Continue to the bank")
		c.at("/authorisations/")
		c.does(ways[i].again...)
		c.see("Your consent at " + c.bank + " is renewed.")
	}
	next := func(p *person, label string) {
		p.t.Helper()
		p.until("have the focus on "+label, func() error {
			if name, err := p.focusedName(); err != nil || name != label {
				return errors.Join(errNotYet, fmt.Errorf("it is on %q", name), err)
			}
			return nil
		})
		p.keys("\r")
	}

	user.story(t, "embedded, two people", func(user *person) {
		inspected(user, "renew-in-a-round")
		approves(user, 0)
		inspected(user, "renewed-in-a-round")
		next(user, "Next: Einhafen Bank (2 of 5)")
		user.title("Renew or change")
		user.visit("/consents/" + first.ID + "/renew") // the way back
		user.see("This consent is renewed already.")
		user.click("Next: Einhafen Bank (2 of 5)")
	})
	user.story(t, "embedded", func(user *person) {
		approves(user, 1)
		next(user, "Next: Oststern Bank (3 of 5)")
	})
	user.story(t, "a bank that refuses", func(user *person) {
		user.see("3 of 5 · Oststern Bank")
		consentry.controls("faults", `{"bank": "`+consentry.newest(byMetadata.bank).BIC+`", "operation": "createConsent", "status": 400, "code": "FORMAT_ERROR", "count": 1}`)
		user.click("Continue to the bank")
		user.see("Nothing was shared.")
		user.see("3 of 5 · Oststern Bank")
		if old := consentry.newest(byMetadata.bank); old.Ended() || old.Renews != "" {
			t.Errorf("the old consent is %+v", old)
		}
		user.click("Skip")
		user.see("4 of 5 · Rheintor Bank")
	})
	user = again(consentry, user)
	user.sized(1280, 800)
	user.story(t, "after the program's end, redirect", func(user *person) {
		user.visit("/")
		user.click("Go on renewing: 2 consents are still to come")
		approves(user, 3)
		next(user, "Next: Sandviks Folkbank (5 of 5)")
	})
	user.story(t, "decoupled, and the end", func(user *person) {
		approves(user, 4)
		next(user, "See what was renewed")
		user.title("Renew all")
		user.see("4 of 5 consents are renewed.")
		user.see("Not renewed")
		inspected(user, "round")
		user.click("Renew what is still due (1)")
		user.see("1 of 1 · Oststern Bank")
		c := at(user, byMetadata)
		user.click("Continue to the bank")
		c.does(atTheBank)
		user.see("Your consent at Oststern Bank is renewed.")
		next(user, "See what was renewed")
		user.see("1 consent is renewed.")
	})
	for _, way := range ways {
		all := consentry.consents(way.bank)
		if len(all) != 2 {
			t.Errorf("%s has %d consents", way.bank, len(all))
		}
		for _, one := range all {
			if one.Renews == "" && one.End != storage.EndReplaced && one.ReplacedBy == "" {
				t.Errorf("the old consent at %s ended %q", way.bank, one.End)
			}
		}
	}
}

// is has somebody take a seat.
func is(who login) act { return func(c *customer) { c.who = who } }

// nextPerson is called after the first has approved their part.
func nextPerson(c *customer) {
	c.t.Helper()
	c.see("You have approved your part.")
	c.see("Go on with ") // this can wait for them, too
	c.click("Continue with the next person")
}

// timelineFolds holds that the list of consents begins in sight at each size, and that what the person
// unfolds stays so.
func timelineFolds(user *person) {
	for _, size := range []struct {
		width, height int64
		open          bool
	}{{360, 740, false}, {1280, 800, false}, {1920, 1400, true}} {
		user.sized(size.width, size.height)
		user.visit("/consents") // which tells how large the window is
		user.visit("/consents")
		open, err := ask[bool](user, "document.getElementById('lives').open")
		if err != nil || open != size.open {
			user.t.Errorf("at %d×%d the time line is open: %v, want %v (%v)", size.width, size.height, open, size.open, err)
		}
		if top, err := ask[float64](user, "document.querySelector('#found .rows li').getBoundingClientRect().bottom"); err != nil || int64(top) > size.height {
			user.t.Errorf("at %d×%d the first consent ends at %.0f px (%v)", size.width, size.height, top, err)
		}
	}
	user.sized(1280, 800)
	user.visit("/consents")
	user.visit("/consents")
	if _, err := ask[bool](user, "document.querySelector('#lives > summary').focus(), true"); err != nil {
		user.fail("go to the time line", err)
	}
	user.keys("\r")
	user.until("have it unfolded", func() error {
		if open, err := ask[bool](user, "document.getElementById('lives').open"); err != nil || !open {
			return errors.Join(errNotYet, err)
		}
		return nil
	})
	user.visit("/")
	user.visit("/consents")
	if open, err := ask[bool](user, "document.getElementById('lives').open"); err != nil || !open {
		user.t.Errorf("what was unfolded is folded again (%v)", err)
	}
}

// The directory of the practice banks changes, and says so.
func TestJourneyDirectoryChanges(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	given := astrid.shares(consentry, norrsken, "astrid")
	astrid.visit("/banks")
	astrid.seeNot("See what changed")

	consentry.controls("directory", `{"without": ["`+norrsken.bic+`", "`+dalabanken.bic+`"], "names": {"`+isbergs.bic+`": "Isbergs Nya Bank"}}`)
	astrid.click("Refresh the list")
	astrid.see("2 banks gone, 1 bank renamed.")
	astrid.click("See what changed")
	astrid.title("What changed in the bank directory")
	astrid.see("it was called Isbergs Bank.")
	astrid.see(dalabanken.name)
	inspected(astrid, "directory-changed")
	astrid.opensConsent(given)
	astrid.see("The bank directory lists Norrsken Bank no longer")
	astrid.fetchesAgain(given)
	astrid.visit("/banks/sandbox/" + norrsken.bic)
	astrid.see("The bank directory lists Norrsken Bank no longer")

	consentry.controls("directory", `{"empty": true}`)
	astrid.visit("/banks")
	astrid.click("Refresh the list")
	astrid.see("lists no bank any more. The former list stays")
	astrid.see("Isbergs Nya Bank")

	consentry.controls("directory", `{}`)
	astrid.visit("/banks")
	astrid.click("Refresh the list")
	astrid.seeNot("See what changed")
	astrid.see(norrsken.name)
	astrid.opensConsent(given)
	astrid.seeNot("no longer")
}
