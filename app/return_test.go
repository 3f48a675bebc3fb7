package app_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"consentry/app"
	"consentry/storage"
	"consentry/xs2a"
)

// TestSecondQuestionMark comes back from banks that append "?…" to a return
// address that has a query, by the browser and by hand.
func TestSecondQuestionMark(t *testing.T) {
	words, err := os.ReadFile("testdata/cases/28-second-question-mark.txt")
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`http\S+\?\S+\?\S+`).FindString(string(words))
	w := newWorld(t)
	for _, pasted := range []bool{false, true} {
		flow := w.begin(xs2a.StepRedirect)
		w.visit(flow.ID, false)
		back := strings.Replace(address, "state=S?", "state="+flow.Secret.State+"?", 1)
		if pasted {
			w.must(w.Pasted(t.Context(), flow.ID, back, person))
		} else {
			u, err := url.Parse(back)
			w.must(err)
			w.returned(u.Query(), app.ReturnTaken)
		}
		w.outcome(flow.ID, storage.Succeeded)
	}
	flow := w.begin(xs2a.StepRedirect)
	w.returned(url.Values{"state": {flow.Secret.State}, "result": {"nok?error=access_denied&state=another"}}, app.ReturnDenied)
}
