package verdict

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"consentry/xs2a/conformance"
)

// TestDescribedByAddress finds each operation by an address that asks for it, whatever stands
// before, and 62 of them among what people asked for.
func TestDescribedByAddress(t *testing.T) {
	wanted := 0
	for _, group := range Groups {
		for _, name := range group.Operations {
			if !group.Further {
				wanted++
			}
			method, path, _ := strings.Cut(name, " ")
			path = strings.ReplaceAll(path, "{service}", "periodic-payments")
			path = regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(path, "7-a")
			if got := describedAs(group.Dialect, method, "https://b.example/some/where/v1"+path+"?dateFrom=2026-01-01"); got != name {
				t.Errorf("%s: %s is %q", group.Name, name, got)
			}
		}
	}
	if wanted != 62 {
		t.Errorf("%d operations", wanted)
	}
	for _, address := range []string{"https://b.example/oauth/token", "https://b.example/v1/signing-baskets/7", "https://b.example", "https://b.example/", "%"} {
		if got := describedAs("berlingroup", "GET", address); got != "" {
			t.Errorf("%s is %q", address, got)
		}
	}
	if got := describedAs("bankofgeorgia", "GET", "https://b.example/v1/consents/7/authorizations/8"); got != "GET /consents/{id}/authorisations/{id}" {
		t.Errorf("with a z: %q", got)
	}
}

// TestDescribedInJUnit: what was seen and is held to a definition passed, all else was skipped,
// with the reason; a library of another hand reads it.
func TestDescribedInJUnit(t *testing.T) {
	seen := described{}
	for dialect, address := range map[string]string{"berlingroup": "/v1/accounts", "saltedge": "/v1/accounts/refresh/status", "openpayments": "/v1/aspsps"} {
		seen.count(dialect, "GET", address)
	}
	seen.count("saltedge", "GET", "/v1/accounts")
	report := Report{Interfaces: seen.interfaces(func(dialect string) bool { return dialect == "berlingroup" || dialect == "saltedge" })}
	if got, all := report.Described(); got != 4 || all != 62 {
		t.Errorf("%d of %d were seen", got, all)
	}
	if last := report.Interfaces[3]; last.Spoken || !report.Interfaces[0].Spoken || !report.Interfaces[1].Spoken {
		t.Errorf("the last is %+v", last)
	}
	var file bytes.Buffer
	if err := report.WriteJUnit(&file); err != nil {
		t.Fatal(err)
	}
	suites, err := junit.Ingest(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, suite := range suites {
		for _, test := range suite.Tests {
			said[test.Classname+" "+test.Name] = string(test.Status) + " " + test.Message
		}
	}
	for name, want := range map[string]string{
		"described.berlingroup GET /accounts":             "passed ",
		"described.berlingroup GET /card-accounts":        "skipped not seen",
		"described.openpayments GET /aspsps":              "skipped not of this dialect",
		"described.saltedge GET /accounts":                "skipped seen 1 times; the requests were held to the definition, the answers have words of their own",
		"described.saltedge GET /accounts/refresh/status": "skipped seen 1 times; no official definition has it",
	} {
		if said[name] != want {
			t.Errorf("%s: %q, want %q", name, said[name], want)
		}
	}
	if len(said) != 62+37 {
		t.Errorf("%d operations", len(said))
	}
	if got := conformance.Holds("bankofgeorgia", "/banking/products/{locale}"); got != conformance.HoldsNothing {
		t.Errorf("products are held: %s", got)
	}
}
