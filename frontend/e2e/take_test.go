package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"consentry/xs2a/record/har"
)

// A person takes a flow along without its secrets, and, in a form in which they tick that,
// with those that the program has. The box is not ticked the next time.
func TestJourneyTakeAlong(t *testing.T) {
	t.Parallel()
	journey(t)
	consentry := start(t)
	astrid := opens(consentry)
	folder := astrid.downloads()
	given := astrid.shares(consentry, norrsken, "astrid")
	const secrets = "With the secrets, in this file"
	astrid.visit("/activity/flows/" + given.id)
	astrid.click("Take along")
	astrid.title("Take along")
	astrid.see("To fill in before sending again:")
	astrid.click("Save")
	plain := archive(t, astrid.saved(folder, ".har"))
	if want := len(consentry.exchanges("", "")); len(plain.Log.Entries) == 0 || len(plain.Log.Entries) > want {
		t.Errorf("%d entries of %d exchanges", len(plain.Log.Entries), want)
	}

	astrid.visit("/activity?q=client_secret")
	astrid.click("Take along")
	astrid.click(secrets)
	astrid.click("Save")
	text := astrid.saved(folder, "-with-secrets.har")
	if entries := archive(t, text).Log.Entries; len(entries) == 0 || !strings.Contains(entries[0].Request.PostData.Text, "client_secret=") || strings.Contains(entries[0].Request.PostData.Text, "client_secret=«") {
		t.Errorf("the client's secret is not in\n%s", text)
	}
	astrid.reload()
	astrid.see("You are asked again next time.")
	if ticked, err := ask[int](astrid, "document.querySelectorAll('[name=secrets]:checked').length"); err != nil || ticked != 0 {
		t.Errorf("the box is ticked already (%v)", err)
	}
}

func archive(t *testing.T, text string) (a har.HAR) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return a
}
