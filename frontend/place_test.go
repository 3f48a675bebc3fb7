package frontend

import (
	"net/url"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/holding"
	"consentry/storage"
)

func TestPlace(t *testing.T) {
	for address, want := range map[string]holding.Place{
		"":                             {},
		"after=42":                     {After: 42},
		"before=42":                    {Before: 42},
		"day=2026-11-19":               {After: storage.EndOf("2026-11-19")},
		"day=2026-02-30":               {},
		"day=%3Cscript%3E":             {},
		"after=42&day=2026-11-19":      {After: 42},
		"before=42&day=2026-11-19&q=x": {Before: 42},
	} {
		asked, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := placeOf(asked); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", address, got, err, want)
		}
	}
	for _, wrong := range []string{"2026-11-19", "2026-11-19.42", "0", "-1", strings.Repeat("9", 99)} {
		for _, name := range []string{"after", "before"} {
			if _, err := placeOf(url.Values{name: {wrong}}); !app.NotFound(err) {
				t.Errorf("%s=%s: %v, want not found", name, wrong, err)
			}
		}
	}
	if day := storage.EndOf("2026-11-19"); day.Date() != "2026-11-20" {
		t.Errorf("behind a day is %s", day.Date())
	}
}
