package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A flow that failed is saved in one program, and walked to the same failure in another, which
// knows no bank: on its screens by a button, and by the command that plays a file.
func TestJourneyFailureIsWalkedAgain(t *testing.T) {
	journey(t)
	t.Parallel()
	// The bank is asked when the person comes back, and not by chance before: what is recorded is in one order then.
	consentry := start(t, "-pause", "1h")
	tester := opens(consentry)
	consentry.tells(tester, implicitly, func(c *customer) {
		c.begins()
		c.does(deniesAtTheBank)
		c.see("You declined at Rheintor Bank.")
	})
	tester.until("the bank's word on the consent stands in the record", func() error {
		for _, one := range consentry.exchanges(http.MethodGet, "/consents/") {
			if !strings.Contains(one.URL[strings.Index(one.URL, "/consents/")+len("/consents/"):], "/") { // nor only its status
				return nil
			}
		}
		return errors.New("it does not")
	})
	file := consentry.saves(consentry.newest("Rheintor Bank").ID)

	elsewhere := start(t, "-sandbox=false", "-pause", "1h")
	colleague := opens(elsewhere)
	colleague.visit("/activity")
	colleague.click("Recordings")
	colleague.uploads(file)
	colleague.click("Bring it in")
	colleague.see("Play it back")
	colleague.see("Make a bank of this recording.")
	colleague.click("Play it back")
	colleague.see("Begin from the start")
	colleague.click("Link 127.0.0.1")
	colleague.click("Link this bank")
	colleague.title("What to share")
	colleague.click("Continue to the bank")
	colleague.at("/authorisations/")
	tab := colleague.goesTo("127.0.0.1")
	tab.see("This bank is a recording.")
	tab.click("Continue as recorded")
	tab.see("The consent was not approved.")
	colleague.see("You declined at 127.0.0.1.")
	colleague.until("the status is the bank's", func() error {
		if got, want := elsewhere.newest("127.0.0.1").Status, consentry.newest("Rheintor Bank").Status; got != want {
			return fmt.Errorf("%s, not %s", got, want)
		}
		return nil
	})
}

// saves saves a flow as a HAR by the program's command, and returns the file.
func (c *program) saves(flow string) string {
	c.t.Helper()
	folder := c.t.TempDir()
	command := exec.Command(consentry, "export", "-data", c.data, "-out", folder, "-flow", flow)
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		c.t.Fatalf("%v\n%s", err, problems.String())
	}
	name := strings.TrimSpace(string(out))
	if !filepath.IsAbs(name) {
		name = filepath.Join(folder, filepath.Base(name))
	}
	return name
}
