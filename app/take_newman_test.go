package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a/record/postman"
)

// TestJourneyNewman has programs of another hand send what was taken along: newman the
// collection, the shell with curl the script. Both go from a consent that does not
// exist yet to the last page of its transactions, at a bank that asks on another device
// and one that asks here: ids and tokens come from the answers of that run, and the
// control approves. Each answer is as it was recorded, and each
// run leaves a consent that is valid.
func TestJourneyNewman(t *testing.T) {
	journey(t)
	newman, err := filepath.Abs("../build/runners/node_modules/.bin/newman")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	for id, psuID := range map[string]string{"sandvik": w.psu.Login, "lindwurm": ""} {
		consent := w.linkedAt(id, psuID).Consent.ID
		taking, err := w.Record().Take(t.Context(), activity.Choice{Query: storage.ExchangeQuery{FlowID: &consent}})
		w.must(err)
		folder := t.TempDir()
		typed := map[string]string{"password": w.psu.Password, "sca_authentication_data": w.psu.Code}
		seen := map[string]bool{}
		w.newConsent(seen)

		collection := w.save(folder, taking, activity.Postman)
		w.fillIn(collection[1], typed)
		w.runs(folder, newman, "run", collection[0], "--environment", collection[1], "--bail")
		w.newConsent(seen)
		commands := w.save(folder, taking, activity.Curl)
		w.fillInShell(commands[1], typed)
		w.runs(folder, "sh", commands[0])

		w.newConsent(seen)
	}
}

// linkedAt links a bank to the end of its first fetch.
func (w *world) linkedAt(bankID, psuID string) app.Flow {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, bankID, psuID
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	flow := w.walk(id)
	if flow.Outcome != storage.Succeeded {
		w.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	if job := w.fetched(flow.Consent.ID); job.Err != nil {
		w.Fatal(job.Err)
	}
	w.waitRecorded()
	return flow
}

// save writes what is taken along into a folder, and returns the files.
func (w *world) save(folder string, taking activity.Taking, format activity.Format) (paths []string) {
	w.Helper()
	files, err := taking.Files(format, nil)
	w.must(err)
	for _, file := range files {
		path := filepath.Join(folder, file.Name)
		w.must(os.WriteFile(path, file.Data, 0o600))
		paths = append(paths, path)
	}
	return paths
}

// fillIn gives an environment of Postman's its values, as a person does.
func (w *world) fillIn(path string, typed map[string]string) {
	w.Helper()
	content, err := os.ReadFile(path)
	w.must(err)
	var environment postman.Environment
	w.must(json.Unmarshal(content, &environment))
	for i, one := range environment.Values {
		if one.Value == "" {
			environment.Values[i].Value = typed[one.Key]
		}
	}
	content, err = json.Marshal(environment)
	w.must(err)
	w.must(os.WriteFile(path, content, 0o600))
}

// fillInShell gives the variables of a script of the shell their values.
func (w *world) fillInShell(path string, typed map[string]string) {
	w.Helper()
	content, err := os.ReadFile(path)
	w.must(err)
	lines := strings.Split(string(content), "\n")
	for i, line := range lines {
		for name, value := range typed {
			if strings.HasPrefix(line, name+"=''") {
				lines[i] = name + "='" + value + "'"
			}
		}
	}
	w.must(os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600))
}

// runs runs a program in a folder that has to end well.
func (w *world) runs(folder string, program string, args ...string) {
	w.Helper()
	command := exec.CommandContext(w.Context(), program, args...)
	command.Dir = folder
	if out, err := command.CombinedOutput(); err != nil {
		w.Fatalf("%s: %v\n%s", filepath.Base(program), err, out)
	}
}

// newConsent looks for one that is valid at the banks and was not seen before: a bank lets
// go of a consent when a later one takes its place.
func (w *world) newConsent(seen map[string]bool) {
	w.Helper()
	var state struct{ Consents []struct{ ID, Status string } }
	res, err := http.Get(w.info.Control + "/state")
	w.must(err)
	defer res.Body.Close()
	w.must(json.NewDecoder(res.Body).Decode(&state))
	found := false
	for _, c := range state.Consents {
		found = found || c.Status == "valid" && !seen[c.ID]
		seen[c.ID] = true
	}
	if !found {
		w.Errorf("no new consent is valid: %+v", state)
	}
}
