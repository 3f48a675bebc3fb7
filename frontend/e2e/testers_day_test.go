package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"consentry/storage"
)

// hullenlos wants the person's login with the first request, and departs from the definition.
var hullenlos = bank{"Hüllenlos Bank", "huellenlos"}

// A tester's day: a bank refuses a consent. They send the request again with another
// header, read what differs, take the flow along, and save the report for a build server. A
// colleague, whose program knows no bank, walks to the same failure and has the same
// report.
func TestJourneyTestersDay(t *testing.T) {
	journey(t)
	t.Parallel()
	testersDay(t, func(*person, string) {})
}

// testersDay is the day, looked at on its way.
func testersDay(t *testing.T, look look) {
	consentry := start(t)
	tester := opens(consentry)
	folder := tester.downloads()
	tester.visit("/banks/sandbox/" + hullenlos.bic)
	tester.see("What do you use Consentry for?")
	tester.click("Testing")
	tester.isWithout("What do you use Consentry for?")

	refused := tester.isRefused(consentry)
	tester.click("Technical detail")
	look(tester, "testing-refused")
	tester.click("Show the exchange")
	tester.title("Ask for the consent")
	tester.see("this bank wants PSU-ID")
	tester.see("NextGenPSD2 XS2A Framework")
	look(tester, "testing-exchange")
	flow := "/activity/flows/" + refused.FlowID

	tester.click("Send again")
	tester.title("Send again")
	tester.fill("Header", strings.ReplaceAll(tester.holds("Header"), "«state»", "a-state-of-the-testers")+"\nPSU-ID: astrid")
	tester.click("Show what is changed")
	tester.see("Header of the request: Psu-Id")
	look(tester, "testing-again")
	tester.click("Send")
	tester.title("Sent again")
	tester.see("What differs from the former exchange")
	tester.see("Status")
	tester.see("consentId")
	look(tester, "testing-sent-again")
	answered := consentry.exchanges(http.MethodPost, "/consents")[0]
	same(t, "the status with the login", answered.Status, http.StatusOK)
	tester.visit(fmt.Sprint("/activity/comparison?a=", refused.ID, "&b=", answered.ID))
	tester.title("Side by side")
	tester.see("FORMAT_ERROR")
	look(tester, "testing-comparison")

	tester.visit(flow)
	tester.title(hullenlos.name)
	look(tester, "testing-flow")
	tester.click("Take along")
	tester.title("Take along")
	look(tester, "testing-take")
	tester.click("Save")
	file := filepath.Join(t.TempDir(), "refused.har")
	text := tester.saved(folder, ".har")
	if entries := archive(t, text).Log.Entries; len(entries) < 2 || entries[0].Response.Status != refused.Status {
		t.Fatalf("the file has %d entries\n%s", len(entries), text)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	here := tester.report(folder, flow)
	look(tester, "testing-report")
	if !slices.ContainsFunc(here, func(line string) bool { return strings.Contains(line, "failed") }) {
		t.Errorf("nothing departs from the definition: %q", here)
	}

	elsewhere := start(t, "-sandbox=false")
	colleague := opens(elsewhere)
	folder = colleague.downloads()
	colleague.visit("/activity/recordings")
	colleague.uploads(file)
	colleague.click("Bring it in")
	colleague.see("Make a bank of this recording.")
	colleague.click("Play it back")
	colleague.see("Begin from the start")
	look(colleague, "testing-played")
	colleague.click("Link 127.0.0.1")
	again := colleague.isRefused(elsewhere)
	same(t, "the status of the refusal", again.Status, refused.Status)
	same(t, "the body of the refusal", again.Answer.Body, refused.Answer.Body)
	there := colleague.report(folder, "/activity/flows/"+again.FlowID)
	if len(there) == 0 {
		t.Error("the colleague's report has no exchange")
	}
	for _, line := range there {
		if !slices.Contains(here, line) {
			t.Errorf("the colleague's report has %q, which the tester's has not: %q", line, here)
		}
	}
}

// isRefused asks for a consent from a bank's page, and has a request refused.
func (p *person) isRefused(c *program) storage.Exchange {
	p.t.Helper()
	p.click("Link this bank")
	p.title("What to share")
	p.click("Continue to the bank")
	p.see("wants your login together with the request.")
	p.until("the refusal stands in the record", func() error {
		if len(c.exchanges(http.MethodPost, "/consents")) == 0 {
			return errNotYet
		}
		return nil
	})
	return c.exchanges(http.MethodPost, "/consents")[0]
}

// report saves a flow's report as JUnit, and returns what a library reads in it: of each
// exchange the operation, how it fared and why.
func (p *person) report(folder, flow string) (lines []string) {
	p.t.Helper()
	p.visit(flow)
	p.click("Report")
	p.title("Report")
	p.click("Save as JUnit")
	suites, err := junit.Ingest([]byte(p.saved(folder, "-junit.xml")))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, suite := range suites {
		for _, test := range suite.Tests {
			if test.Status != junit.StatusSkipped {
				lines = append(lines, fmt.Sprint(suite.Name, " ", test.Status, " ", test.Error))
			}
		}
	}
	return lines
}
