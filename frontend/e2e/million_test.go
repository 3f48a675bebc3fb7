package e2e

import (
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage"
)

var (
	million       = flag.Int("million", 1_000_000, "transactions of TestJourneyAMillion")
	millionBeside = flag.Int("million.beside", 200_000, "transactions that are fetched while something else is done")
)

// A million transactions are paged through, filtered and searched as a few are; and while
// another bank's many are fetched, a consent is withdrawn and a payment made.
func TestJourneyAMillion(t *testing.T) {
	journey(t)
	consentry := startUnsearched(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	consentry.listed(exempted.bank) // the data file is looked into while it is small
	withdrawn := astrid.shares(consentry, skargard, "astrid")
	many := astrid.asksFor(consentry, norrsken)
	more := astrid.asksFor(consentry, dalabanken)
	all := consentry.heaps(norrsken, *million, 1000)
	beside := consentry.heaps(dalabanken, *millionBeside, 50) // in small pages, which take their time

	astrid.continuesTo(many)
	astrid.fetchedWhole(many)
	account := astrid.accountOf(many)

	astrid.story(t, "paged through", func(astrid *person) {
		astrid.visit(account)
		astrid.see(grouped(all) + " booked transactions")
		astrid.pagesBack(5)
		astrid.visit("/transactions")
		astrid.pagesBack(5)
	})

	astrid.opensConsent(withdrawn)
	other := astrid.another()
	other.visit(astrid.bar().String())
	other.title(skargard.name)
	other.click("Withdraw")
	other.see("Keep that as it is, or have it erased for good")
	astrid.continuesTo(more)
	other.click("Withdraw, keep the data") // meanwhile
	other.see("You withdrew this consent")
	other.see(skargard.name + " knows.")
	other.leave()
	astrid.opensConsent(more)
	if !astrid.fetching() {
		t.Error("the fetch was over before the withdrawal was answered: this shows nothing")
	}
	if there := withdrawn.seen(); there.Status != "terminatedByTpp" {
		t.Errorf("the bank says %+v", there)
	}

	consentry.tells(astrid, exempted, func(c *customer) { // paid meanwhile
		o := order{to: "Payee of meanwhile"}
		c.pays(o)
		c.approved(o)
	})

	astrid.story(t, "searched and filtered", func(astrid *person) {
		astrid.visit("/transactions")
		number := strconv.Itoa(100_000 + *million/2) // each invoice has its own
		astrid.fill("Search transactions", number)
		astrid.see("Faktura " + number)
		astrid.fill("Search transactions", "no-such-thing-anywhere")
		astrid.see("No transaction found")
		astrid.fill("Search transactions", ">999") // which every locale writes alike
		astrid.see("amounts over 999")
		astrid.pagesBack(2)
		astrid.click("Filter")
		astrid.selects("Money", "Money in")
		astrid.until("have what came in listed alone", func() error {
			if astrid.wentOut() > 0 {
				return errNotYet
			}
			return nil
		})
		astrid.pagesBack(2)
		if out := astrid.wentOut(); out > 0 {
			t.Errorf("%d of what came in went out", out)
		}
	})

	astrid.fetchedWhole(more)
	astrid.leave()
	consentry.end(syscall.SIGTERM)
	if log := consentry.told.String(); strings.Contains(log, "database is locked") || strings.Contains(log, "ERROR") {
		t.Errorf("the program says\n%s", log)
	}
	consentry.holdsAll(map[string]int{norrsken.name: all, dalabanken.name: beside})
}

// startUnsearched runs the program on data that are too many to be searched for secrets in the end.
func startUnsearched(t *testing.T) *program {
	t.Helper()
	needBrowser(t)
	c := &program{t: t, data: filepath.Join(t.TempDir(), "data"), told: &lockedBuffer{}, known: &knownBanks{}}
	c.run()
	t.Cleanup(func() {
		if c.end(syscall.SIGTERM); t.Failed() {
			keep(t, "program.log", []byte(c.told.String()))
		}
	})
	return c
}

// heaps lays so many transactions over a person's first account, and returns how many the bank lists.
func (c *program) heaps(b bank, entries, page int) (booked int) {
	c.t.Helper()
	c.controls("accounts", fmt.Sprintf(`{"bank":%q,"psu":"astrid","account":0,"entries":%d,"page":%d}`, b.bic, entries, page))
	var books struct {
		Entries []struct{ Status, Date string }
	}
	c.control(c.t, "books?bank="+b.bic+"&psu=astrid&account=0", &books)
	oldest := time.Now().AddDate(0, 0, -729).Format(time.DateOnly) // that is asked for
	for _, one := range books.Entries {
		if one.Status == "booked" && one.Date >= oldest {
			booked++
		}
	}
	return booked
}

// continuesTo approves what was asked for before in the bank's own app, until its fetch has begun.
func (p *person) continuesTo(g *grant) {
	p.t.Helper()
	p.visit("/consents")
	p.nextTo(g.name, "Continue")
	p.at("/authorisations/")
	p.see("Approve at " + g.name)
	here := p.location().Path
	p.visit(here + "/page")
	p.title("Log in")
	g.approved("astrid")
	p.visit(g.of.origin() + here)
	p.until("have the fetch of "+g.name+" begin", func() error {
		if !p.fetching() {
			return errNotYet
		}
		return nil
	})
}

// fetching reports whether the page shows a fetch that goes on.
func (p *person) fetching() bool { return p.job() != "" }

// job is what the page says of a fetch that goes on; the page may be loading anew meanwhile.
func (p *person) job() string {
	p.t.Helper()
	return shows[string](p, "look for a fetch", `document.getElementById('job')?.innerText ?? ''`)
}

// fetchedWhole waits at a consent's page until its fetch is at its end, as long as the page has news
// of it.
func (p *person) fetchedWhole(g *grant) {
	p.t.Helper()
	p.opensConsent(g)
	for said, since := p.job(), time.Now(); said != ""; {
		<-time.After(time.Second)
		p.opensConsent(g)
		if now := p.job(); now != said {
			said, since = now, time.Now()
		}
		if time.Since(since) > patience {
			p.fail("have all of it fetched", errNotYet)
		}
	}
	p.seeNot("Not read")
}

// wentOut counts those of the list that went out.
func (p *person) wentOut() int {
	p.t.Helper()
	return shows[int](p, "look at the list", `[...document.querySelectorAll('#found .amount')].filter(a => a.textContent.trim().startsWith('−')).length`)
}

// accountOf is where the first account of a consent has its page.
func (p *person) accountOf(g *grant) string {
	p.t.Helper()
	p.opensConsent(g)
	address, err := ask[string](p, `[...document.querySelectorAll('a[href*="/accounts/"]')].find(a => a.textContent.includes('Lönekonto')).getAttribute('href')`)
	if err != nil {
		p.fail("find the account", err)
	}
	return sessionIn.ReplaceAllString(address, "")
}

// pagesBack goes to older transactions so many times: each time others are listed.
func (p *person) pagesBack(times int) {
	p.t.Helper()
	for range times {
		before := strings.Join(p.entries(), " ")
		p.click("Older")
		p.until("have older transactions listed", func() error {
			if now := strings.Join(p.entries(), " "); now == "" || now == before {
				return errNotYet
			}
			return nil
		})
	}
}

// grouped writes a number as it is shown: 1,000,000.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for thousands := regexp.MustCompile(`^(\d+)(\d{3})`); thousands.MatchString(text); {
		text = thousands.ReplaceAllString(text, "$1,$2")
	}
	return text
}

// holdsAll holds how many transactions the largest accounts of banks have, now that the program has
// ended.
func (c *program) holdsAll(want map[string]int) {
	c.t.Helper()
	key, err := secret.LoadWithoutKeyring(c.data, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	store, err := storage.Open(c.t.Context(), c.data, key, time.Now)
	if err != nil {
		c.t.Fatal(err)
	}
	accounts, err := store.Accounts(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	most := map[string]int{}
	for _, account := range accounts {
		n, err := store.CountTransactions(c.t.Context(), account.ID)
		if err != nil || len(account.Gaps) > 0 {
			c.t.Errorf("%s of %s: %d, missing %v (%v)", account.Name, account.BankName, n, account.Gaps, err)
		}
		most[account.BankName] = max(most[account.BankName], n)
	}
	for bank, n := range want {
		if most[bank] != n {
			c.t.Errorf("%s: %d transactions, the bank lists %d", bank, most[bank], n)
		}
	}
	if err := store.Close(); err != nil {
		c.t.Error(err)
	}
}
