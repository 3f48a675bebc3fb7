package e2e

import (
	"errors"
	"regexp"
	"testing"
)

// Asking a bank, and what a person does at its own pages.

// finds a bank by its name and goes to its page.
func (p *person) findsBank(name string) {
	p.t.Helper()
	p.visit("/banks")
	p.fill("Name, BIC or city", name)
	p.see("1 bank for “" + name + "”")
	p.click(name)
	p.title(name)
}

// asks a bank for a consent, with what stands in the form.
func (p *person) asks(bank string) {
	p.t.Helper()
	p.findsBank(bank)
	p.click("Link this bank")
	p.title("What to share")
	p.click("Continue to the bank")
	p.at("/authorisations/")
}

// links a bank from its name to its accounts.
func (p *person) links(bank, as string) {
	p.t.Helper()
	p.asks(bank)
	tab := p.goesTo(bank)
	tab.logsIn(as)
	tab.approves()
	tab.see("You are back from the bank.")
	p.see(bank + " is linked.")
}

// goesTo opens the bank's page, having taken the first way to approve where
// there are several.
func (p *person) goesTo(bank string) *person {
	p.t.Helper()
	if p.finds("Continue") {
		p.click("Continue")
	}
	tab := p.clickNewTab("Go to " + bank)
	p.see(bank + " is open in your browser")
	return tab
}

// logsIn takes one of the practice logins from the page.
func (p *person) logsIn(as string) {
	p.t.Helper()
	p.title("Log in")
	p.click(as)
	p.until("have the login filled in", func() error {
		filled, err := ask[bool](p, "Boolean(document.getElementById('password')?.value)")
		if err == nil && !filled {
			err = errors.New("the password is empty")
		}
		return err
	})
	p.click("Log in")
	p.see("Step 2 of 3")
}

// approves goes on with all accounts, and types the code the bank shows.
func (p *person) approves() {
	p.t.Helper()
	p.click("Continue")
	p.see("Step 3 of 3")
	p.fill("Code", p.practiceCode())
	p.click("Approve")
}

var practiceCode = regexp.MustCompile(`[Ff]or practice, the code is (\d+)`)

func (p *person) practiceCode() string {
	p.t.Helper()
	found := practiceCode.FindStringSubmatch(p.text())
	if found == nil {
		p.fail("read the code", errors.New("there is none on the page"))
	}
	return found[1]
}

// story is one part of a test with a person who goes on in it.
func (p *person) story(t *testing.T, name string, tell func(*person)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		teller := *p
		teller.t = t
		tell(&teller)
	})
}
