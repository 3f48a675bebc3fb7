package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// recorded returns what has been recorded of a flow, of all that has ended.
func (w *world) recorded(flowID string) []storage.Exchange {
	w.Helper()
	w.waitRecorded()
	all, err := w.Record().Exchanges(w.Context(), storage.ExchangeQuery{FlowID: &flowID}, 10_000)
	w.must(err)
	if len(all) == 0 {
		w.Fatalf("nothing is recorded of %s", flowID)
	}
	return all
}

// waitRecorded waits until no exchange that has ended waits for its record.
func (w *world) waitRecorded() {
	w.Helper()
	ctx, stop := context.WithTimeout(w.Context(), patience)
	defer stop()
	w.must(w.App.Record().Flush(ctx))
}

func steps(exchanges []storage.Exchange) string {
	var words []string
	for i := len(exchanges) - 1; i >= 0; i-- {
		words = append(words, exchanges[i].Step)
	}
	return strings.Join(words, "\n")
}

// TestActivity looks at what a linking leaves behind: each request the line
// carried is recorded, under its consent, in words.
func TestActivity(t *testing.T) {
	w := newWorld(t)
	before := w.network.count("", "")
	flow := w.begin(xs2a.StepOAuth)
	exchanges := w.recorded(flow.Consent.ID)
	got := steps(exchanges)
	if !strings.Contains(got, "createConsent") {
		t.Errorf("the flow's steps are\n%s", got)
	}
	activity, err := w.Record().Flow(t.Context(), flow.Consent.ID)
	w.must(err)
	if activity.Consent == nil || activity.Count != len(exchanges) || !activity.Live {
		t.Errorf("%+v with %d exchanges", activity, len(exchanges))
	}
	directory := w.recorded(bank.DirectoryFlow)
	if got := steps(directory); !strings.Contains(got, "getClientToken\ngetCountries\ngetCities\ngetASPSPs") {
		t.Errorf("the directory's steps are\n%s", got)
	}
	var everything []storage.Exchange
	w.await("every request that went over the line is recorded", func() bool {
		sent := w.network.count("", "")
		w.waitRecorded()
		everything, err = w.Record().Exchanges(t.Context(), storage.ExchangeQuery{}, 10_000)
		w.must(err)
		return len(everything) == sent && sent > before
	})
	for _, e := range everything {
		if e.FlowID == "" {
			t.Errorf("%s %s belongs to no flow", e.Method, e.URL)
		}
	}
	if w.Record().Lost() != 0 {
		t.Errorf("%d exchanges were lost", w.Record().Lost())
	}
}

// TestClosingKeepsEveryExchange ends the program in the midst of a fetch: what
// waits for its record then is written before the store closes.
func TestClosingKeepsEveryExchange(t *testing.T) {
	w := newWorld(t)
	w.link()
	w.App.Close()
	all, err := w.store.Exchanges(t.Context(), storage.ExchangeQuery{}, 10_000)
	w.must(err)
	if sent := w.network.count("", ""); len(all) != sent {
		t.Errorf("%d requests went over the line, %d were recorded", sent, len(all))
	}
}

// TestActivityOfWholeLinking goes all the way and looks for every secret in
// the bytes of the stored file.
func TestActivityOfWholeLinking(t *testing.T) {
	w := newWorld(t)
	flow := w.flow(w.link().ID)
	w.fetched(flow.Consent.ID)
	secrets := map[string]string{"state": flow.Secret.State, "verifier": flow.Secret.Verifier}
	e, err := w.Banks().Environment(t.Context(), bank.SandboxID)
	w.must(err)
	secrets["client secret"] = e.ClientSecret
	got := steps(w.recorded(flow.Consent.ID))
	for _, step := range []string{"exchangeCode", "getConsentScaStatus", "getConsentInformation", "getAccountList", "getTransactionListOf "} {
		if !strings.Contains(got, step) {
			t.Errorf("%q is not among\n%s", step, got)
		}
	}
	w.restart(here)
	for name, secret := range secrets {
		if len(secret) < 8 {
			t.Fatalf("the %s is %q: too short to look for", name, secret)
		}
		files, err := filepath.Glob(filepath.Join(w.dir, "consentry.db*"))
		w.must(err)
		for _, file := range files {
			bytes, err := os.ReadFile(file)
			w.must(err)
			if strings.Contains(string(bytes), secret) {
				t.Errorf("the %s stands in %s", name, filepath.Base(file))
			}
		}
	}
	exchanges, err := w.Record().Exchanges(t.Context(), storage.ExchangeQuery{Words: "token"}, 10_000)
	w.must(err)
	for _, e := range exchanges {
		if strings.Contains(e.Answer.Body, `"access_token"`) && !strings.Contains(e.Answer.Body, `"access_token":"`+record.Redacted+`"`) && !strings.Contains(e.Answer.Body, `"access_token": "`+record.Redacted+`"`) {
			t.Errorf("a token stands in %s", e.Answer.Body)
		}
	}
}

// TestActivityOfFailure keeps what was tried when the line was cut, and the
// flow of a consent that never came to be.
func TestActivityOfFailure(t *testing.T) {
	w := newWorld(t)
	w.network.cut.Store(true)
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = bank.SandboxID, w.banks[0].BIC
	_, _ = w.Ask(t.Context(), share, person)
	var flows []activity.Flow
	w.await("both flows are recorded", func() bool {
		var err error
		flows, err = w.Record().Flows(t.Context(), 0, 10)
		w.must(err)
		return len(flows) == 2
	})
	if flows[0].Failed == 0 || flows[0].ID == bank.DirectoryFlow {
		t.Fatalf("flows %+v", flows)
	}
	exchanges := w.recorded(flows[0].ID)
	if last := exchanges[0]; storage.ClassOf(last.Exchange) != storage.NoAnswer || !strings.Contains(last.Error, "the network is down") {
		t.Errorf("%s", fmt.Sprintf("%+v", last))
	}
}

// TestActivityGoesByTheBanksClock does not wait for an attempt for half a year
// because it was begun while the practice banks' clock was ahead.
func TestActivityGoesByTheBanksClock(t *testing.T) {
	w := newWorld(t)
	w.must(w.Clock().Move(t.Context(), 180))
	flow := w.begin(xs2a.StepOAuth)
	w.recorded(flow.Consent.ID)
	for _, test := range []struct {
		later time.Duration
		live  bool
	}{{time.Minute, true}, {time.Hour, false}} {
		w.clock.forward(test.later)
		if activity, err := w.Record().Flow(t.Context(), flow.Consent.ID); err != nil || activity.Live != test.live {
			t.Errorf("%v later it is live: %v, %v", test.later, activity.Live, err)
		}
	}
}
