package quirk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/storage"
)

// quirks are those of a store with one environment that names a bank.
func newQuirks(t *testing.T) *Quirks {
	t.Helper()
	store := fresh.Store(t, time.Now)
	if err := store.PutEnvironment(t.Context(), storage.Environment{ID: "e", Name: "E", Banks: []storage.Bank{{ID: "b", BIC: "BANKDEB0", Name: "Bank"}}}); err != nil {
		t.Fatal(err)
	}
	return New(Config{Store: store, Now: time.Now, Flush: func(context.Context) error { return nil }})
}

// file is a profile with the cards of the bank, as JSON.
func file(cards ...string) string {
	return `{"format":"consentry-quirk-profile","version":1,"banks":[{"id":"other","bic":"BANKDEB0","name":"Theirs","cards":[` + strings.Join(cards, ",") + `]}]}`
}

// TestHostileProfiles reads files that no Consentry has written: none gets anything in but values of
// its kinds and notes that are fit to be shown, and each says what was left out.
func TestHostileProfiles(t *testing.T) {
	q := newQuirks(t)
	const quota = `{"kind":"quota","values":["4"],"times":3}`
	many := strings.Repeat(quota+",", 200) + quota
	for name, row := range map[string]struct {
		file    string
		refused string // the code of why it is not taken; empty: it is
		taken   int    // cards
		left    []string
	}{
		"a profile":               {file(quota, `{"kind":"approach","values":["redirect","embedded"],"byHand":true,"note":"Seen in March"}`), "", 2, nil},
		"nothing":                 {"", failure.NotAProfile, 0, nil},
		"no JSON":                 {"PK\x03\x04", failure.NotAProfile, 0, nil},
		"another JSON":            {`{"log":{"version":"1.2"}}`, failure.NotAProfile, 0, nil},
		"a list":                  {`[1]`, failure.NotAProfile, 0, nil},
		"other types":             {`{"format":"consentry-quirk-profile","version":"1","banks":{}}`, failure.NotAProfile, 0, nil},
		"deep":                    {strings.Repeat(`{"banks":[`, 50_000), failure.NotAProfile, 0, nil},
		"a later version":         {`{"format":"consentry-quirk-profile","version":2,"banks":[]}`, failure.ProfileVersion, 0, nil},
		"no version":              {`{"format":"consentry-quirk-profile","banks":[]}`, failure.ProfileVersion, 0, nil},
		"no banks":                {`{"format":"consentry-quirk-profile","version":1}`, failure.ProfileEmpty, 0, nil},
		"too many banks":          {`{"format":"consentry-quirk-profile","version":1,"banks":[` + strings.Repeat("{},", mostProfiled) + `{}]}`, failure.ProfileTooMany, 0, nil},
		"too large":               {file(quota) + strings.Repeat(" ", MaxProfile), failure.FileLarger, 0, nil},
		"another bank":            {strings.ReplaceAll(file(quota), "BANKDEB0", "ELSEWHER"), "", 0, []string{failure.BankElsewhere}},
		"a bank without an id":    {`{"format":"consentry-quirk-profile","version":1,"banks":[{"cards":[` + quota + `]}]}`, "", 0, []string{failure.BankElsewhere}},
		"a bank twice":            {strings.Replace(file(quota), `"banks":[`, `"banks":[{"id":"b","cards":[]},`, 1), "", 0, []string{failure.BankTwice}},
		"a card twice":            {file(quota, `{"kind":"quota","values":["5"]}`), "", 1, []string{failure.KindTwice}},
		"a card many times":       {file(many), "", 1, []string{failure.KindTwice}},
		"an unknown kind":         {file(quota, `{"kind":"<script>","values":["x"]}`), "", 1, []string{failure.KindUnknown}},
		"an unknown value":        {file(quota, `{"kind":"approach","values":["DE89370400440532013000"]}`), "", 1, []string{failure.ValueUnknown}},
		"no value":                {file(quota, `{"kind":"approach","values":[]}`), "", 1, []string{failure.ValueUnknown}},
		"several where one can":   {file(quota, `{"kind":"signs","values":["signed","unsigned"]}`), "", 1, []string{failure.ValueUnknown}},
		"a number out of bounds":  {file(`{"kind":"quota","values":["99999999999999999999"]}`), "", 0, []string{failure.ValueUnknown}},
		"a number with a sign":    {file(`{"kind":"quota","values":["+4"]}`), "", 0, []string{failure.ValueUnknown}},
		"very many values":        {file(`{"kind":"approach","values":["` + strings.Repeat(`redirect","`, 2000) + `redirect"]}`), "", 0, []string{failure.ValueUnknown}},
		"an account number":       {file(`{"kind":"quota","values":["4"],"note":"Of DE89 3704 0044 0532 0130 00"}`), "", 1, []string{failure.NoteWithNumber}},
		"a secret":                {file(`{"kind":"quota","values":["4"],"note":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIi"}`), "", 1, []string{failure.NoteWithSecret}},
		"a note of another order": {file(`{"kind":"quota","values":["4"],"note":"\u202eabc"}`), "", 1, []string{failure.NotShowable}},
		"a long note":             {file(`{"kind":"quota","values":["4"],"note":"` + strings.Repeat("ab ", 200) + `"}`), "", 1, []string{failure.LongerThan}},
		"a name with controls":    {strings.Replace(strings.Replace(file(quota), "Theirs", `\u0000\u202e`+strings.Repeat("x", 500), 1), "BANKDEB0", "ELSEWHER", 1), "", 0, []string{failure.BankElsewhere}},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := q.PlanImport(t.Context(), "e", []byte(row.file))
			var refused *failure.Error
			if errors.As(err, &refused) {
				if code := refused.Fields["file"].Code; code != row.refused {
					t.Errorf("refused for %s, want %q", code, row.refused)
				}
				return
			}
			if err != nil || row.refused != "" {
				t.Fatalf("not refused: %v", err)
			}
			changed, _, _ := plan.Count()
			if changed != row.taken || len(plan.LeftOut) == 0 != (len(row.left) == 0) || len(plan.LeftOut) > mostNamed {
				t.Errorf("%d cards, left out %+v", changed, plan.LeftOut)
			}
			for i, why := range row.left {
				if plan.LeftOut[i].Why.Code != why || len([]rune(plan.LeftOut[i].Bank)) > mostName+1 || strings.ContainsAny(plan.LeftOut[i].Bank, "\x00\u202e") {
					t.Errorf("left out %+v, want %s", plan.LeftOut[i], why)
				}
			}
			for _, card := range plan.Banks {
				for _, one := range card.Cards {
					if one.Profile.Note != "" && one.Profile.Note != "Seen in March" {
						t.Errorf("a note came in: %q", one.Profile.Note)
					}
				}
			}
		})
	}
}

