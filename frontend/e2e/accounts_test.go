package e2e

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"consentry/app/holding"
	"consentry/storage"
)

// Banks with what few have: one number in several currencies, and cards with a line.
var (
	shaviZghva = bank{"Shavi Zghva Bank", "SHVZGEB0"}
	kartenhaus = bank{"Kartenhaus Bank", "KRTNDEB0"}
)

// accounts are the accounts at a bank as they are kept, in the person's order.
func (c *program) accounts(b bank) []storage.Account {
	c.t.Helper()
	all := reading(c, func(ctx context.Context, s *storage.Store) ([]storage.Account, error) { return s.Accounts(ctx) })
	return slices.DeleteFunc(all, func(a storage.Account) bool { return a.BankName != b.name })
}

// inThisOrder waits until names stand on the page one after the other.
func (p *person) inThisOrder(names ...string) {
	p.t.Helper()
	p.until(fmt.Sprintf("see %q in this order", names), func() error {
		rest := p.text()
		if _, content, found := strings.Cut(rest, "Link a bank"); found {
			rest = content
		}
		for _, name := range names {
			_, after, found := strings.Cut(rest, name)
			if !found {
				return fmt.Errorf("%q is not where it should be", name)
			}
			rest = after
		}
		return nil
	})
}

// TestJourneyAccounts arranges accounts at three banks and reads their balances: parts, a card, what is hidden, what is chosen, what is old.
func TestJourneyAccounts(t *testing.T) {
	journey(t)
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	given := astrid.shares(consentry, norrsken, "astrid")
	astrid.shares(consentry, shaviZghva, "nino")
	at := consentry.listed(kartenhaus.name)
	astrid.visit("/banks/" + at.EnvironmentID + "/" + at.BIC + "/share")
	astrid.title("What to share")
	astrid.approvesDecoupled(astrid.continues(consentry, kartenhaus), "lukas")

	astrid.story(t, "one number in two currencies", func(p *person) {
		parts := slices.DeleteFunc(consentry.accounts(shaviZghva), func(a storage.Account) bool {
			return len(holding.OtherParts(a, consentry.accounts(shaviZghva))) == 0
		})
		if len(parts) != 2 {
			t.Fatalf("%d parts", len(parts))
		}
		p.visit("/accounts")
		p.see("2 currencies")
		p.click("Georgian lari")
		p.see("Other parts of this account")
		p.see("They are not added up. This page is of GEL.")
		p.click("Euro")
		p.see("This page is of EUR.")
	})
	astrid.story(t, "a card with its line", func(p *person) {
		cards := slices.DeleteFunc(consentry.accounts(kartenhaus), func(a storage.Account) bool { return a.CreditLimit.Number == "" })
		if len(cards) == 0 {
			t.Fatal("no card has a line")
		}
		p.visit("/accounts")
		p.see("Credit line ")
		p.visit(fmt.Sprint("/accounts/", cards[0].ID))
		p.see("Used of it")
		p.see("Calculated: the line less what is available.")
	})
	salary := consentry.statement("Lönekonto").ID
	account := fmt.Sprint("/accounts/", salary)
	astrid.story(t, "which balance stands, and another that is chosen", func(p *person) {
		p.visit(account)
		p.see("what is booked goes before what is expected or available")
		p.see("Available now: ")
		p.click("Choose another balance")
		p.title("How it is shown")
		p.selects("Balance that stands for it", "Available now")
		p.fill("Your name for it", "Rainy days")
		p.click("Save")
		p.title("Rainy days")
		p.see("This balance stands for the account in lists and totals, as you chose.")
		p.see("The bank calls it “Lönekonto”")
		p.visit("/accounts")
		p.see("Rainy days")
		p.see("For 1 account a balance counts that is not of what is booked alone.")
		p.visit("/")
		p.see("For 1 account a balance counts that is not of what is booked alone.")
		p.visit("/transactions?q=rainy")
		p.see("Rainy days")
	})
	astrid.story(t, "order by mouse, by keyboard and without script", func(p *person) {
		p.visit("/accounts")
		p.inThisOrder("Kartenhaus Bank", "Norrsken Bank", "Kreditkort", "Rainy days", "Sparkonto", "Shavi Zghva Bank")
		p.click("Arrange")
		p.title("Arrange accounts")
		p.click("Move Norrsken Bank up")
		p.inThisOrder("Norrsken Bank", "Kartenhaus Bank", "Shavi Zghva Bank")
		p.tabTo("Move Sparkonto up")
		p.keys(kb.Enter)
		p.inThisOrder("Norrsken Bank", "Kreditkort", "Sparkonto", "Rainy days")
		p.until("keep the focus", func() error {
			if focused := p.focused(); focused != "Move Sparkonto up" {
				return errors.New("it is on " + focused)
			}
			return nil
		})
		p.keys(kb.Enter)
		p.inThisOrder("Norrsken Bank", "Sparkonto", "Kreditkort", "Rainy days")
		p.keys(kb.Enter) // where there is nothing to pass
		p.visit("/accounts")
		p.inThisOrder("Norrsken Bank", "Sparkonto", "Kreditkort", "Rainy days", "Kartenhaus Bank", "Shavi Zghva Bank")

		p.withoutScript()
		p.visit("/accounts/arrange")
		p.click("Move Rainy days to the first place")
		p.inThisOrder("Norrsken Bank", "Rainy days", "Sparkonto", "Kreditkort")
		p.click("Hide Sparkonto")
		p.see("Show again")
		p.click("Show again: Sparkonto")
		p.until("have it shown again", func() error {
			if !p.finds("Hide Sparkonto") {
				return errNotYet
			}
			return nil
		})
		p.inThisOrder("Norrsken Bank", "Rainy days", "Sparkonto", "Kreditkort", "Kartenhaus Bank")
		p.withScript()
	})
	astrid.story(t, "what is hidden is folded, and in no sum", func(p *person) {
		p.visit("/accounts/arrange")
		p.click("Hide Sparkonto")
		p.see("Hidden")
		for _, page := range []string{"/accounts", "/", "/insights?currency=SEK"} {
			p.visit(page)
			p.see("Without 1 hidden account.")
		}
		p.visit("/transactions/export")
		p.see("The files have 1 account that you have hidden, too.")
		p.visit("/accounts")
		p.click("1 hidden account")
		p.click("Sparkonto")
		p.title("Sparkonto")
		p.see("You have hidden this account.")
		p.click("Show again: Sparkonto")
		p.seeGo("You have hidden this account.")
		p.visit("/accounts")
		p.seeNot("hidden account")
		p.visit("/accounts/arrange")
		p.click("Hide Kreditkort")
		p.see("Hidden")
	})
	astrid.story(t, "an audience sees no name of the person's own", func(p *person) {
		p.visit("/settings")
		p.click("Begin presenter mode")
		p.see("Presenter mode.")
		p.visit("/accounts")
		p.see("Together in SEK")
		p.seeNot("Rainy days")
		p.endsPresenting()
	})
	astrid.story(t, "what is old is marked where it is counted", func(p *person) {
		p.visit(given.page() + "/withdraw")
		p.click("Withdraw, keep the data")
		p.see("Withdrawn")
		p.visit("/accounts")
		p.see("Not updated any more, last read on")
		for _, page := range []string{"/accounts", "/", "/insights?currency=SEK", "/transactions/export"} {
			p.visit(page)
			p.see("not updated any more, last read on")
		}
		p.visit(account)
		p.see("Not updated any more, last read on")
		p.visit(account + "/statement")
		p.see("Not updated any more, last read on")
	})
	astrid.story(t, "the order and what is hidden outlive erasing", func(p *person) {
		p.visit(given.page() + "/erase")
		p.see("Where they stood in your list")
		p.click("Erase for good")
		p.see("Erased")
		p.visit("/accounts")
		p.seeNot("Norrsken Bank")
		p.shares(consentry, norrsken, "astrid")
		p.visit("/accounts")
		p.see("1 hidden account")
		p.inThisOrder("Norrsken Bank", "Lönekonto", "Available now", "Sparkonto", "Kartenhaus Bank", "Shavi Zghva Bank")
		p.seeNot("Rainy days")
	})
}
