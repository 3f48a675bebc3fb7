package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"consentry/storage"
)

// What a person writes of a transaction is found like what the bank says, a search comes back by
// its name, and a shop is called as they call it.
func TestJourneyMakeItOnesOwn(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	astrid.shares(consentry, norrsken, "astrid")
	all := consentry.everything()
	one := all[len(all)/2]
	for _, each := range all {
		if each.Amount.Negative() && each.CreditorName != "" && !each.Pending {
			one = each
		}
	}
	path := fmt.Sprint("/transactions/", one.ID)

	astrid.visit(path)
	astrid.fill("Note", "Zwiebelkuchen for the party")
	astrid.fill("Tags", "#Party, summer-house")
	astrid.click("Save note")
	astrid.see("#Party")
	astrid.see("#summer-house")
	noted := func(each storage.Transaction) bool { return each.ID == one.ID }
	for _, typed := range []string{"zwiebel", "#party", "#summerhouse", "zwiebelk party"} {
		astrid.visit("/transactions")
		astrid.fill("Search transactions", typed)
		if n := astrid.findsTransactions(consentry, noted); n != 1 {
			t.Errorf("%q finds %d", typed, n)
		}
	}
	astrid.see("Zwiebelkuchen for the party")

	astrid.fill("Search transactions", ">500")
	large := astrid.findsTransactions(consentry, func(each storage.Transaction) bool {
		whole, _, _ := strings.Cut(strings.TrimPrefix(each.Amount.Number, "-"), ".")
		return len(whole) > 3 || len(whole) == 3 && whole >= "500" && strings.TrimPrefix(each.Amount.Number, "-") != "500.00"
	})
	astrid.visit("/transactions?q=" + url.QueryEscape(">500"))
	astrid.click("Tag all that was found")
	astrid.fill("Tag for all of them", "#Large")
	astrid.click("Tag all")
	astrid.see(fmt.Sprintf("%d transactions were tagged.", large))
	astrid.visit("/transactions")
	astrid.fill("Search transactions", "#large")
	astrid.findsTransactions(consentry, func(each storage.Transaction) bool { return storage.HasTag(each.Tags, "large") })
	astrid.see(addedUp(large))
	astrid.fill("Search transactions", "zwiebelk party")
	astrid.findsTransactions(consentry, noted)
	astrid.visit("/transactions?q=zwiebelk+party")

	astrid.click("Keep this search")
	astrid.fill("Name of the search", "What I celebrated")
	astrid.click("Keep search")
	astrid.see("Rename or remove kept searches")
	astrid.visit("/transactions")
	astrid.click("What I celebrated")
	astrid.findsTransactions(consentry, noted)
	if current, err := ask[string](astrid, "document.querySelector('.chip[aria-current]').textContent.trim()"); err != nil || current != "What I celebrated" {
		t.Errorf("%q is chosen (%v)", current, err)
	}
	astrid.click("Rename or remove kept searches")
	astrid.fill("Name of “What I celebrated”", "Parties")
	astrid.click("Rename")
	astrid.see("Parties")
	astrid.click("Remove “Parties”")
	astrid.see("No search is kept")

	astrid.visit(path)
	astrid.click("Show as …")
	astrid.title("Show as")
	astrid.fill("Your name for it", "Quiet corner")
	astrid.click("Whose name at the bank begins with the words below")
	astrid.click("Show as this")
	astrid.title("Quiet corner")
	astrid.see("The bank says: " + one.Named())
	name := storage.OwnName{Begins: one.Named()}
	astrid.visit("/transactions?q=quiet+corner")
	astrid.findsTransactions(consentry, name.Names)
	astrid.see("Quiet corner")
	astrid.see(strings.TrimSpace(one.Named()))
	astrid.visit("/names")
	astrid.click("Remove “Quiet corner”")
	astrid.see("No name of your own yet")
}
