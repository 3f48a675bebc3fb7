package e2e

import (
	"fmt"
	"testing"
	"time"

	"consentry/storage"
)

// Renewing, changing and giving anew leave no day without the accounts: the old
// consent works until the new one does, and the accounts stay the same.
func TestJourneyRenewal(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	first := astrid.shares(consentry, norrsken, "astrid")
	before := consentry.inventory()
	var second *grant

	astrid.story(t, "renewed without a gap", func(astrid *person) {
		astrid.opensConsent(first)
		astrid.click("Renew or change")
		astrid.title("Renew or change")
		astrid.see("Your present consent works until you approve the new one.")
		astrid.see("Your accounts stay the same accounts")
		second = astrid.continues(consentry, norrsken)
		tab := astrid.goesTo(norrsken.name)
		tab.logsIn("Astrid Lindqvist")

		astrid.opensConsent(first) // while the bank's page is open
		astrid.see("and have not approved it yet. This consent works until you do.")
		astrid.fetchesAgain(first)
		same(t, "the end of the first", first.stored().End, "")
		same(t, "its last fetch's failure", first.stored().FetchError.Code, "")

		tab.approves()
		tab.see("You are back from the bank.")
		astrid.opensUntil(second, "Active")
		astrid.opensConsent(first)
		astrid.see("A newer consent took the place of this one")
		astrid.seeNot("Update now")
		astrid.click("See the newer one")
		astrid.at(second.page())
		astrid.title(norrsken.name)
		astrid.fetchesAgain(second)
		astrid.opensConsent(first) // which go on is known now
		astrid.see("Your accounts go on with it, with all that was read before.")
		astrid.opensConsent(second)
		same(t, "what is kept", consentry.inventory(), before)
		old, fresh := first.stored(), second.stored()
		same(t, "what took the place of the first", old.ReplacedBy, second.id)
		same(t, "the row the second is in", fresh.Series, first.id)
		if old.EndedAt.Before(fresh.GrantedAt) {
			t.Errorf("the first ended at %v, before the second was granted at %v", old.EndedAt, fresh.GrantedAt)
		}
		if there := first.seen(); there.AfterEnd != 0 || there.Status != "expired" {
			t.Errorf("the bank says of the old one %+v", there)
		}
		astrid.see("Renewals") // the history of both
		astrid.see("Ended on")
		astrid.see("this one")
	})

	var third *grant
	astrid.story(t, "changed to one account and another day", func(astrid *person) {
		account := consentry.statement("Lönekonto")
		day := time.Now().AddDate(0, 0, 60)
		astrid.opensConsent(second)
		astrid.click("Renew or change")
		astrid.title("Renew or change")
		astrid.click("Change accounts, time and how often")
		astrid.click("Only these accounts")
		for _, other := range consentry.statements("") {
			if other.ID != account.ID {
				astrid.click(other.Name)
			}
		}
		astrid.dates("Valid until", day)
		astrid.see("of 1 account (" + masked(account.IBAN) + ") until " + day.Format("2 January 2006"))
		third = astrid.continues(consentry, norrsken)
		astrid.approvesDecoupled(third, "astrid")
		astrid.see("do not go on: the new consent does not give them.")
		astrid.click("See the consent")
		astrid.at(third.page())
		astrid.see("do not go on: the new consent does not give them.")
		astrid.see("1 account read")
		astrid.opensConsent(second)
		astrid.see("Lönekonto goes on under another consent")
		astrid.click("Erase what was read")
		astrid.see("Lönekonto stays in any case")
		astrid.click("Cancel")
		astrid.seeGo("Lönekonto stays in any case")
		astrid.visit("/accounts")
		astrid.click("Sparkonto")
		astrid.see("Your present consent at Norrsken Bank does not give this account.")
		astrid.click("Renew or change")
		astrid.title("Renew or change")
		astrid.opensConsent(third)
		astrid.seeNot("The bank grants")
		same(t, "its last day", third.stored().ValidUntil, day.Format(time.DateOnly))
		same(t, "the accounts it reaches", fmt.Sprint(third.reaches()), fmt.Sprint([]int64{account.ID}))
		same(t, "what is kept", consentry.inventory(), before) // what was read before is still there
		same(t, "the end of the second", second.stored().End, storage.EndReplaced)
		if there := third.seen(); there.Accounts != 1 || there.ValidUntil != day.Format(time.DateOnly) {
			t.Errorf("the bank says of the changed one %+v", there)
		}
	})

	astrid.story(t, "given anew, without a word of renewal", func(astrid *person) {
		astrid.findsBank(norrsken.name)
		astrid.click("Link it again")
		astrid.title("What to share")
		astrid.see("Your present consent works until you approve the new one.")
		fourth := astrid.continues(consentry, norrsken)
		astrid.approvesDecoupled(fourth, "astrid")
		astrid.opensConsent(third)
		astrid.see("A newer consent took the place of this one")
		same(t, "what took the place of the third", third.stored().ReplacedBy, fourth.id)
		astrid.visit("/consents")
		astrid.see("Active · 1")
		astrid.see("Ended · 3")
		same(t, "what is kept", consentry.inventory(), before)
	})

	astrid.story(t, "unless it is somebody else's", func(astrid *person) {
		fifth := astrid.asksFor(consentry, norrsken)
		astrid.approvesDecoupled(fifth, "johan")
		astrid.visit("/consents")
		astrid.see("Active · 2")
	})
}

// opensUntil looks at a consent's page until it says something.
func (p *person) opensUntil(g *grant, text string) {
	p.t.Helper()
	p.until("read "+text, func() error {
		p.opensConsent(g)
		if !p.says(text) {
			return errNotYet
		}
		return nil
	})
}

// masked is an account number as it may be shown.
func masked(iban string) string {
	return iban[:4] + " ···· " + iban[len(iban)-4:]
}
