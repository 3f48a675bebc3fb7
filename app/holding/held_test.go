package holding_test

import (
	"fmt"
	"strings"
	"testing"

	"consentry/app/holding"
	"consentry/storage"
)

// TestTogether makes one account of what has one IBAN at one bank, and of nothing else.
func TestTogether(t *testing.T) {
	at := func(id int64, bic, iban, currency string) storage.Account {
		return storage.Account{ID: id, EnvironmentID: "e", BIC: bic, IBAN: iban, Currency: currency}
	}
	hidden := func(a storage.Account) storage.Account {
		a.Hidden = true
		return a
	}
	for name, test := range map[string]struct {
		accounts []storage.Account
		want     string // ids: those of one account joined by a plus
	}{
		"parts":                       {[]storage.Account{at(1, "A", "GE1", "GEL"), at(2, "A", "GE2", "GEL"), at(3, "A", "GE1", "EUR")}, "1+3 2"},
		"however it is written":       {[]storage.Account{at(1, "A", "GE1 2", "GEL"), at(2, "A", "ge12", "EUR")}, "1+2"},
		"another bank":                {[]storage.Account{at(1, "A", "GE1", "GEL"), at(2, "B", "GE1", "EUR")}, "1 2"},
		"no number":                   {[]storage.Account{at(1, "A", "", "GEL"), at(2, "A", "", "EUR")}, "1 2"},
		"a part that came later":      {[]storage.Account{hidden(at(1, "A", "GE1", "GEL")), at(2, "A", "GE1", "EUR")}, "1 2"},
		"parts that are both hidden":  {[]storage.Account{hidden(at(1, "A", "GE1", "GEL")), hidden(at(2, "A", "GE1", "EUR"))}, "1+2"},
		"with that of all currencies": {[]storage.Account{at(1, "A", "GE1", "XXX"), at(2, "A", "GE1", "EUR")}, "1+2"},
		"none":                        {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, one := range holding.Together(test.accounts) {
				got = append(got, strings.ReplaceAll(strings.Trim(fmt.Sprint(one.IDs()), "[]"), " ", "+"))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestOtherParts leads from each part to the others, hidden or not.
func TestOtherParts(t *testing.T) {
	lari := storage.Account{ID: 1, BIC: "A", IBAN: "GE1", Currency: "GEL"}
	euro := storage.Account{ID: 2, BIC: "A", IBAN: "GE1", Currency: "EUR", Arrangement: storage.Arrangement{Hidden: true}}
	other := storage.Account{ID: 3, BIC: "A", Currency: "GEL"}
	all := []storage.Account{lari, euro, other}
	for _, test := range []struct {
		of   storage.Account
		want string
	}{{lari, "[2]"}, {euro, "[1]"}, {other, "[]"}} {
		if got := fmt.Sprint(holding.Held{Parts: holding.OtherParts(test.of, all)}.IDs()); got != test.want {
			t.Errorf("of %d: %s, want %s", test.of.ID, got, test.want)
		}
	}
}
