package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"consentry/app"
	"consentry/frontend"
	"consentry/storage"
)

// The codes with which "consentry update" ends, beside those of every command.
const (
	updateNotRead  = 1 // something was not read
	updateNeedsYou = 5 // a consent has ended, or has to be renewed or approved
)

const updateUsage = `Reads accounts, balances and transactions under all consents in force, as "Update now" does, but
without a person: within the number of reads that a bank allows in 24 hours.

  consentry update [BANK] [options]

BANK is a bank's name or BIC, or the id or name of an environment; without it, all are read.
One line is printed for each consent. The program must not be running with the same data folder.

Ends with 0 when all was read or may not be read yet, 1 when something was not read, 2 when the command
line is not understood, 3 when a running program has the data folder, 4 when it could not be carried
out, 5 when a consent has ended, or has to be renewed or approved, 6 when a passphrase protects the data
and the right one was not said.

`

// runUpdate reads what is new at all banks, or at those that were named.
func runUpdate(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o commandOptions
	if err := o.parse(flag.NewFlagSet("consentry update", flag.ContinueOnError), updateUsage, args, stderr); err != nil {
		return misused(err)
	}
	return alone(ctx, o, stdout, stderr, func(c command) error { return o.update(ctx, c) })
}

func (o commandOptions) update(ctx context.Context, c command) error {
	chosen, err := consentsAt(ctx, c.App, o.on)
	if err != nil {
		return err
	}
	if _, err := c.shown(ctx); err != nil {
		return err
	}
	report := updateReport{StartedAt: time.Now().UTC(), Updates: []updateLine{}}
	err = c.Update(ctx, chosen, func(u app.Update) {
		if _, err := c.shown(ctx); err != nil { // with the names that came
			c.log.Warn("names that came are not masked in the log", "error", err)
		}
		line := newUpdateLine(ctx, u)
		fmt.Fprintln(c.stdout, line)
		report.Updates = append(report.Updates, line)
	})
	shown, failed := c.shown(ctx) // with the names that came
	if err = errors.Join(err, failed); err == nil {
		err = report.write(o.json, shown)
	}
	if err != nil {
		return err
	}
	return report.ended()
}

// consentsAt chooses the consents at a bank or in an environment, by its id or name; all of them where none is named.
func consentsAt(ctx context.Context, banks *app.App, name string) (func(storage.Consent) bool, error) {
	if name == "" {
		return func(storage.Consent) bool { return true }, nil
	}
	environments, err := banks.Banks().Environments(ctx)
	if err != nil {
		return nil, err
	}
	consents, err := banks.Consents(ctx)
	if err != nil {
		return nil, err
	}
	within := map[string]bool{}
	var known []string
	for _, e := range environments {
		within[e.ID] = e.ID == name || strings.EqualFold(e.Name, name)
		known = append(known, e.ID+" ("+e.Name+")")
	}
	chosen := func(c storage.Consent) bool {
		return within[c.EnvironmentID] || strings.EqualFold(c.BankName, name) || strings.EqualFold(c.BIC, name)
	}
	for _, c := range consents {
		known = append(known, c.BIC+" ("+c.BankName+")")
	}
	if slices.ContainsFunc(consents, chosen) || slices.ContainsFunc(environments, func(e storage.Environment) bool { return within[e.ID] }) {
		return chosen, nil
	}
	slices.Sort(known)
	return nil, ended{fmt.Errorf("there is no linked bank and no environment %q, but: %s", name, strings.Join(slices.Compact(known), ", ")), commandMisused}
}

// updateReport is what came of an update.
type updateReport struct {
	StartedAt time.Time    `json:"startedAt"`
	Updates   []updateLine `json:"updates"`
}

// updateLine is what came of one consent.
type updateLine struct {
	EnvironmentID string            `json:"environmentId"`
	BIC           string            `json:"bic"`
	Bank          string            `json:"bank"`
	ConsentID     string            `json:"consentId"`
	ValidUntil    string            `json:"validUntil,omitempty"`
	Outcome       app.UpdateOutcome `json:"outcome"`
	Accounts      int               `json:"accounts"`              // that were read
	Of            int               `json:"accountsOf"`            // those that there are
	Transactions  int               `json:"transactions"`          // that came
	New           int               `json:"newTransactions"`       // of these
	Missing       int               `json:"accountsMissingDays"`   // accounts of which days could not be read
	NextAt        *time.Time        `json:"nextAt,omitempty"`      // when it may be read without a person again
	EndedOn       string            `json:"endedOn,omitempty"`     // the consent
	Code          string            `json:"failure,omitempty"`     // of why something was not read
	Why           string            `json:"failureText,omitempty"` // the same in words
	needsPerson   bool
}

