package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"consentry/app"
	"consentry/storage"
	"consentry/xs2a"
)

// chaosFacts are what is known of what was done, guarded by the lock of chaos.
type chaosFacts struct {
	forms        map[string]bool // that were sent
	withdrawn    map[string]bool // our ids of consents whose withdrawal was taken
	bent         map[string]bool // banks' ids of consents that somebody ended at the bank
	erasing      bool            // data were to be erased since the last look
	transactions int             // as of the last look
	kills        int             // in the middle of something
	fills        int             // of the disk
	wrong        []string
}

func newChaosFacts() chaosFacts {
	return chaosFacts{forms: map[string]bool{}, withdrawn: map[string]bool{}, bent: map[string]bool{}}
}

func (c *chaos) formSent(id string)        { c.note(func() { c.forms[id] = true }) }
func (c *chaos) withdrawalTaken(id string) { c.note(func() { c.withdrawn[id] = true }) }
func (c *chaos) touched(bankID string)     { c.note(func() { c.bent[bankID] = true }) }
func (c *chaos) erased()                   { c.note(func() { c.erasing = true }) }

func (c *chaos) violated(format string, args ...any) {
	c.note(func() { c.wrong = append(c.wrong, fmt.Sprintf(format, args...)) })
}

func (c *chaos) note(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
}

// chaosBooks are the banks' own.
type chaosBooks struct {
	Consents []chaosAtBank `json:"consents"`
	Payments []any         `json:"payments"`

	Authorisations []struct {
		ID string `json:"id"`
		Of string `json:"of"`
	} `json:"authorisations"`
}

type chaosAtBank struct {
	ID     string             `json:"id"`
	PSU    string             `json:"psu"`
	Status xs2a.ConsentStatus `json:"status"`
	Log    []struct {
		At       time.Time `json:"at"`
		Path     string    `json:"path"`
		Attended bool      `json:"attended"`
	} `json:"readLog"`
}

func (c *chaos) books() (books chaosBooks) {
	c.Helper()
	res, err := http.Get(c.info.Control + "/state")
	c.must(err)
	defer res.Body.Close()
	c.must(json.NewDecoder(res.Body).Decode(&books))
	return books
}

// compareBooks brings to an end what was left half done, and holds the program's
// picture against the banks':
//
//   - a permission counts as in use here if, and only if, its bank would serve it;
//   - the bank has no permission that is not known here, but for those whose answer
//     never came, and that nobody can have approved;
//   - one form made one permission at most, and each attempt one authorisation;
//   - a withdrawal that was taken stands, and the bank was told of it;
//   - each read of an account stands in the ledger, and without the person goes out once;
//   - what was read is there, unless it was to be erased, and the file is whole.
func (c *chaos) compareBooks() {
	c.Helper()
	c.wholeFile()
	c.inside(func(a *app.App, store *storage.Store) {
		c.lookAt(a)
		c.must(a.LookAfter(c.Context()))
		known, err := a.Consents(c.Context())
		c.must(err)
		books := c.books()
		atBank, authorisations := map[string]chaosAtBank{}, map[string]int{}
		for _, one := range books.Consents {
			atBank[one.ID] = one
		}
		for _, one := range books.Authorisations {
			authorisations[one.Of]++
		}
		if len(books.Payments) > 0 {
			c.violated("the banks have payments: %v", books.Payments)
		}
		unanswered, made := 0, map[string]int{}
		for _, one := range known {
			if made[one.FormID]++; made[one.FormID] > 1 || !c.forms[one.FormID] {
				c.violated("the form %q made %d consents", one.FormID, made[one.FormID])
			}
			if one.BankConsentID == "" {
				unanswered++
				continue
			}
			c.holdConsent(a, store, one, atBank[one.BankConsentID], authorisations[one.BankConsentID])
			delete(atBank, one.BankConsentID)
		}
		for id, one := range atBank {
			if unanswered--; unanswered < 0 || one.PSU != "" || one.Status == xs2a.ConsentValid {
				c.violated("the bank has %s, %q, which is not known here", id, one.Status)
			}
		}
		c.holdEntries(a)
	})
	if len(c.wrong) > 0 {
		c.Fatalf("seed %d, after %s:\n%s\nthe program said:\n%s", c.seed, c.story(), strings.Join(c.wrong, "\n"), c.problem)
	}
}

