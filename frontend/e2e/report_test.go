package e2e

import (
	"testing"

	"github.com/joshdk/go-junit"
)

// A tester has all asked that is only read, reads the report, and saves it for a build server;
// the exchange behind a line says the same.
func TestJourneyHeldToTheDefinition(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	elin := opens(consentry)
	elin.visit("/banks")
	elin.see("Norway")
	folder := elin.downloads()
	elin.shares(consentry, vidda, "astrid")
	elin.visit("/environments/sandbox")
	elin.click("Hold it to the official definition")
	elin.click("Run the checks")
	elin.see("All was asked.")
	elin.click("Report on this run")
	elin.title("Report")
	elin.see("Keeps to it")
	elin.see("GET /aspspinformation/v1/countries")
	elin.see("Seen of the 62 operations described: 6")
	elin.click("Save as JUnit")
	suites, err := junit.Ingest([]byte(elin.saved(folder, "-junit.xml")))
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, suite := range suites {
		passed += suite.Totals.Passed
		if suite.Totals.Failed+suite.Totals.Error > 0 {
			t.Errorf("%s: %+v", suite.Name, suite.Totals)
		}
	}
	if passed < 10 {
		t.Errorf("%d exchanges are in the file", passed)
	}
	elin.click("NextGenPSD2 API of Open Payments 1.3.3")
	elin.title("Official definitions")
	elin.see("A list in an envelope")
}