// TestCorrections keeps what can be, says at its field what cannot, and takes back.
func TestCorrections(t *testing.T) {
	q := newQuirks(t)
	for _, row := range []struct {
		kind   Kind
		values []string
		note   string
		wrong  string // the fields that are wrong
	}{
		{Period, []string{" 180 "}, "Told by them", ""},
		{Period, []string{"0"}, "", "value"},
		{Period, []string{"a while"}, "Call +49 170 1234567", "note value"},
		{Signs, []string{"unsigned"}, "", ""},
		{Signs, []string{"signed", "unsigned"}, "", "value"},
		{Signs, nil, "", "value"},
		{Approach, []string{"embedded", "redirect", "redirect"}, "", ""},
		{Approach, []string{"embedded", "none"}, "", "value"},
		{Approach, []string{"embedded"}, "client secret Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5", "note"},
	} {
		err := q.Correct(t.Context(), "e", "b", row.kind, row.values, row.note)
		var refused *failure.Error
		wrong := ""
		if errors.As(err, &refused) {
			var fields []string
			for _, name := range []string{"note", "value"} {
				if refused.Fields[name].Given() {
					fields = append(fields, name)
				}
			}
			wrong = strings.Join(fields, " ")
		} else if err != nil {
			t.Fatal(err)
		}
		if wrong != row.wrong {
			t.Errorf("%s %q, %q: wrong %q, want %q", row.kind, row.values, row.note, wrong, row.wrong)
		}
	}
	deck, err := q.Bank(t.Context(), "e", "b")
	if err != nil || len(deck.Cards) != 3 || deck.Bank != "Bank" {
		t.Fatalf("%+v, %v", deck, err)
	}
	if says, from := deck.Card(Approach).Says(); from != ByHand || fmt.Sprint(says) != "[redirect embedded]" {
		t.Errorf("%v by %s", says, from)
	}
	if err := q.TakeBack(t.Context(), "e", "b", Approach, ByHand); err != nil {
		t.Fatal(err)
	}
	if deck, err = q.Bank(t.Context(), "e", "b"); err != nil || len(deck.Cards) != 2 {
		t.Errorf("taken back: %+v, %v", deck, err)
	}
	if err := q.Correct(t.Context(), "e", "b", "nothing", []string{"x"}, ""); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("of no kind: %v", err)
	}
	if err := q.Correct(t.Context(), "none", "b", Signs, []string{"signed"}, ""); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("in no environment: %v", err)
	}
}

