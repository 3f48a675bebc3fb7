package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// The main job, as a newcomer does it: from the printed address to accounts,
// balances and transactions, on screen and in the data file.
func TestLinkABank(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)

	astrid.see("See all your accounts in one place")
	astrid.click("Link a bank")
	astrid.at("/banks")
	astrid.click("Sweden")
	astrid.see("All of Sweden")
	astrid.click("Stockholm")
	astrid.until("see Stockholm's banks alone", func() error {
		if strings.Contains(astrid.text(), "Hamnbanken") {
			return errors.New("Hamnbanken is not in Stockholm")
		}
		return nil
	})
	astrid.fill("Name, BIC or city", "norr")
	astrid.see("1 bank for “norr”")
	astrid.click("Norrsken Bank")
	astrid.title("Norrsken Bank")
	astrid.see("NRSKSEP0")
	astrid.click("Link this bank")
	astrid.title("What to share")
	astrid.see("Consentry will ask Norrsken Bank to show you the balances and transactions of your accounts there until")
	astrid.click("Continue to the bank")
	astrid.see("Approve at Norrsken Bank")

	bank := astrid.clickNewTab("Go to Norrsken Bank")
	bank.see("asks to see accounts of yours")
	astrid.see("Norrsken Bank is open in your browser")
	bank.logsIn("Astrid Lindqvist")
	bank.see("Their transactions, up to 24 months back")
	bank.approves()
	bank.see("You are back from the bank.")

	astrid.see("Norrsken Bank is linked.") // by itself
	for _, each := range consentry.statements("") {
		if each.FetchedAt.IsZero() || len(each.Balances) == 0 || len(each.Booked) == 0 {
			t.Errorf("of %s the data file holds %d balances and %d transactions", each.Name, len(each.Balances), len(each.Booked))
		}
	}
	astrid.see("4 accounts")

	astrid.click("See your accounts")
	astrid.title("Accounts")
	astrid.see("4 accounts at 1 bank")
	astrid.see("SE11 ···· 7180")
	astrid.see("SEK Booked, end of yesterday")
	astrid.click("Lönekonto")
	astrid.title("Lönekonto")
	astrid.readsAllTransactions(consentry, "Lönekonto")

	booked := consentry.statement("Lönekonto").Booked
	first := booked[slices.IndexFunc(booked, func(e storage.Transaction) bool { return e.CreditorName != "" })]
	astrid.visit("/accounts")
	astrid.click("Lönekonto")
	astrid.title("Lönekonto")
	astrid.click(first.CreditorName)
	astrid.title(first.CreditorName)
	astrid.see("As the bank sent it")
	astrid.see(singleBlanks(indented(t, consentry.whole(first.ID).Raw)))

	astrid.visit("/consents")
	astrid.click("Norrsken Bank")
	astrid.title("Norrsken Bank")
	astrid.see("Active")
	astrid.see("You approved it at the bank")
	astrid.see("4 accounts read")
}

// indented is JSON as it is shown for reading.
func indented(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	return pretty.String()
}

// readsAllTransactions pages back to the oldest entry: the newest come first,
// every one comes once, and as many as the data file holds.
func (p *person) readsAllTransactions(c *program, account string) {
	p.t.Helper()
	want := c.statement(account)
	p.see(strconv.Itoa(len(want.Booked)) + " booked transactions")
	shown := p.allEntries()
	same(p.t, "transactions listed, booked and pending", len(shown), len(want.Booked)+len(want.Pending))
	once := slices.Compact(slices.Sorted(slices.Values(shown)))
	if len(once) != len(shown) {
		p.t.Errorf("of %d listed transactions only %d are different", len(shown), len(once))
	}
	days, err := ask[[]string](p, "[...document.querySelectorAll('#transactions h3 time')].map(day => day.dateTime)")
	if err != nil || len(days) < 2 || !slices.IsSortedFunc(days, func(a, b string) int { return strings.Compare(b, a) }) {
		p.t.Errorf("the days do not run from the newest to the oldest: %v (%v)", days, err)
	}
}

// entries are the addresses of the transactions that are listed.
func (p *person) entries() []string {
	p.t.Helper()
	return shows[[]string](p, "read the list of transactions", `[...document.querySelectorAll('.rows a[href*="/transactions/"]')].map(entry => entry.getAttribute('href'))`)
}

// allEntries are the addresses of all transactions of the list, from this page on. It is on the
// last then.
func (p *person) allEntries() []string {
	p.t.Helper()
	all := p.entries()
	for p.finds("Older") {
		p.turns("Older")
		all = append(all, p.entries()...)
	}
	return all
}

// turns goes on to another page of a list of transactions.
func (p *person) turns(link string) {
	p.t.Helper()
	before := p.location().String()
	p.click(link)
	p.until("be on another page of the list", func() error {
		if p.location().String() == before {
			return errNotYet
		}
		if state, err := ask[string](p, "document.readyState"); err != nil || state != "complete" {
			return errors.Join(err, errNotYet) // a part of the list is none
		}
		return nil
	})
}

// Some banks send the person to their page without OAuth, and know no code.
func TestJourneyLinkABankThatRedirects(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	nino := opens(consentry)
	nino.links("Shavi Zghva Bank", "ნინო ბერიძე")
	same(t, "the last step", consentry.attempts("")[0].Step, xs2a.StepRedirect)
	nino.click("See your accounts")
	nino.title("Accounts")
	nino.see("GEL")
}

// Some banks let the person choose how to approve.
func TestJourneyChooseAMethod(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	johan := opens(consentry)
	johan.asks("Hamnbanken")
	johan.see("How do you want to approve?")
	johan.click("Card reader")
	johan.click("Continue")
	tab := johan.clickNewTab("Go to Hamnbanken")
	tab.logsIn("Johan Bergvall")
	tab.click("Continue")
	tab.see("Card reader: for practice, the code is")
	tab.fill("Code", tab.practiceCode())
	tab.click("Approve")
	tab.see("You are back from the bank.")
	johan.see("Hamnbanken is linked.")
}

// Every step works as plain links and forms.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	mette := somebody(t)
	mette.withoutScript()
	mette.visit(consentry.address)
	mette.click("Link a bank")
	mette.until("have the list of banks", func() error {
		if mette.finds("Look again") {
			mette.click("Look again") // the list is being read for the first time
		}
		if !mette.finds("Denmark") {
			return errors.New("Denmark is not on the page")
		}
		return nil
	})
	mette.click("Denmark")
	mette.click("Aarhus")
	mette.fill("Name, BIC or city", "bøge")
	mette.keys("\r")
	mette.see("1 bank for “bøge”")
	mette.click("Bøgeskov Sparekasse")
	mette.title("Bøgeskov Sparekasse")
	mette.click("Link this bank")
	mette.title("What to share")
	mette.click("Continue to the bank")
	mette.see("How do you want to approve?")
	mette.click("Continue")

	tab := mette.clickNewTab("Go to Bøgeskov Sparekasse")
	tab.withoutScript()
	tab.logsIn("Mette Kjærulf")
	tab.approves()
	tab.see("You are back from the bank.")

	mette.until("be told that the bank is linked", func() error {
		mette.reload()
		if mette.finds("Check now") {
			mette.click("Check now")
		}
		if !mette.finds("See your accounts") {
			return errors.New("not yet")
		}
		return nil
	})
	mette.click("See your accounts")
	mette.title("Accounts")
	mette.see("DKK")
	mette.visit("/accounts/1")
	mette.click("Older")
	mette.until("be on the next page", func() error {
		if !mette.location().Query().Has("after") {
			return errors.New("still on the first")
		}
		return nil
	})
}
