package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"consentry/storage"
	"consentry/storage/fold"
)

// everything are all transactions that were read, the newest first.
func (c *program) everything() (all []storage.Transaction) {
	c.t.Helper()
	for _, of := range c.statements("") {
		all = append(append(all, of.Booked...), of.Pending...)
	}
	slices.SortFunc(all, func(a, b storage.Transaction) int { return int(b.ID - a.ID) })
	return all
}

// hasWord reports whether a word of what a bank says of a transaction begins with one.
func hasWord(t storage.Transaction, begins string) bool {
	text := strings.Join([]string{t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.EndToEndID, t.EntryReference, t.Transaction.ID, t.BankCode}, " ")
	return slices.ContainsFunc(fold.Words(text), func(word string) bool { return strings.HasPrefix(word, begins) })
}

// onePage is how many transactions a list shows at a time.
const onePage = 36

// pathOf is a transaction's address without what comes before it, which is as secret as a session.
func pathOf(entry string) string { return entry[strings.Index(entry, "/transactions/"):] }

// findsTransactions holds what is listed, page by page to the end of the list, to what is wanted,
// and goes back to the first.
func (p *person) findsTransactions(c *program, want func(storage.Transaction) bool) int {
	p.t.Helper()
	var wanted []string
	for _, one := range c.everything() {
		if want(one) {
			wanted = append(wanted, fmt.Sprint("/transactions/", one.ID))
		}
	}
	slices.Sort(wanted)
	p.until(fmt.Sprintf("find %d transactions", len(wanted)), func() error {
		first := p.entries()
		if len(first) != min(onePage, len(wanted)) || slices.ContainsFunc(first, func(one string) bool { return !slices.Contains(wanted, pathOf(one)) }) {
			return fmt.Errorf("%d are listed", len(first))
		}
		return nil
	})
	var got []string
	for _, entry := range p.allEntries() {
		got = append(got, pathOf(entry))
	}
	if slices.Sort(got); !slices.Equal(got, wanted) {
		p.t.Errorf("found %d of %d", len(got), len(wanted))
	}
	for p.finds("Newer") {
		p.turns("Newer")
	}
	return len(wanted)
}

// Whatever there was is found: by a beginning of a word in any letters, by its amount, its day
// and its account, from wherever one is.
func TestFindTransactions(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	astrid.shares(consentry, norrsken, "astrid")
	all := consentry.everything()
	at := slices.IndexFunc(all, func(one storage.Transaction) bool {
		return len(one.CreditorName) > 6 && strings.ContainsAny(one.CreditorName, "åäöÅÄÖ") && one.Amount.Negative()
	})
	if at < 0 {
		t.Fatal("nobody with such letters was paid")
	}
	wanted := all[at]
	name := slices.MaxFunc(fold.Words(wanted.CreditorName), func(a, b string) int { return len(a) - len(b) })
	typed := name[:max(4, len(name)-2)]

	astrid.visit("/")
	astrid.see("Latest transactions")
	astrid.keys("/")
	astrid.keys(typed)
	astrid.keys("\r")
	astrid.title("Transactions")
	n := astrid.findsTransactions(consentry, func(one storage.Transaction) bool { return hasWord(one, typed) })
	astrid.see(addedUp(n))
	if marked, err := ask[int](astrid, "document.querySelectorAll('#found mark').length"); err != nil || marked < min(n, onePage)/2 || n == 0 {
		t.Errorf("%d found, %d marked (%v)", n, marked, err)
	}

	amount := strings.TrimPrefix(wanted.Amount.Number, "-")
	astrid.fill("Search transactions", typed+" "+strings.Replace(amount, ".", ",", 1))
	exactly := func(one storage.Transaction) bool {
		return hasWord(one, typed) && strings.TrimPrefix(one.Amount.Number, "-") == amount
	}
	if n := astrid.findsTransactions(consentry, exactly); n == 0 {
		t.Error("its amount finds nothing")
	}
	found := astrid.location()
	if query, err := url.ParseQuery(found.RawQuery); err != nil || !strings.HasPrefix(query.Get("q"), typed) {
		t.Errorf("the address of the search is %s", found)
	}

	month := wanted.Date()[:7]
	astrid.fill("Search transactions", month)
	astrid.findsTransactions(consentry, func(one storage.Transaction) bool { return strings.HasPrefix(one.Date(), month) })
	astrid.click("Filter")
	astrid.selects("Money", "Money in")
	astrid.findsTransactions(consentry, func(one storage.Transaction) bool {
		return strings.HasPrefix(one.Date(), month) && !one.Amount.Negative()
	})
	astrid.click("Clear")
	astrid.fill("Search transactions", "no-such-thing-anywhere")
	astrid.see("No transaction found")

	salary := consentry.statement("Lönekonto")
	astrid.visit(fmt.Sprint("/accounts/", salary.ID))
	astrid.fill("Search transactions", ">500")
	astrid.keys(kb.Enter)
	astrid.title("Transactions")
	astrid.see("amounts over 500")
	large := astrid.findsTransactions(consentry, func(one storage.Transaction) bool {
		whole, _, _ := strings.Cut(strings.TrimPrefix(one.Amount.Number, "-"), ".")
		return one.AccountID == salary.ID && (len(whole) > 3 || len(whole) == 3 && whole >= "500" && strings.TrimPrefix(one.Amount.Number, "-") != "500.00")
	})
	astrid.see(addedUp(large))
	astrid.click(strings.TrimSpace(wantedName(all, salary.ID)))
	astrid.see("As the bank sent it")
	astrid.goesBack()
	astrid.see("amounts over 500")
	same(t, "what is looked for", astrid.holds("Search transactions"), ">500")
}

// addedUp is how what was found in one currency is said to add up.
func addedUp(n int) string {
	if n == 1 {
		return "1 transaction: in "
	}
	return fmt.Sprintf("%d transactions: in ", n)
}

// wantedName is what the newest large transaction of an account is called in the list.
func wantedName(all []storage.Transaction, account int64) string {
	for _, one := range all {
		whole, _, _ := strings.Cut(strings.TrimPrefix(one.Amount.Number, "-"), ".")
		if one.AccountID == account && len(whole) > 3 {
			if one.Amount.Negative() && one.CreditorName != "" {
				return one.CreditorName
			}
			if !one.Amount.Negative() && one.DebtorName != "" {
				return one.DebtorName
			}
		}
	}
	return ""
}
