package e2e

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// A consent is withdrawn in two actions, and what was read under it stays or
// goes as the person says: what goes, goes from the bytes of the data file.
func TestWithdrawal(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	kept := astrid.shares(consentry, dalabanken, "astrid")
	gone := astrid.shares(consentry, isbergs, "astrid")
	stays := astrid.shares(consentry, skargard, "astrid")

	astrid.story(t, "with the data kept", func(astrid *person) {
		before := consentry.holdings(dalabanken.name)
		astrid.opensConsent(kept)
		astrid.click("Withdraw")
		astrid.see("Keep that as it is, or have it erased for good, together with its activity.")
		astrid.click("Withdraw, keep the data")
		astrid.see("You withdrew this consent")
		astrid.see("Dalabanken knows.")
		astrid.see("What was read under it stays on this machine and is not updated any more.")
		astrid.seeNot("Update now")
		if there := kept.seen(); there.Status != "terminatedByTpp" {
			t.Errorf("the bank says %+v", there)
		}
		same(t, "what is kept", consentry.holdings(dalabanken.name), before)
		astrid.visit("/accounts")
		astrid.see("Dalabanken")
	})

	astrid.story(t, "with the data erased", func(astrid *person) {
		astrid.erases(gone, func() {
			astrid.opensConsent(gone)
			astrid.click("Withdraw")
			astrid.see(consentry.toErase(isbergs.name))
			astrid.click("Withdraw and erase")
		})
		astrid.see("Isbergs Bank knows.")
		consentry.hasNothingOf(isbergs.name)
	})

	astrid.story(t, "and erased later", func(astrid *person) {
		astrid.erases(kept, func() {
			astrid.opensConsent(kept)
			astrid.click("Erase what was read")
			astrid.see(consentry.toErase(dalabanken.name))
			astrid.click("Erase for good")
		})
		consentry.hasNothingOf(dalabanken.name)
		astrid.see("You erased what was fetched under it") // in its history
		same(t, "the third consent", stays.stored().Status, xs2a.ConsentValid)
		if consentry.holdings(skargard.name) == (holdings{}) {
			t.Error("another bank's data were erased, too")
		}
	})
}

// toErase is what a question says would go.
func (c *program) toErase(bank string) string {
	c.t.Helper()
	accounts, booked := c.statements(bank), 0
	for _, each := range accounts {
		booked += len(each.Booked)
	}
	return words.N(c.t.Context(), len(accounts), "%d account", "%d accounts") + " with " + words.N(c.t.Context(), booked, "%d transaction", "%d transactions")
}

// erases holds that doing so takes every account number and every text of a
// bank's entries out of the files, unless another bank's entries have it, too.
func (p *person) erases(g *grant, do func()) {
	p.t.Helper()
	secrets := g.of.secretsOf(g.name)
	if len(secrets) < 10 {
		p.t.Fatalf("only %d numbers and texts are there to be erased", len(secrets))
	}
	files := g.of.files()
	for _, secret := range secrets {
		if in(files, secret) == "" {
			p.t.Errorf("%q is not found in the files before it is erased", secret)
		}
	}
	do()
	p.see("What was read under it was erased from this machine on")
	files = g.of.files()
	for _, secret := range secrets {
		if file := in(files, secret); file != "" {
			p.t.Errorf("%q still stands in %s", secret, file)
		}
	}
}

// files are the bytes of the data file and of those SQLite keeps beside it.
func (c *program) files() map[string][]byte {
	c.t.Helper()
	paths, err := filepath.Glob(filepath.Join(c.data, "consentry.db*"))
	if err != nil || len(paths) == 0 {
		c.t.Fatalf("no data file (%v)", err)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) { // the log comes and goes
			c.t.Fatal(err)
		}
		files[filepath.Base(path)] = content
	}
	return files
}

// in names the file in which a text stands; empty when it stands in none.
func in(files map[string][]byte, text string) string {
	for name, content := range files {
		if bytes.Contains(content, []byte(text)) {
			return name
		}
	}
	return ""
}

