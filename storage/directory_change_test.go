package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/xs2a"
)

// changeText puts changes into words.
func changeText(changes []DirectoryChange) string {
	var all []string
	for _, c := range changes {
		one := fmt.Sprintf("%s %s", c.Kind, c.Name)
		if len(c.Before)+len(c.After) > 0 {
			one += fmt.Sprintf(" %q %q", c.Before, c.After)
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}

// TestDirectoryChanges reads a directory again and again.
func TestDirectoryChanges(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	addConsent(t, s) // of NRSKSESS in e
	bank := func(bic, name string) xs2a.ASPSP { return xs2a.ASPSP{BIC: bic, Name: name} }
	norrsken, fjord, vidda := bank("NRSKSESS", "Norrsken Bank"), bank("FJORNOKK", "Fjordbanken"), bank("VIDDNOKK", "Vidda")
	consent, err := s.Consents(ctx)
	if err != nil || len(consent) != 1 || consent[0].BIC != norrsken.BIC {
		t.Fatalf("%+v, %v", consent, err)
	}
	readings := func() []DirectoryReading {
		t.Helper()
		all, err := s.DirectoryReadings(ctx, "e", time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for _, step := range []struct {
		name   string
		banks  []xs2a.ASPSP
		want   string // of the latest reading; empty: none came
		listed int
		fails  error
	}{
		{"the first differs from none", []xs2a.ASPSP{norrsken, fjord}, "", 2, nil},
		{"the same again", []xs2a.ASPSP{fjord, norrsken}, "", 2, nil},
		{"one comes, one goes", []xs2a.ASPSP{norrsken, vidda}, "new Vidda, gone Fjordbanken", 2, nil},
		{"nothing at all is not believed", nil, "", 2, ErrEmptyDirectory},
		{"another name, named twice", []xs2a.ASPSP{norrsken, vidda, bank("VIDDNOKK", "Vidda Bank")}, `renamed Vidda Bank ["Vidda"] ["Vidda Bank"]`, 2, nil},
		{"one with a consent goes", []xs2a.ASPSP{vidda}, `gone Norrsken Bank, renamed Vidda ["Vidda Bank"] ["Vidda"]`, 1, nil},
		{"which is told once", []xs2a.ASPSP{vidda}, "", 1, nil},
		{"and comes back", []xs2a.ASPSP{vidda, norrsken}, "new Norrsken Bank", 2, nil},
	} {
		before := len(readings())
		if err := s.ReplaceDirectory(ctx, "e", Directory{ASPSPs: step.banks}); !errors.Is(err, step.fails) {
			t.Fatalf("%s: %v", step.name, err)
		}
		after := readings()
		if got := len(after) - before; (got == 1) != (step.want != "") {
			t.Fatalf("%s: %d readings more: %+v", step.name, got, after)
		}
		if step.want != "" && changeText(after[0].Changes) != step.want {
			t.Errorf("%s: %s, want %s", step.name, changeText(after[0].Changes), step.want)
		}
		if banks, err := s.ASPSPs(ctx, ASPSPQuery{}); err != nil || len(banks) != step.listed {
			t.Errorf("%s: %d banks are listed, want %d (%v)", step.name, len(banks), step.listed, err)
		}
		gone, err := s.ASPSP(ctx, "e", norrsken.BIC)
		if err != nil || gone.GoneAt.IsZero() != (step.name != "one with a consent goes" && step.name != "which is told once") {
			t.Errorf("%s: Norrsken is gone since %v (%v)", step.name, gone.GoneAt, err)
		}
	}
}

// TestDirectoryChangesAreBounded keeps so many readings, and of each so many changes.
func TestDirectoryChangesAreBounded(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	addConsent(t, s)
	for round := range mostDirectoryReadings + 3 {
		var banks []xs2a.ASPSP
		for i := range mostDirectoryChanges + 20 {
			banks = append(banks, xs2a.ASPSP{BIC: fmt.Sprintf("BANK%04d", i), Name: fmt.Sprintf("Bank %d of round %d", i, round)})
		}
		if err := s.ReplaceDirectory(ctx, "e", Directory{ASPSPs: banks}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.DirectoryReadings(ctx, "e", time.Time{})
	if err != nil || len(all) != mostDirectoryReadings {
		t.Fatalf("%d readings, %v", len(all), err)
	}
	for _, reading := range all {
		if len(reading.Changes) != mostDirectoryChanges || reading.LeftOut != 20 {
			t.Fatalf("%d changes, %d left out", len(reading.Changes), reading.LeftOut)
		}
	}
	last := fmt.Sprintf("round %d", mostDirectoryReadings+2)
	if !strings.Contains(all[0].Changes[0].Name, last) {
		t.Errorf("the latest is %q, want of %s", all[0].Changes[0].Name, last)
	}
}

// TestChangedDetails tells products and approaches apart as sets: their order, and that none is told, is
// no change.
func TestChangedDetails(t *testing.T) {
	of := func(products, methods string) xs2a.ASPSPDetails {
		d := xs2a.ASPSPDetails{Products: strings.Fields(products)}
		d.Name = "A"
		for _, name := range strings.Fields(methods) {
			d.Methods = append(d.Methods, xs2a.SCAMethod{Name: name})
		}
		return d
	}
	for name, test := range map[string]struct {
		before, after xs2a.ASPSPDetails
		want          []DirectoryChangeKind
	}{
		"the same":      {of("a b", "OAuth2"), of("a b", "OAuth2"), nil},
		"another order": {of("a b", "OAuth2 Decoupled"), of("b a a", "Decoupled OAuth2"), nil},
		"one more":      {of("a", "OAuth2"), of("a b", "OAuth2"), []DirectoryChangeKind{BankProducts}},
		"both":          {of("a", "OAuth2"), of("b", "Decoupled"), []DirectoryChangeKind{BankProducts, BankApproaches}},
		"left out":      {of("a", "OAuth2"), of("", ""), nil},
		"told at last":  {of("", ""), of("a", "OAuth2"), nil},
	} {
		var got []DirectoryChangeKind
		for _, change := range changedDetails("X", test.before, test.after) {
			got = append(got, change.Kind)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