func newUpdateLine(ctx context.Context, u app.Update) updateLine {
	line := updateLine{
		EnvironmentID: u.EnvironmentID, BIC: u.BIC, Bank: cmp.Or(u.BankName, u.BIC), ConsentID: u.ID, ValidUntil: u.ValidUntil, Outcome: u.Outcome,
		Accounts: u.Job.Done, Of: u.Job.Total, Transactions: u.Job.Transactions, New: u.Job.New, Missing: u.Job.Missing, needsPerson: u.NeedsPerson(),
	}
	if u.Outcome == app.UpdateAtLimit {
		line.NextAt = &u.NextAt
	}
	switch {
	case u.Ended():
		line.EndedOn = u.EndedOn().Format(time.DateOnly)
	case u.Outcome == app.UpdateEnded: // by the clock alone
		line.EndedOn = u.ValidUntil
	}
	if u.Failure != nil {
		line.Code, line.Why = u.Failure.Code, frontend.FailureWords(ctx, u.Failure)
	}
	return line
}

// String is the line that is printed, whatever a bank has in its name and words: scripts take it by its line.
func (l updateLine) String() string {
	said := l.came()
	switch l.Outcome {
	case app.UpdateFailed:
		said = append(said, "not read: "+l.Why)
	case app.UpdateAtLimit:
		said = append(said, "not read: what the bank allows in 24 hours without you was; again from "+l.NextAt.Local().Format("2006-01-02 15:04"))
	case app.UpdateEnded:
		said = append(said, "the consent ended on "+l.EndedOn+": ask for a new one in Consentry")
	case app.UpdateToRenew:
		said = append(said, "not read: renew the consent in Consentry")
	case app.UpdateWaiting:
		said = append(said, "not read: the consent waits for your approval in Consentry")
	case app.UpdateOnceOnly:
		said = append(said, "not read: the consent was for one look")
	}
	if l.Missing > 0 {
		said = append(said, fmt.Sprintf("of %s some days could not be read", counted(l.Missing, "account")))
	}
	return strings.Join(strings.Fields(l.Bank+": "+strings.Join(said, "; ")), " ")
}

// came says what was read, if anything was.
func (l updateLine) came() []string {
	accounts := counted(l.Accounts, "account")
	if l.Accounts < l.Of {
		accounts = fmt.Sprintf("%d of %s", l.Accounts, counted(l.Of, "account"))
	}
	switch {
	case l.New > 0:
		return []string{counted(l.New, "new transaction") + ", " + accounts}
	case l.Outcome == app.UpdateDone:
		return []string{"already up to date, " + accounts}
	case l.Accounts > 0:
		return []string{"nothing new, " + accounts}
	}
	return nil
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// write writes the report into a file; nowhere where none is named.
func (r updateReport) write(path string, shown *frontend.Presented) error {
	if path == "" {
		return nil
	}
	slices.SortFunc(r.Updates, func(a, b updateLine) int {
		return cmp.Or(cmp.Compare(a.Bank, b.Bank), cmp.Compare(a.ConsentID, b.ConsentID))
	})
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(shown.Shown(string(content)+"\n")), 0o600)
}

// ended is what the update came to: nil where all was read that may be.
func (r updateReport) ended() error {
	failed, waiting := 0, 0
	for _, line := range r.Updates {
		if line.Outcome == app.UpdateFailed {
			failed++
		}
		if line.needsPerson {
			waiting++
		}
	}
	switch {
	case len(r.Updates) == 0:
		return errors.New("no bank is linked there")
	case failed > 0:
		return ended{fmt.Errorf("not read whole: %d of %s", failed, counted(len(r.Updates), "consent")), updateNotRead}
	case waiting > 0:
		return ended{fmt.Errorf("you are needed for %d of %s", waiting, counted(len(r.Updates), "consent")), updateNeedsYou}
	}
	return nil
}