// Whatever the bank says to it, a withdrawn consent is used no more; the
// screen tells whether the bank knows, and it can be told again.
func TestJourneyWithdrawalRefused(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	ingrid := opens(consentry)
	ingrid.visit("/banks")
	ingrid.see("Norway")
	for _, refusal := range []struct {
		name   string
		bank   bank
		fault  string
		says   string
		ack    storage.Acknowledgement
		stands string // at the bank, afterwards
	}{
		{"forbidden", vidda, `"status": 403`, "Vidda Sparebank has not confirmed that.", storage.AckRefused, "valid"},
		{"no such method", nordlys, `"status": 405`, "Nordlyskassen has not confirmed that.", storage.AckRefused, "valid"},
		{"an error of the bank's own", bryggetorget, `"status": 500`, "Bryggetorget Bank has not confirmed", "", "valid"},
		{"no network", klitbanken, `"drop": true`, "Klitbanken has not confirmed the end yet", storage.AckPending, "valid"},
		{"an answer that is lost", skargard, `"drop": true, "after": true`, "Skärgårdsbanken has not confirmed the end yet", storage.AckPending, "terminatedByTpp"},
	} {
		ingrid.story(t, refusal.name, func(ingrid *person) {
			given := ingrid.shares(consentry, refusal.bank, "ingrid")
			consentry.controls("faults", `{"method": "DELETE", "path": "/consents/", "count": 50, `+refusal.fault+`}`)
			ingrid.opensConsent(given)
			ingrid.click("Withdraw")
			ingrid.click("Withdraw, keep the data")
			ingrid.see(refusal.says)
			ingrid.see("Consentry stopped using it at once")
			ingrid.seeNot("Update now")
			if refusal.ack != "" {
				same(t, "the bank", given.stored().Acknowledgement, refusal.ack)
			}
			if there := given.seen(); there.Status != refusal.stands {
				t.Errorf("the bank says %+v", there)
			}
			consentry.clearsFaults()
			ingrid.click("Notify the bank again")
			ingrid.see(refusal.bank.name + " knows.")
			same(t, "the end", given.stored().End, storage.EndWithdrawn)
			if there := given.seen(); there.Status != "terminatedByTpp" || there.AfterEnd != 0 {
				t.Errorf("the bank says %+v", there)
			}
		})
	}
}

// Two windows withdraw at once, and another time the machine goes off in the
// middle: the bank is told once, and the person is told the truth.
func TestJourneyWithdrawalInterrupted(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	mette := opens(consentry)
	mette.visit("/banks")
	mette.see("Norway")

	mette.story(t, "in two windows", func(mette *person) {
		given := mette.shares(consentry, klitbanken, "mette")
		other := mette.another()
		for _, window := range []*person{mette, other} {
			window.visit(consentry.origin() + given.page() + "/withdraw")
			window.title("Withdraw the consent?")
		}
		consentry.controls("faults", `{"method": "DELETE", "path": "/consents/", "delay": "1s"}`)
		for _, window := range []*person{mette, other} {
			window.click("Withdraw, keep the data")
		}
		for _, window := range []*person{mette, other} {
			window.see("You withdrew this consent")
		}
		mette.opensUntil(given, "Klitbanken knows.")
		same(t, "times the bank was told", len(consentry.exchanges(http.MethodDelete, given.atBank)), 1)
		mette.readsOnce("You withdrew it")
	})

	given := mette.shares(consentry, vidda, "mette")
	mette.opensConsent(given)
	consentry.controls("faults", `{"method": "DELETE", "path": "/consents/", "count": 9, "delay": "20s", "drop": true}`) // and nobody knows afterwards, either
	mette.click("Withdraw")
	mette.click("Withdraw, keep the data")
	mette.until("have begun to withdraw", func() error {
		if given.stored().Acknowledgement != storage.AckPending {
			return errNotYet
		}
		return nil
	})
	mette.leave()
	consentry.kill()
	consentry.run()
	same(t, "the end", given.stored().End, storage.EndWithdrawn)
	mette = opens(consentry)
	mette.opensUntil(given, "Vidda Sparebank knows.") // by itself, after the start
	mette.see("You withdrew this consent")
	mette.readsOnce("You withdrew it")
	if there := given.seen(); there.Status != "terminatedByTpp" {
		t.Errorf("the bank says %+v", there)
	}
}

// readsOnce holds that something stands on the page, and once.
func (p *person) readsOnce(text string) {
	p.t.Helper()
	same(p.t, "times that the page says "+text, strings.Count(p.text(), text), 1)
}

// another is the same person in a second window of the same browser.
func (p *person) another() *person {
	p.t.Helper()
	tab, cancel := chromedp.NewContext(p.tab)
	p.t.Cleanup(cancel)
	return before(p.t, tab)
}
