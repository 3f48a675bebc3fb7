package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"consentry/app/bank"
	"consentry/app/verdict"
	"consentry/storage"
)

// checked links a practice bank, has all asked there that is only read, and returns the report.
func (w *world) checked(at string) verdict.Report {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, at, w.psu.Login
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	flow := w.walk(id)
	if flow.Outcome != storage.Succeeded {
		w.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	w.Reader().Stop(flow.Consent.ID)
	w.await("the fetch ends", func() bool { j := w.Reader().Job(flow.Consent.ID); return j == nil || !j.Running() })
	w.Seen()
	w.must(w.Verdicts().Begin(w.Context(), bank.SandboxID, &person))
	w.await("the run ends", func() bool { return !w.Verdicts().Progress(bank.SandboxID).Running() })
	progress := w.Verdicts().Progress(bank.SandboxID)
	if progress.Done != progress.Total || len(progress.Skipped) > 0 {
		w.Errorf("the run: %+v", progress)
	}
	scope := progress.Scope
	scope.BIC = at
	report, err := w.Verdicts().Report(w.Context(), scope)
	w.must(err)
	w.must(w.Withdraw(w.Context(), flow.Consent.ID, true, person))
	return report
}

// departures are those of a report, each in a line.
func departures(report verdict.Report) (all []string) {
	for _, operation := range report.Operations {
		for _, each := range operation.Departures {
			all = append(all, fmt.Sprintf("%s %s %s %s: %s", each.Side, each.In, each.Name, each.Rule, operation.Name))
		}
	}
	slices.Sort(all)
	return all
}

func TestJourneyCheckEveryBank(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	for _, at := range w.info.Banks {
		if at.ID == silentBank || at.Refuses != "" {
			continue
		}
		t.Run(at.Dialect+"/"+at.ID, func(t *testing.T) {
			w := *w
			w.T = t
			report := w.checked(at.ID)
			t.Logf("quirky %v %d of %d, %d kept %d departing, %d\n%s", at.Quirky, report.SeenOperations(), len(report.Operations), report.Kept, report.Departing, report.Undefined, strings.Join(departures(report), "\n"))
		})
	}
}
