package main

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
	"consentry/xs2a/record/har"
)

// exportFolder is a data folder in use, with two exchanges, and a token and a client's
// secret that are no part of them.
func exportFolder(t *testing.T) string {
	t.Helper()
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir, key := fresh.Folder(t)
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	environment := storage.Environment{ID: "e", Name: "E", Identity: xs2a.Identity{ClientID: "id", ClientSecret: "the-client's-secret"}, Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: "https://bank.example"}}
	if err := store.PutEnvironment(t.Context(), environment); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/token", "/accounts"} {
		e := record.Exchange{FlowID: "f", Step: "step of " + path, Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Method: "POST", URL: "https://bank.example" + path, Status: 200}
		e.Request.Header = []record.HeaderField{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
		e.Request.Body = "client_secret=" + record.Redacted + "&password=" + record.Redacted
		if err := store.AddExchange(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestExport saves exchanges while a program uses the folder, and says by its end what
// became of that.
func TestExport(t *testing.T) {
	dir := exportFolder(t)
	export := func(args ...string) (printed, said string, err error) {
		var stdout, stderr strings.Builder
		err = run(t.Context(), append([]string{"export", "-data", dir}, args...), &stdout, &stderr)
		return stdout.String(), stderr.String(), err
	}
	for _, test := range []struct {
		args []string
		code int
	}{
		{[]string{"-as", "pdf"}, exitUsage}, {[]string{"-class", "odd"}, exitUsage}, {[]string{"-no-such"}, exitUsage},
		{[]string{"-as", "curl", "-out", "-"}, exitUsage}, {[]string{"-exchange", "99"}, exitNothing}, {[]string{"-flow", "g"}, exitNothing},
		{[]string{"no-such-word"}, exitNothing}, {[]string{"-data", t.TempDir()}, exitNothing}, {[]string{"-out", filepath.Join(dir, "missing")}, exitFailed},
	} {
		if _, _, err := export(test.args...); err == nil || exitCode(err) != test.code {
			t.Errorf("%v: %v ends with %d, want %d", test.args, err, exitCode(err), test.code)
		}
	}
	if _, said, err := export("-h"); !errors.Is(err, flag.ErrHelp) || !strings.Contains(said, "with-secrets") {
		t.Errorf("%v: %s", err, said)
	}

	printed, _, err := export("-out", "-", "/accounts")
	var archive har.HAR
	if err != nil || json.Unmarshal([]byte(printed), &archive) != nil || len(archive.Log.Entries) != 1 || archive.Log.Entries[0].Step != "step of /accounts" {
		t.Errorf("%v: %s", err, printed)
	}
	out := t.TempDir()
	for form, count := range map[string]int{"har": 1, "postman": 2, "http": 1, "curl": 2} {
		printed, _, err := export("-out", out, "-as", form, "-flow", "f")
		if err != nil || len(strings.Fields(printed)) != count {
			t.Errorf("%s: %v: %s", form, err, printed)
		}
	}
	if _, _, err := export("-out", out, "-flow", "f"); exitCode(err) != exitFailed {
		t.Errorf("a file was written over: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err != nil || strings.Contains(string(content), "the-client's") {
			t.Errorf("%v, or %s holds a secret", err, file)
		}
	}

	printed, said, err := export("-out", out, "-with-secrets", "-flow", "f")
	content, readErr := os.ReadFile(strings.TrimSpace(printed))
	if err != nil || readErr != nil || !strings.Contains(printed, "with-secrets") || !strings.Contains(said, "password") {
		t.Fatalf("%v, %v: %s %s", err, readErr, printed, said)
	}
	if want := "client_secret=the-client%27s-secret&password=" + record.Redacted; !strings.Contains(string(content), want) {
		t.Errorf("%s does not hold %s", content, want)
	}
}