// lookAt looks at what a person would look at: what is not finished, what was ended
// behind the program's back, and the withdrawals that a bank has not confirmed.
func (c *chaos) lookAt(a *app.App) {
	c.Helper()
	open, err := a.SCA().Unfinished(c.Context(), storage.SubjectConsent)
	c.must(err)
	for _, flow := range open {
		c.must(a.SCA().Poll(c.Context(), flow.ID, chaosLooker))
	}
	all, err := a.Consents(c.Context())
	c.must(err)
	for _, one := range all {
		if c.bent[one.BankConsentID] || !one.Ended() && one.Status != xs2a.ConsentValid {
			c.must(a.RefreshConsent(c.Context(), one.ID, chaosLooker))
		}
		c.must(a.TellBank(c.Context(), one.ID, chaosLooker))
	}
}

func (c *chaos) holdConsent(a *app.App, store *storage.Store, here storage.Consent, there chaosAtBank, authorisations int) {
	c.Helper()
	if used, served := here.Usable(time.Now()), there.Status == xs2a.ConsentValid; used != served {
		c.violated("%s is %q here, ended %q, and %q at the bank", here.ID, here.Status, here.End, there.Status)
	}
	if c.withdrawn[here.ID] && !here.Ended() {
		c.violated("%s was withdrawn, and goes on", here.ID)
	}
	if here.Acknowledgement == storage.AckPending || here.Acknowledgement == storage.AckConfirmed && !there.Status.Final() || here.Erasing && here.ErasedAt.IsZero() {
		c.violated("the end of %s was left half done: acknowledged %q, erasing %v; the bank says %q", here.ID, here.Acknowledgement, here.Erasing, there.Status)
	}
	attempts, err := store.Authorisations(c.Context(), storage.ConsentSubject(here.ID))
	c.must(err)
	if authorisations > len(attempts) {
		c.violated("%d attempts at %s made %d authorisations", len(attempts), here.ID, authorisations)
	}
	reads, err := store.ConsentReads(c.Context(), here.ID, 0, 1_000)
	c.must(err)
	for _, kind := range []struct {
		end      string
		endpoint storage.Endpoint
	}{{"/accounts", storage.ReadAccounts}, {"/balances", storage.ReadBalances}} {
		sent, entered := map[bool]int{}, map[bool]int{} // by whether the person asked
		for _, one := range there.Log {
			if strings.HasSuffix(one.Path, kind.end) {
				sent[one.Attended]++
			}
		}
		for _, one := range reads {
			if one.Endpoint == kind.endpoint {
				entered[one.Attended]++
			}
		}
		// One that the person asked for may go out again by itself where the line broke.
		if sent[false] > entered[false] || sent[true] > mostSent*entered[true] {
			c.violated("%v reads of %s under %s, and %v in the ledger", sent, kind.end, here.ID, entered)
		}
	}
}

// mostSent is how often one read goes out that a person asked for: three times, and
// once more by net/http, over a new line for one that was cut.
const mostSent = 4

// holdEntries holds that what was read is there.
func (c *chaos) holdEntries(a *app.App) {
	c.Helper()
	accounts, err := a.Holdings().Accounts(c.Context())
	c.must(err)
	transactions := 0
	for _, account := range accounts {
		n, err := a.Holdings().CountTransactions(c.Context(), account.ID)
		c.must(err)
		transactions += n
	}
	if transactions < c.transactions && !c.erasing {
		c.violated("%d transactions are there of %d", transactions, c.transactions)
	}
	c.transactions, c.erasing = transactions, false
}

// tally says what came of it all.
func (c *chaos) tally() {
	c.Helper()
	c.inside(func(a *app.App, _ *storage.Store) {
		all, err := a.Consents(c.Context())
		c.must(err)
		ends, approved := map[storage.End]int{}, 0
		for _, one := range all {
			ends[one.End]++
			if !one.GrantedAt.IsZero() {
				approved++
			}
		}
		c.Logf("%d forms made %d consents, %d approved; ends %v; %d transactions; %d kills, %d times no room", len(c.forms), len(all), approved, ends, c.transactions, c.kills, c.fills)
	})
}

// wholeFile has the database look at itself.
func (c *chaos) wholeFile() {
	c.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.dir, storage.FileName))
	c.must(err)
	defer db.Close()
	var verdict string
	c.must(db.QueryRowContext(c.Context(), `PRAGMA quick_check`).Scan(&verdict))
	if verdict != "ok" {
		c.violated("the file is damaged: %s", verdict)
	}
}
