package main

import (
	"strings"
	"testing"
)

// english are texts of each kind.
var english = entries{
	"Overview": {"other": "Overview"}, "%s of %d": {"other": "%s of %d"}, "%d accounts": {"one": "%d account", "other": "%d accounts"}, "IBAN": {"other": "IBAN"},
	"%[2]s do not go on.": {"one": "%[2]s does not go on.", "other": "%[2]s do not go on."}, "2 Jan 2006": {"other": "2 Jan 2006"}, "%d %%": {"other": "%d %%"},
	"Sun Mon Tue Wed Thu Fri Sat": {"other": "Sun Mon Tue Wed Thu Fri Sat"}, "abcdefghijklmnopqrstuvwxyz": {"other": "abcdefghijklmnopqrstuvwxyz"}, "%s, %s": {"other": "%s, %s"},
}

// whole is a catalogue in which nothing is amiss.
const whole = `{"Overview": "Översikt", "%s of %d": "%[2]d, varav %[1]s", "%d accounts": {"one": "%d konto", "other": "%d konton"}, "IBAN": "IBAN",
	"%[2]s do not go on.": {"one": "%[2]s går inte vidare.", "other": "%[2]s går inte vidare alls."}, "2 Jan 2006": "2 Jan 2006", "%d %%": "%d %%",
	"Sun Mon Tue Wed Thu Fri Sat": "sön mån tis ons tor fre lör", "abcdefghijklmnopqrstuvwxyz": "abcdefghijklmnopqrstuvwxyzåäö", "%s, %s": "%s, %s"}`

// TestCompare finds in a catalogue what is not as it should be, and nothing in one that is whole.
func TestCompare(t *testing.T) {
	t.Parallel()
	names := same{"*": {"IBAN"}, "sv": nil}
	if err := compare("sv", []byte(whole), english, names); err != nil {
		t.Errorf("a whole catalogue: %v", err)
	}
	for _, test := range []struct{ from, to, finds string }{
		{`"Overview": "Översikt", `, ``, `"Overview" is not there`},
		{`{"Overview"`, `{"Other": "Annan", "Overview"`, `"Other" is said by nothing`},
		{`"Översikt"`, `"Overview"`, `is English still`},
		{`"Översikt"`, `" "`, `says nothing`},
		{`"Översikt"`, `"Översikt "`, `other blanks`},
		{`"Översikt"`, `7`, `neither a text nor forms`},
		{`"Översikt"`, `"Översikt %s"`, `arguments`},
		{`%[2]d, varav %[1]s`, `%d, varav %s`, `arguments ["1d" "2s"], not ["1s" "2d"]`},
		{`%[2]d, varav %[1]s`, `varav %s`, `arguments`},
		{`{"one": "%d konto", "other": "%d konton"}`, `"%d konton"`, `has the forms ["other"], not ["one" "other"]`},
		{`"one": "%d konto",`, `"one": "ett konto",`, `arguments`},
		{`"one": "%d konto",`, `"one": "%d konto", "few": "%d konta",`, `has the forms`},
		{`"2 Jan 2006": "2 Jan 2006"`, `"2 Jan 2006": "2 January"`, `parts`},
		{`sön mån tis ons tor fre lör`, `sön mån tis ons tor fre`, `has 6 names, not 7`},
		{`zåäö`, `zÅ`, `no alphabet`},
		{`zåäö`, `zaå`, `no alphabet`},
		{`"%d %%": "%d %%"`, `"%d %%": "%%"`, `arguments`},
	} {
		broken := strings.Replace(whole, test.from, test.to, 1)
		if broken == whole {
			t.Fatalf("%q is not in the catalogue", test.from)
		}
		if err := compare("sv", []byte(broken), english, names); err == nil || !strings.Contains(err.Error(), test.finds) {
			t.Errorf("%s for %s: %v", test.to, test.from, err)
		}
	}
	if err := compare("nowhere-at-all", []byte(whole), english, names); err == nil {
		t.Error("a catalogue of no language is taken")
	}
}

// TestPluralForms are those of CLDR.
func TestPluralForms(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"sv": "one other", "de": "one other", "ka": "one other", "pl": "few many one", "ja": "other"} {
		if got, err := pluralForms(tag); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v", tag, got, err)
		}
	}
}

// TestLacking lists what is left to translate, in the form of a catalogue.
func TestLacking(t *testing.T) {
	t.Parallel()
	left, err := lacking([]byte(`{"Overview": "Översikt"}`), entries{"Overview": {"other": "Overview"}, "%d accounts": {"one": "%d account", "other": "%d accounts"}})
	if want := "{\n  \"%d accounts\": {\n    \"one\": \"%d account\",\n    \"other\": \"%d accounts\"\n  }\n}\n"; err != nil || string(left) != want {
		t.Errorf("%s, %v", left, err)
	}
}
