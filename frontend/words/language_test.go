package words

import (
	"strings"
	"testing"
)

// A language tells numbers apart in its own way: Polish has three forms where
// English has two.
func TestPluralOfTheLanguage(t *testing.T) {
	polish, err := Read("pl.json", []byte(`{
		"%d accounts": {"description": "on the overview", "one": "%d konto", "few": "%d konta", "many": "%d kont", "other": "%d konta"},
		"%d banks": {"other": "%d (banki)"},
		"Overview": "Przegląd"
	}`))
	if err != nil {
		t.Fatal(err)
	}
	ctx := With(t.Context(), polish)
	for n, want := range map[int]string{0: "0 kont", 1: "1 konto", 2: "2 konta", 5: "5 kont", 12: "12 kont", 22: "22 konta", 111: "111 kont", -3: "-3 konta"} {
		if said := N(ctx, n, "%d account", "%d accounts"); said != want {
			t.Errorf("%d: %q, not %q", n, said, want)
		}
	}
	for said, want := range map[string]string{
		N(ctx, 3, "%d bank", "%d banks"):       "3 (banki)", // the one form there is
		N(ctx, 1, "%d day", "%d days"):         "1 day",     // none: English
		N(ctx, 3, "%d day", "%d days"):         "3 days",
		T(ctx, "Overview"):                     "Przegląd",
		T(ctx, "%s, %s", "a", "b"):             "a, b",
		N(t.Context(), 1, "%d day", "%d days"): "1 day",
	} {
		if said != want {
			t.Errorf("%q, not %q", said, want)
		}
	}
	if polish.Tag() != "pl" {
		t.Error(polish.Tag())
	}
}

// A soft hyphen of a catalogue is there for the place that asks for it, and nowhere else.
func TestDivided(t *testing.T) {
	german, err := Read("de.json", []byte(`{"Settings": "Einstel\u00adlungen", "%d settings": {"one": "%d Einstel\u00adlung", "other": "%d Einstel\u00adlungen"}}`))
	if err != nil {
		t.Fatal(err)
	}
	ctx := With(t.Context(), german)
	for said, want := range map[string]string{
		T(ctx, "Settings"):                     "Einstellungen",
		Divided(ctx, "Settings"):               "Einstel\u00adlungen",
		Divided(ctx, "Banks"):                  "Banks",
		Divided(t.Context(), "Settings"):       "Settings",
		N(ctx, 2, "%d setting", "%d settings"): "2 Einstellungen",
	} {
		if said != want {
			t.Errorf("%q, not %q", said, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, text := range map[string]string{"nowhere-at-all.json": `{}`, "sv.json": `{"Overview": 7}`, "da.json": `{"Overview"`} {
		if _, err := Read(name, []byte(text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLanguages(t *testing.T) {
	all, err := All()
	if err != nil || len(all) == 0 || all[0] != english {
		t.Error(all, err)
	}
}
