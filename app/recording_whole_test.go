package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a/record"
)

// TestJourneyWholeAnswersArePlayed links a bank whose answers are longer than the record keeps
// as a rule. With answers kept whole a colleague walks the same flow and reads the same; without,
// the first of them is not played, which their program says.
func TestJourneyWholeAnswersArePlayed(t *testing.T) {
	journey(t)
	t.Run("whole", func(t *testing.T) {
		c, flow, held := playedWith(t, true)
		again := c.attempt(c.at.EnvironmentID, c.at.ID, false)
		if got := c.holds(again); again.Outcome != flow.Outcome || !slices.Equal(got, held) {
			t.Errorf("it ended %q, and read\n%s\nwant\n%s", again.Outcome, strings.Join(got, "\n"), strings.Join(held, "\n"))
		}
	})
	t.Run("cut", func(t *testing.T) {
		c, _, _ := playedWith(t, false)
		again := c.through(c.asked())
		if job := c.fetched(again.Consent.ID); job.Err == nil {
			t.Error("an answer that was cut was played")
		}
	})
}

// playedWith is a colleague who plays a link with long answers, the link, and what was read.
func playedWith(t *testing.T, whole bool) (c *colleague, flow app.Flow, held []string) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	w.whole = whole
	w.restart(here)
	w.pages(`{"bank": "rheintor", "psu": "` + w.psu.Login + `", "entries": 1200, "page": 600, "order": "newest"}`)
	flow = w.attempt(bank.SandboxID, "rheintor", false)
	if longest := w.longest(flow); longest.Size < 128<<10 || longest.Cut == whole {
		t.Fatalf("of an answer of %d bytes %d are kept, cut %t", longest.Size, len(longest.Body), longest.Cut)
	}
	c = newColleague(w)
	c.plays(w.archive(flow))
	return c, flow, w.holds(flow)
}

// longest is the longest answer of a flow.
func (w *world) longest(flow app.Flow) (longest record.Message) {
	w.Helper()
	all, err := w.store.Exchanges(w.Context(), storage.ExchangeQuery{FlowID: &flow.Consent.ID}, 1000)
	w.must(err)
	for _, e := range all {
		if e.Answer.Size > longest.Size {
			longest = e.Answer
		}
	}
	return longest
}

// asked asks the bank that is played for a consent.
func (c *colleague) asked() string {
	c.Helper()
	share := c.DefaultShare(c.at.EnvironmentID)
	share.EnvironmentID, share.BIC, share.PSUID = c.at.EnvironmentID, c.at.ID, c.psu.Login
	attempt, err := c.Ask(c.Context(), share, person)
	c.must(err)
	return attempt
}

// pages lays entries over an account at a practice bank.
func (w *world) pages(body string) {
	w.Helper()
	res, err := http.Post(w.info.Control+"/accounts", "application/json", strings.NewReader(body))
	w.must(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		w.Fatal(res.Status)
	}
}
