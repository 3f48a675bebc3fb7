package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// presentedSecrets are names and numbers that nobody is to see in presenter mode.
var presentedSecrets = []string{"Karin Överby", "Överby", "SE4550000000058398257466", "SE45 5000 0000 0583 9825 7466"}

// presentedFolder is a data folder in which they stand: as transactions, in exchanges, and in the answers of an interface
// that departs from its definition.
func presentedFolder(t *testing.T) (dir string, present func(app.Presenting)) {
	t.Helper()
	bank := newOneAccountBank(t)
	odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", r.Header.Get("X-Request-Id"))
		body := `{"countries":[{"isoCountryCode":"Karin Överby, SE4550000000058398257466, 4321.77","name":"Sweden"}],"cities":[],"aspsps":[]}`
		if r.Method == http.MethodPost {
			body = `{"access_token":"token-of-the-tpp","token_type":"Bearer","expires_in":3600}`
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(odd.Close)
	dir = consentsOf(t, bank)
	if code, said := ran(t, "update", "-data", dir, "-sandbox=false", "valid"); code != 0 {
		t.Fatalf("ended with %d\n%s", code, said)
	}
	in := func(do func(store *storage.Store) error) {
		t.Helper()
		key, err := secret.Load(dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		store, err := storage.Open(t.Context(), dir, key, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if err := do(store); err != nil {
			t.Fatal(err)
		}
	}
	in(func(store *storage.Store) error {
		e := record.Exchange{FlowID: "f", Step: "getTransactions", Started: time.Now(), Method: "GET", URL: bank.URL + "/v1/accounts/to%2CKarin%20%C3%96verby%2FSE4550000000058398257466%2C?iban=SE4550000000058398257466", Status: 200}
		e.Answer = record.Message{Header: []record.HeaderField{{Name: "Content-Type", Value: "application/json"}}, Body: `{"creditorName":"Karin Överby","amount":"4321.77","text":"To\nKarin Överby,\tSE4550000000058398257466\u002cKarin Överby"}`}
		if err := store.AddExchange(t.Context(), e); err != nil {
			return err
		}
		return store.PutEnvironment(t.Context(), storage.Environment{ID: "odd", Name: "Odd one", Identity: xs2a.Identity{ClientID: "tpp", ClientSecret: "hush"},
			Profile: xs2a.Profile{Dialect: "openpayments", Context: "private", APIURL: odd.URL + "/psd2", AuthURL: odd.URL}})
	})
	return dir, func(how app.Presenting) {
		in(func(store *storage.Store) error {
			banks := app.New(app.Config{Store: store})
			defer banks.Close()
			return banks.SetPresenting(t.Context(), how)
		})
	}
}

// TestCommandsArePresented searches the bytes of all that commands print and save in presenter mode for names and numbers, and finds
// them there outside of it.
func TestCommandsArePresented(t *testing.T) {
	dir, present := presentedFolder(t)
	said := func(args ...string) (code int, all string) {
		out := t.TempDir()
		for i := range args {
			args[i] = strings.Replace(args[i], "OUT", out, 1)
		}
		code, all = ran(t, args...)
		files, err := filepath.Glob(filepath.Join(out, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, ".json") && !json.Valid(content) {
				t.Errorf("%q: no JSON: %s", args, content)
			}
			all += filepath.Base(file) + "\n" + string(content)
		}
		return code, all
	}
	commands := map[string]struct {
		args []string
		code int
	}{
		"export as HAR":  {[]string{"export", "-data", dir, "-out", "OUT", "-flow", "f"}, 0},
		"export as curl": {[]string{"export", "-data", dir, "-out", "OUT", "-as", "curl", "-flow", "f"}, 0},
		"export by word": {[]string{"export", "-data", dir, "-out", "-", "Karin"}, 0},
		"check":          {[]string{"check", "-data", dir, "-sandbox=false", "-junit", "OUT/x.xml", "-json", "OUT/x.json", "odd"}, checkDeparts},
		"update":         {[]string{"update", "-data", dir, "-sandbox=false", "-v", "-json", "OUT/x.json", "valid"}, 0},
	}
	for name, command := range commands {
		code, all := said(append([]string{}, command.args...)...)
		if tells := strings.Contains(all, "Överby") || strings.Contains(all, "SE4550"); code != command.code || !tells && name != "update" {
			t.Errorf("%s: ended with %d, so that nothing is shown by the absence of names: %s", name, code, all)
		}
	}
	present(app.Presenting{On: true})
	for name, command := range commands {
		code, all := said(append([]string{}, command.args...)...)
		if code != command.code {
			t.Errorf("%s: ended with %d: %s", name, code, all)
		}
		for _, secret := range presentedSecrets {
			if strings.Contains(all, secret) || strings.Contains(all, strings.ReplaceAll(secret, "Ö", `\u00d6`)) {
				t.Errorf("%s: %s stands in\n%s", name, secret, all)
			}
		}
		if strings.HasPrefix(name, "export as") && !strings.Contains(all, "masked-consentry") {
			t.Errorf("%s: no file says that it is masked\n%s", name, all)
		}
	}
	if code, all := said("export", "-data", dir, "-out", "OUT", "-with-secrets", "-flow", "f"); code != exitFailed || !strings.Contains(all, "presenter mode is on") {
		t.Errorf("with secrets: ended with %d: %s", code, all)
	}
	present(app.Presenting{On: true, HideAmounts: true})
	for name, command := range commands {
		code, all := said(append([]string{}, command.args...)...)
		if strings.Contains(all, "4321.77") || name != "update" && (code == command.code || !strings.Contains(all, "presenter mode hides amounts")) {
			t.Errorf("%s: ended with %d: %s", name, code, all)
		}
	}
	if code, all := said("check", "-data", dir, "-sandbox=false", "odd"); code != checkDeparts || strings.Contains(all, "4321.77") || strings.Contains(all, "Överby") {
		t.Errorf("without a file: ended with %d: %s", code, all)
	}
}
