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

// sentAgain are links that go from a consent that does not exist yet to the last page of
// its transactions without a browser.
var sentAgain = []struct {
	name  string
	share app.Share // what of it is another than usual
	takes []string  // what newman has to take from answers
}{
	{"on another device", app.Share{BIC: "sandvik", PSUID: "astrid"}, []string{"consent_id", "authorisation_id", "resource_id"}},
	{"on another device, with tokens", app.Share{BIC: "BLXTSES0", PSUID: "astrid", Decoupled: true}, []string{"consent_id", "authorisation_id", "resource_id", "token"}},
	{"typed here", app.Share{BIC: "lindwurm"}, []string{"consent_id", "authorisation_id", "resource_id", "authentication_method_id"}},
}

// TestJourneyNewman has programs of another hand send what was taken along: newman the
// collection, the shell with curl the script. Ids and tokens come from the answers of that
// run, and the control approves on the other device. Each answer is as it was recorded, and each
// run leaves a consent that is valid.
func TestJourneyNewman(t *testing.T) {
	journey(t)
	newman, err := filepath.Abs("../build/newman/node_modules/.bin/newman")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	for _, one := range sentAgain {
		consent := w.linkedWith(one.share).Consent.ID
		taking, err := w.Record().Take(t.Context(), activity.Choice{Query: storage.ExchangeQuery{FlowID: &consent}})
		w.must(err)
		folder := t.TempDir()
		typed := map[string]string{"password": w.psu.Password, "sca_authentication_data": w.psu.Code, "client_secret": w.info.ClientSecret}
		seen := map[string]bool{}
		w.newConsent(one.name, seen)

		collection := w.save(folder, taking, activity.Postman)
		w.fillIn(collection[1], typed)
		w.runs(folder, newman, "run", collection[0], "--environment", collection[1], "--bail", "--reporters", "cli,json", "--reporter-json-export", "run.json")
		w.green(one.name, filepath.Join(folder, "run.json"), len(taking.Exchanges), one.takes)
		w.newConsent(one.name, seen)
		commands := w.save(folder, taking, activity.Curl)
		w.fillInShell(commands[1], typed)
		w.runs(folder, "sh", commands[0])
		w.newConsent(one.name, seen)
	}
}

// green holds what newman says of a run: every request was sent and is answered as recorded,
// and what later ones use was taken from the answers.
func (w *world) green(name, file string, requests int, takes []string) {
	w.Helper()
	content, err := os.ReadFile(file)
	w.must(err)
	var said struct {
		Run struct {
			Stats      struct{ Requests, Assertions struct{ Total, Failed int } }
			Executions []struct {
				Assertions []struct {
					Assertion string
					Error     json.RawMessage
				}
			}
		}
	}
	w.must(json.Unmarshal(content, &said))
	stats, taken, held := said.Run.Stats, map[string]bool{}, 0
	for _, each := range said.Run.Executions {
		for _, one := range each.Assertions {
			if what, gives := strings.CutPrefix(one.Assertion, "gives "); gives && one.Error == nil {
				taken[what] = true
			}
			if strings.HasSuffix(one.Assertion, ", as recorded") && one.Error == nil {
				held++
			}
		}
	}
	if stats.Requests.Total < requests || stats.Requests.Failed+stats.Assertions.Failed > 0 || held != requests {
		w.Errorf("%s: %d requests were recorded, %d answered so: %+v", name, requests, held, stats)
	}
	for _, what := range takes {
		if !taken[what] {
			w.Errorf("%s: %s was not taken from an answer: %v", name, what, taken)
		}
	}
}

// linkedAt links a bank to the end of its first fetch.
func (w *world) linkedAt(bankID, psuID string) app.Flow {
	w.Helper()
	return w.linkedWith(app.Share{BIC: bankID, PSUID: psuID})
}

// linkedWith does so with what a share has beside the usual.
func (w *world) linkedWith(own app.Share) app.Flow {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID, share.Decoupled = bank.SandboxID, own.BIC, own.PSUID, own.Decoupled
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
func (w *world) newConsent(name string, seen map[string]bool) {
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
		w.Errorf("%s: no new consent is valid: %+v", name, state)
	}
}
