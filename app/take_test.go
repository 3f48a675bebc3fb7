package app_test

import (
	"errors"
	"strings"
	"testing"

	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/storage"
)

// TestTakeAlong takes a linking along: without its secrets in every form, and with those
// that the program has, which is said in the files' names, where that was asked for.
func TestTakeAlong(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	consent := w.linkedAt("oststern", "").Consent
	taking, err := w.Record().Take(t.Context(), activity.Choice{Query: storage.ExchangeQuery{FlowID: &consent.ID}})
	w.must(err)
	if first, last := taking.Exchanges[0], taking.Exchanges[len(taking.Exchanges)-1]; first.Step != "createConsent" || last.Started.Before(first.Started) || taking.More || taking.Signed() == 0 {
		t.Errorf("from %s to %s, %d signed", first.Step, last.Step, taking.Signed())
	}
	if got := strings.Join(taking.Secrets(), " "); got != "client_secret code code_verifier" {
		t.Errorf("to be filled in: %s", got)
	}
	known, err := w.Record().Known(t.Context(), taking)
	w.must(err)
	if got := strings.Join(known.Missing(taking), " "); got != "code code_verifier" {
		t.Errorf("missing: %s", got)
	}
	credentials, err := w.store.Credentials(t.Context(), storage.ConsentSubject(consent.ID))
	w.must(err)
	environment, err := w.Banks().Environment(t.Context(), bank.SandboxID)
	w.must(err)
	for _, format := range activity.Formats() {
		for _, with := range []*activity.Known{nil, known} {
			files, err := taking.Files(format, with)
			w.must(err)
			whole := ""
			for _, file := range files {
				whole += string(file.Data)
				if strings.Contains(file.Name, "-with-secrets") != (with != nil) {
					t.Errorf("%s is the name of a file with secrets: %t", file.Name, with != nil)
				}
			}
			if strings.Contains(whole, environment.ClientSecret) != (with != nil) {
				t.Errorf("%s holds the client's secret: %t", format, with == nil)
			}
			// The script of the shell takes the token from the answer that gives it.
			if strings.Contains(whole, credentials.AccessToken) != (with != nil && format != activity.Curl) {
				t.Errorf("%s holds the token: %t", format, with == nil)
			}
		}
	}

	one, err := w.Record().Take(t.Context(), activity.Choice{ID: w.recorded(consent.ID)[0].ID})
	w.must(err)
	if got := strings.Join(one.Secrets(), " "); len(one.Exchanges) != 1 || got != "token" {
		t.Errorf("%d exchanges, to be filled in: %s", len(one.Exchanges), got)
	}
	if _, err := w.Record().Take(t.Context(), activity.Choice{Query: storage.ExchangeQuery{Words: "no-such-word"}}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("nothing is taken: %v", err)
	}
}
