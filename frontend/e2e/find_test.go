package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"consentry/storage"
)

// Every consent is found: by what it needs, by words, by bank and account, in
// the order one likes; and one that was never approved is gone on with or
// dropped from there.
func TestJourneyFindAConsent(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	astrid.shares(consentry, skargard, "astrid")
	astrid.shares(consentry, norrsken, "astrid")
	begun := astrid.asksFor(consentry, isbergs)
	dropped := astrid.asksFor(consentry, dalabanken)

	astrid.story(t, "one that was never approved is dropped", func(astrid *person) {
		astrid.visit("/consents")
		astrid.see("Need you · 2")
		astrid.see("Active · 2")
		astrid.click("Dalabanken")
		astrid.title("Dalabanken")
		astrid.seeNot("Update now")
		astrid.click("Cancel this request")
		astrid.see("It was never approved, so nothing was shared.")
		astrid.inDialog("Cancel this request")
		astrid.see("You cancelled this request")
		same(t, "the attempt", consentry.attempts(dalabanken.name)[0].Outcome, storage.GivenUp)
		if there := dropped.seen(); there.Status != "terminatedByTpp" {
			t.Errorf("the bank says %+v", there)
		}
	})

	astrid.story(t, "or gone on with", func(astrid *person) {
		astrid.visit("/consents")
		astrid.nextTo(isbergs.name, "Continue")
		astrid.at("/authorisations/")
		astrid.see("Approve at Isbergs Bank")
		astrid.approvesDecoupled(begun, "astrid")
		astrid.visit("/consents")
		astrid.see("All · 4")
		astrid.see("Need you · 0")
		astrid.see("Active · 3")
		astrid.see("Ended · 1")
		astrid.found(skargard, norrsken, isbergs, dalabanken)
	})

	astrid.story(t, "by words", func(astrid *person) {
		astrid.fill("Bank, account or purpose", "norr")
		astrid.see("1 consent for “norr”")
		astrid.found(norrsken)
		astrid.fill("Bank, account or purpose", "accounts in one place skär") // purpose and bank
		astrid.found(skargard)
		astrid.fill("Bank, account or purpose", "zzz")
		astrid.see("No consent found")
		astrid.click("Show all")
		astrid.found(skargard, norrsken, isbergs, dalabanken)
	})

	astrid.story(t, "by how they stand", func(astrid *person) {
		astrid.click("Ended · 1")
		astrid.found(dalabanken)
		astrid.click("Active · 3")
		astrid.found(skargard, norrsken, isbergs)
		astrid.click("All · 4")
		astrid.found(skargard, norrsken, isbergs, dalabanken)
	})

	astrid.story(t, "by bank and account, in another order", func(astrid *person) {
		astrid.click("Filter")
		astrid.selects("Bank", "Isbergs Bank")
		astrid.found(isbergs)
		astrid.selects("Bank", "All banks")
		account := consentry.statements(norrsken.name)[0]
		astrid.selects("Account", account.Name+", "+account.IBAN[:4])
		astrid.found(norrsken)
		astrid.click("Clear")
		astrid.found(skargard, norrsken, isbergs, dalabanken)
		astrid.click("Filter")
		astrid.selects("Sort by", "Bank")
		astrid.foundInOrder(isbergs, norrsken, skargard, dalabanken) // those that have ended are below
		astrid.selects("Sort by", "Newest first")
		astrid.foundInOrder(isbergs, norrsken, skargard, dalabanken)
		astrid.reload() // the address holds it all
		astrid.foundInOrder(isbergs, norrsken, skargard, dalabanken)
	})
}

// found waits until these consents are listed and no others.
func (p *person) found(banks ...bank) {
	p.t.Helper()
	p.lists(banks, func(names []string) []string { return slices.Sorted(slices.Values(names)) })
}

// foundInOrder waits until they stand in this order.
func (p *person) foundInOrder(banks ...bank) {
	p.t.Helper()
	p.lists(banks, func(names []string) []string { return names })
}

func (p *person) lists(banks []bank, in func([]string) []string) {
	p.t.Helper()
	var want []string
	for _, each := range banks {
		want = append(want, each.name)
	}
	p.until("have "+strings.Join(want, ", ")+" listed", func() error {
		names, err := ask[[]string](p, "[...document.querySelectorAll('#found li.consent .row-title')].map(name => name.textContent.trim())")
		if err == nil && !slices.Equal(in(names), in(want)) {
			err = fmt.Errorf("listed are %q", names)
		}
		return err
	})
}
