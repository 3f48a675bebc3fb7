package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
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
