package storage

import (
	"fmt"
	"testing"

	"consentry/xs2a"
)

// TestOwnNames says of whom a name is.
func TestOwnNames(t *testing.T) {
	number := OwnName{Name: "Landlord", Number: "SE45 5000 0000 0583 9825 7466"}
	begins := func(words string) OwnName { return OwnName{Name: "Shop", Begins: words} }
	longer := OwnName{Name: "Shop in Nara", Begins: "ICA Nära"}
	out := func(name, account string) Transaction {
		return Transaction{Transaction: xs2a.Transaction{Amount: xs2a.Amount{Number: "-5", Currency: "SEK"}, CreditorName: name, CreditorAccount: account, DebtorName: "Me", DebtorAccount: "SE1"}}
	}
	in := out("Me", "SE1")
	in.Amount.Number, in.DebtorName, in.DebtorAccount = "5", "ICA AB", "SE4550000000058398257466"
	nameless := out("", "")
	nameless.DebtorName, nameless.Remittance = "", "ICA 4711 MALMÖ"
	for name, test := range map[string]struct {
		names []OwnName
		of    Transaction
		want  string
	}{
		"by number, however it is written":    {[]OwnName{number}, out("Anybody", "SE4550000000058398257466"), "Landlord"},
		"the person's own number is no name":  {[]OwnName{{Name: "Me", Number: "SE1"}}, out("Anybody", "SE2"), ""},
		"whoever sent it":                     {[]OwnName{begins("ica")}, in, "Shop"},
		"number before name":                  {[]OwnName{begins("ica"), number}, in, "Landlord"},
		"whole words":                         {[]OwnName{begins("ICA")}, out("Icarus", ""), ""},
		"marks and case":                      {[]OwnName{begins("ica nara")}, out("ICA NÄRA SOLNA", ""), "Shop"},
		"the longer beginning":                {[]OwnName{begins("ICA"), longer, begins("ica")}, out("ICA Nära Solna", ""), "Shop in Nara"},
		"its beginning only":                  {[]OwnName{begins("Solna")}, out("ICA Nära Solna", ""), ""},
		"more words than it has":              {[]OwnName{begins("ICA Nära")}, out("ICA", ""), ""},
		"what it is for, where none is named": {[]OwnName{begins("ICA")}, nameless, "Shop"},
		"nothing":                             {[]OwnName{{Name: "All"}, begins("·")}, out("ICA", ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NameOf(test.names, test.of); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestOwnNamesAreCounted counts the transactions of a name among others that have its words, too.
func TestOwnNamesAreCounted(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	f := Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
	for i := range 1200 {
		one := booked(fmt.Sprint(i), "2026-11-01", "-1", "Nära ICA")
		one.CreditorName = map[bool]string{true: "ICA Nära", false: "Nära"}[i%400 == 0]
		f.Booked = append(f.Booked, one)
	}
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	for begins, want := range map[string]int{"ICA nara": 3, "nara": MostNamed, "solna": 0} {
		name := OwnName{AccountID: 1, Name: "Shop", Begins: begins}
		if n, more, err := s.CountNamed(t.Context(), name); err != nil || n != want || more != (want == MostNamed) {
			t.Errorf("%s: %d, want %d (%v)", begins, n, want, err)
		}
	}
	for range 2 { // the second in the place of the first
		if err := s.AddOwnName(t.Context(), OwnName{AccountID: 1, Name: "Shop", Begins: "ICA nara"}); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := s.OwnNames(t.Context()); err != nil || len(names) != 1 {
		t.Errorf("%+v (%v)", names, err)
	}
}