// TestProfileNamesNobody leaves out of a profile a note in which an account's holder is named, and
// says how many.
func TestProfileNamesNobody(t *testing.T) {
	for note, out := range map[string]bool{"Ask Lindqvist": true, "ASTRID LINDQVIST knows": true, "Seen in March": false,
		"Lind\u200bqvist": true, "Líndqvist": true, "Ｌindqvist": true, "astrid\u00a0lindqvist": true} {
		if got := unfit(note, []string{"", "Astrid Lindqvist", "Astrid", "Lindqvist"}) != ""; got != out {
			t.Errorf("%q is left out: %t", note, got)
		}
	}
	q := newQuirks(t)
	if err := q.Correct(t.Context(), "e", "b", Signs, []string{"unsigned"}, "Seen in March"); err != nil {
		t.Fatal(err)
	}
	made, err := q.Profile(t.Context(), "e", "")
	var read profile
	if err != nil || json.Unmarshal(made.File, &read) != nil || len(read.Banks) != 1 || read.Banks[0].BIC != "BANKDEB0" || read.Banks[0].Cards[0].Note != "Seen in March" || read.NotesOut != 0 {
		t.Errorf("%s, %+v, %v", made.File, read.NotesOut, err)
	}
}

// TestUnfitAsItIsRead finds numbers and secrets also where they are written with what is not seen, or in figures,
// blanks and dashes of other kinds.
func TestUnfitAsItIsRead(t *testing.T) {
	for note, want := range map[string]string{
		"12\u00a034\u00a056\u00a078": failure.NoteWithNumber, "12\u201134\u201156\u201178": failure.NoteWithNumber, "1234\u200b5678": failure.NoteWithNumber, "１２３４５６７８": failure.NoteWithNumber, "١٢٣٤٥٦٧٨": failure.NoteWithNumber,
		"ＤＥ89 abcd efgh": failure.NoteWithNumber, "eyJhbGciOiJI\u200dUzI1NiJ9eyJz": failure.NoteWithSecret, "نمی\u200cدانم ۹۰": "", "Überweisung – 90 Tage": "", "2026": "",
	} {
		if got := unfit(note, nil); got != want {
			t.Errorf("%q: %q, want %q", note, got, want)
		}
	}
	if got := shown("Ba\u200bnk\u202e \U000e0041\u200f!"); got != "Bank !" {
		t.Errorf("shown as %q", got)
	}
}
