package words

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// swedish is a small catalogue.
const swedish = `{
	"Overview": "Översikt",
	"%d accounts": {"one": "%d konto", "other": "%d konton"},
	"2 Jan 2006": "2 Jan 2006",
	"January 2006": "January 2006",
	"Monday 2 January": "Monday 2 January",
	"January February March April May June July August September October November December": "januari februari mars april maj juni juli augusti september oktober november december",
	"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec": "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
	"Sunday Monday Tuesday Wednesday Thursday Friday Saturday": "söndag måndag tisdag onsdag torsdag fredag lördag",
	"The name of this language in itself": "Svenska"
}`

// TestPacked says the same out of the program as out of the catalogue's file.
func TestPacked(t *testing.T) {
	t.Parallel()
	georgian := `{"Overview": "მიმოხილვა", "%d accounts": {"one": "%d ანგარიში", "other": "%d ანგარიში"}, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec": "იან."}`
	archive, err := Pack(map[string][]byte{"sv": []byte(swedish), "ka": []byte(georgian)})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Pack(map[string][]byte{"ka": []byte(georgian), "sv": []byte(swedish)})
	if err != nil || string(again) != string(archive) {
		t.Error("it is packed otherwise the second time", err)
	}
	unpacked, err := unpack(string(archive))
	if err != nil || len(unpacked) != 2 {
		t.Fatal(unpacked, err)
	}
	all := append(Languages{english}, unpacked...)
	on := time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct{ tag, overview, one, two, short, month, day, name string }{
		{"en", "Overview", "1 account", "2 accounts", "4 May 2026", "May 2026", "Monday 4 May", "English"},
		{"sv", "Översikt", "1 konto", "2 konton", "4 maj 2026", "maj 2026", "måndag 4 maj", "Svenska"},
		{"ka", "მიმოხილვა", "1 ანგარიში", "2 ანგარიში", "4 May 2026", "May 2026", "Monday 4 May", "ka"}, // with a list of months that is not whole
	} {
		l := all.Named(test.tag)
		ctx := With(t.Context(), l)
		for want, got := range map[string]string{
			test.overview: T(ctx, "Overview"), test.one: N(ctx, 1, "%d account", "%d accounts"), test.two: N(ctx, 2, "%d account", "%d accounts"),
			test.short: Date(ctx, on, "2 Jan 2006"), test.month: Date(ctx, on, "January 2006"), test.day: Date(ctx, on, "Monday 2 January"), test.name: l.Name(),
		} {
			if got != want {
				t.Errorf("%s: %q, not %q", test.tag, got, want)
			}
		}
	}
}

// TestAll reads all that is part of the program.
func TestAll(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil || all[0] != english {
		t.Fatal(all, err)
	}
	for _, l := range all[1:] {
		if len(l.texts()) == 0 || l.Name() == "" {
			t.Errorf("%s says nothing", l.Tag())
		}
	}
}

// TestWanted takes the language somebody reads best, and none where they read none of these.
func TestWanted(t *testing.T) {
	t.Parallel()
	all := Languages{english}
	for _, tag := range []string{"sv", "de", "ka", PseudoTag} {
		l, err := Read(tag+".json", []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	for wanted, want := range map[string]string{
		"de-AT,de;q=0.9,en;q=0.8": "de", "en-GB": "en", "en-DE": "en", "sv-FI, fi;q=0.5": "sv", "fi-FI,fi;q=0.9,sv;q=0.8,en;q=0.7": "sv",
		"ka-GE": "ka", "nb-NO": "", "ja, fr": "", "": "", "*": "", "not a header;;": "", PseudoTag: PseudoTag, "en;q=0.2, ka": "ka",
	} {
		got := ""
		if l := all.Wanted(wanted); l != nil {
			got = l.Tag()
		}
		if got != want {
			t.Errorf("%q: %q, not %q", wanted, got, want)
		}
	}
}

// TestWithFolder has catalogues of a folder take the place of those in the program, and English stay.
func TestWithFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "[no pattern]")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"sv.json": swedish, "pl.json": `{"Overview": "Przegląd"}`, "en.json": `{"Overview": "Otherwise"}`} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, err := Read("sv.json", []byte(`{"Overview": "Förut"}`))
	if err != nil {
		t.Fatal(err)
	}
	all, err := (Languages{english, before}).WithFolder(folder)
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	for tag, want := range map[string]string{"en": "Overview", "sv": "Översikt", "pl": "Przegląd"} {
		if got := T(With(t.Context(), all.Named(tag)), "Overview"); got != want {
			t.Errorf("%s: %q", tag, got)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "de.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := all.WithFolder(folder); err == nil {
		t.Error("a broken catalogue is taken in silence")
	}
}

// TestPseudo puts what is ours in brackets, and what is handed to it outside.
func TestPseudo(t *testing.T) {
	t.Parallel()
	made, err := Pseudo([]byte(`{
		"At %s, by %[2]s.": "At %s, by %[2]s.", "%s, %s": "%s, %s", "%d accounts": {"one": "%d account", "other": "%d accounts"}, "2 Jan 2006": "2 Jan 2006",
		"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"}`))
	if err != nil {
		t.Fatal(err)
	}
	l, err := Read(PseudoTag+".json", made)
	if err != nil {
		t.Fatal(err)
	}
	ctx := With(t.Context(), l)
	for want, got := range map[string]string{
		"[Ààţ] Norrsken[, bý] Astrid.": T(ctx, "At %s, by %[2]s.", "Norrsken", "Astrid"), "a, b": T(ctx, "%s, %s", "a", "b"),
		"1 [ààççôôûûñţ]": N(ctx, 1, "%d account", "%d accounts"), "[4 Mààý 2026]": Date(ctx, time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC), "2 Jan 2006"),
		"1,234": Figure(ctx, 1234),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestKinds tells what a translation has to keep.
func TestKinds(t *testing.T) {
	t.Parallel()
	for text, want := range map[Text]Kind{
		"2 January 2006": Layout, "Jan": Layout, "Monday 2 January 2006, 15:04": Layout, "Overview": Sentence, "2": Layout, "": Sentence, "%d days left": Sentence,
		months: NameList, shortWeekdays: NameList, alphabet: Alphabet, "Step 2 of 3": Sentence, ", ": Sentence,
	} {
		if got := KindOf(text); got != want {
			t.Errorf("%q: %d, not %d", text, got, want)
		}
	}
}
