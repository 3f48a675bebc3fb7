package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/joshdk/go-junit"

	"consentry/app/secret"
	"consentry/app/verdict"
	"consentry/storage"
	"consentry/xs2a"
)

// oddDirectory is an interface whose lists are not as the definition has them.
func oddDirectory(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", r.Header.Get("X-Request-Id"))
		body := map[string]string{
			"countries": `{"countries":[{"isoCountryCode":"sweden","name":"Sweden"}]}`, "cities": `{"cities":[]}`, "aspsps": `{"aspsps":[]}`,
		}[filepath.Base(r.URL.Path)]
		if r.Method == http.MethodPost {
			body = `{"access_token":"token-of-the-tpp","token_type":"Bearer","expires_in":3600}`
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server
}

// checkedFolder is a data folder with an environment that departs from its definition, and one
// at which there is nothing to ask.
func checkedFolder(t *testing.T, address string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	odd := storage.Environment{ID: "odd", Name: "Odd one", Identity: xs2a.Identity{ClientID: "tpp", ClientSecret: "hush"}, Profile: xs2a.Profile{Dialect: "openpayments", Context: "private", APIURL: address + "/psd2", AuthURL: address}}
	bare := storage.Environment{ID: "bare", Name: "Bare one", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: address}}
	if err := errors.Join(store.PutEnvironment(t.Context(), odd), store.PutEnvironment(t.Context(), bare), store.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestCheck holds the codes with which the command ends, and reads its files with libraries of
// other hands.
func TestCheck(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir, files := checkedFolder(t, oddDirectory(t).URL), t.TempDir()
	asXML, asJSON := filepath.Join(files, "report.xml"), filepath.Join(files, "report.json")
	check := func(args ...string) (code int, said string) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"check"}, args...), &out, &out)
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return 0, out.String()
		}
		return exitCode(err), out.String() + err.Error()
	}
	absent := filepath.Join(files, "absent")
	for _, test := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"keeps to it", []string{"sandbox", "-data", dir}, 0, "keep to the definition, 0 depart from it"},
		{"departs, by its name", []string{"-data", dir, "-sandbox=false", "--junit", asXML, "--json", asJSON, "odd ONE"}, 1, "/countries/*/isoCountryCode: pattern"},
		{"no environment named", []string{"-data", dir}, 2, "name an environment"},
		{"no such environment", []string{"other", "-data", dir, "-sandbox=false"}, 2, "odd (Odd one)"},
		{"one word too many", []string{"odd", "-data", dir, "other"}, 2, `"other" is not understood`},
		{"no such option", []string{"odd", "-what"}, 2, "-what"},
		{"no such folder", []string{"odd", "-data", absent}, 2, "absent"},
		{"nothing to ask", []string{"bare", "-data", dir, "-sandbox=false"}, 4, "there is nothing to ask"},
		{"a file nobody can write", []string{"odd", "-data", dir, "-sandbox=false", "-junit", filepath.Join(absent, "x.xml")}, 4, "x.xml"},
		{"help", []string{"-h"}, 0, "Usage: consentry check"},
	} {
		if code, said := check(test.args...); code != test.code || !strings.Contains(said, test.says) {
			t.Errorf("%s: ended with %d, want %d and %q:\n%s", test.name, code, test.code, test.says, said)
		}
	}
	if _, err := os.Stat(absent); !os.IsNotExist(err) {
		t.Errorf("a folder was made: %v", err)
	}
	holdsDeparture(t, asXML, asJSON)

	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if code, said := check("odd", "-data", dir); code != 3 || !strings.Contains(said, "running already") {
		t.Errorf("beside a running program: ended with %d\n%s", code, said)
	}
}

// holdsDeparture reads both files of a report on oddDirectory.
func holdsDeparture(t *testing.T, asXML, asJSON string) {
	t.Helper()
	suites, err := junit.IngestFile(asXML)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, suite := range suites {
		total += suite.Totals.Tests
		failed := strings.HasPrefix(suite.Name, "GET /aspspinformation/v1/countries")
		if (suite.Totals.Failed > 0) != failed || suite.Totals.Error > 0 {
			t.Errorf("%s: %+v", suite.Name, suite.Totals)
		}
		if failed && !strings.Contains(suite.Tests[0].Error.Error(), "isoCountryCode") {
			t.Errorf("the failure is %v", suite.Tests[0].Error)
		}
	}
	content, err := os.ReadFile(asJSON)
	if err != nil {
		t.Fatal(err)
	}
	var report verdict.Report
	if err := json.Unmarshal(content, &report); err != nil {
		t.Fatal(err)
	}
	if report.Departing == 0 || report.Exchanges != len(report.Cases) || total < report.Exchanges || strings.Contains(string(content), "token-of-the-tpp") {
		t.Errorf("%d tests, and the report: %s", total, content)
	}
}

// TestJourneyCheckOfSlips links the practice bank that makes one mistake for each rule, ends the
// program, and checks the environment as a build server does: it fails, and its file has a
// failure for each answer with a mistake, and the mistake in it.
func TestJourneyCheckOfSlips(t *testing.T) {
	journey(t)
	path, dir := program(t), t.TempDir()
	first, serving := start(t, path, "serve", "-data", dir)
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	upload(t, browser, home(t, browser, first)+"/stage/scene", "title: One mistake for each rule\nlink Patzerhof Bank as lukas\n")
	if err := errors.Join(serving.Process.Signal(syscall.SIGTERM), serving.Wait()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "report.xml")
	checking := exec.Command(path, "check", "sandbox", "-data", dir, "--junit", file)
	checking.Env = append(os.Environ(), "CONSENTRY_KEYRING=off")
	said, err := checking.CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != checkDeparts || !strings.Contains(string(said), "19 of the 62 operations") {
		t.Fatalf("%v\n%s", err, said)
	}
	suites, err := junit.IngestFile(file)
	if err != nil {
		t.Fatal(err)
	}
	failed, told := 0, ""
	for _, suite := range suites {
		if failed += suite.Totals.Failed; suite.Totals.Error > 0 {
			t.Errorf("%s: %+v", suite.Name, suite.Totals)
		}
		for _, test := range suite.Tests {
			if test.Error != nil {
				told += suite.Name + ": " + test.Name + ": " + test.Error.Error() + "\n"
			}
		}
	}
	if failed != 13 || strings.Count(told, "patzerhof") != 13 {
		t.Errorf("%d answers failed:\n%s", failed, told)
	}
	for _, rule := range []string{"pattern", "mediaType", "type", "nullable", "maxItems", "format", "json", "enum", "body", "required", "minLength", "minimum", "status", "maxLength"} {
		if !strings.Contains(told, ": "+rule+" ") {
			t.Errorf("no failure is about %s:\n%s", rule, told)
		}
	}
}
