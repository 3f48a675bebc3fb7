package e2e

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestJourneyPresenter shows a bank's accounts to others: no page of them has a real name or number, an invented name finds whom it
// stands for, and one click ends it.
func TestJourneyPresenter(t *testing.T) {
	journey(t)
	t.Parallel()
	c := start(t)
	astrid := opens(c)
	astrid.visit("/banks")
	astrid.see("Sweden") // the list was read
	astrid.visit("/banks/sandbox/NRSKSEP0")
	astrid.see("What do you use Consentry for?")
	astrid.click("Showing it")
	astrid.isWithout("What do you use Consentry for?")
	given := astrid.shares(c, norrsken, "astrid")
	salary := c.statement("Lönekonto")
	real := map[string]bool{salary.IBAN: true}
	payee := ""
	for _, one := range salary.Booked {
		if name, _ := one.OtherSide(); len(name) >= shortest && name != salary.BankName && one.Amount.Negative() { // a bank's name stays
			real[name], payee = true, name
		}
	}
	if len(real) < 5 {
		t.Fatalf("only %d values to be masked", len(real))
	}
	pages := c.sections(given)
	for _, width := range []int64{1280, 1078, 1010} {
		astrid.sized(width, 900)
		astrid.visit(fmt.Sprint("/accounts/", salary.ID))
		astrid.breaksNoWord("#balances")
	}
	astrid.sized(1280, 900)

	astrid.visit("/settings")
	astrid.click("Begin presenter mode")
	astrid.see("Presenter mode.")
	astrid.visit(fmt.Sprint("/accounts/", salary.ID))
	astrid.breaksNoWord("#balances")
	for _, page := range pages {
		astrid.visit(page.address)
		whole := ""
		astrid.until("read the page "+page.screen, func() (err error) {
			whole, err = ask[string](astrid, "document.title + document.documentElement.outerHTML")
			return err
		})
		for value := range real {
			if strings.Contains(whole, value) {
				astrid.fail(fmt.Sprintf("see no %q at %s", value, page.screen), errors.New("it stands there"))
			}
		}
	}
	astrid.visit("/transactions?q=" + url.QueryEscape(payee))
	astrid.seeNot("No transaction found")
	if here := astrid.bar(); strings.Contains(here.Query().Get("q"), payee) {
		t.Errorf("the address tells %s", payee)
	}
	astrid.endsPresenting()
	astrid.visit(fmt.Sprint("/accounts/", salary.ID))
	astrid.see(salary.OwnerName)
}

// endsPresenting ends the presenter mode, and waits until the page is as it is without.
func (p *person) endsPresenting() {
	p.t.Helper()
	p.click("End")
	p.isWithout("Presenter mode.")
}

// isWithout waits for a page on which a text does not stand any more.
func (p *person) isWithout(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("be without %q", text), func() error {
		if strings.Contains(p.text(), text) {
			return errNotYet
		}
		return nil
	})
}

// breaksNoWord fails where a word of a part of the page stands on two lines.
func (p *person) breaksNoWord(part string) {
	p.t.Helper()
	p.until("see no word broken in "+part, func() error {
		broken, err := ask[[]string](p, fmt.Sprintf(`(() => {
			const broken = [], texts = document.createTreeWalker(document.querySelector(%q), NodeFilter.SHOW_TEXT)
			for (let text; text = texts.nextNode();)
				for (const word of text.data.matchAll(/\p{L}+/gu)) {
					const range = document.createRange()
					range.setStart(text, word.index)
					range.setEnd(text, word.index + word[0].length)
					if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) broken.push(word[0])
				}
			return broken
		})()`, part))
		if err == nil && len(broken) > 0 {
			err = fmt.Errorf("broken: %q", broken)
		}
		return err
	})
}
