package holding_test

import (
	"testing"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

func balanceIn(kind, number, currency string) storage.Balance {
	return storage.Balance{Type: kind, Amount: xs2a.Amount{Number: number, Currency: currency}}
}

// withLine is a balance that has a credit line in it.
func withLine(b storage.Balance) storage.Balance {
	b.CreditLimitIncl = true
	return b
}

// TestStandingOf says which balance stands, why, and what became of the one that was chosen.
func TestStandingOf(t *testing.T) {
	booked, closed, available := balanceIn("interimBooked", "1", "SEK"), balanceIn("closingBooked", "2", "SEK"), balanceIn("interimAvailable", "3", "SEK")
	for name, test := range map[string]struct {
		balances []storage.Balance
		chosen   string
		want     string // its number
		why      holding.Why
		wanted   string
	}{
		"by the rule":                      {[]storage.Balance{available, closed, booked}, "", "1", holding.ByRule, ""},
		"as chosen":                        {[]storage.Balance{booked, closed, available}, "interimAvailable", "3", holding.ByChoice, ""},
		"chosen, and not sent":             {[]storage.Balance{available, booked}, "expected", "1", holding.ByRule, "expected"},
		"chosen, not sent, and one other":  {[]storage.Balance{closed}, "interimBooked", "2", holding.Alone, "interimBooked"},
		"one that is chosen":               {[]storage.Balance{closed}, "closingBooked", "2", holding.ByChoice, ""},
		"the only one":                     {[]storage.Balance{available}, "", "3", holding.Alone, ""},
		"none that is booked":              {[]storage.Balance{balanceIn("nonInvoiced", "4", "SEK"), available}, "", "3", holding.Unbooked, ""},
		"own money before a line":          {[]storage.Balance{withLine(available), balanceIn("interimAvailable", "5", "SEK")}, "", "5", holding.Unbooked, ""},
		"chosen, in another currency":      {[]storage.Balance{balanceIn("expected", "6", "EUR"), booked}, "expected", "1", holding.ByRule, "expected"},
		"an unknown type may be chosen":    {[]storage.Balance{balanceIn("fantasy", "7", "SEK"), booked}, "fantasy", "7", holding.ByChoice, ""},
		"a type that is not said is none":  {[]storage.Balance{balanceIn("", "8", "SEK"), booked}, "", "1", holding.ByRule, ""},
		"another currency, where no other": {[]storage.Balance{balanceIn("expected", "6", "EUR")}, "expected", "6", holding.ByChoice, ""},
	} {
		t.Run(name, func(t *testing.T) {
			account := storage.Account{Currency: "SEK", Balances: test.balances, Arrangement: storage.Arrangement{MainType: test.chosen}}
			got, has := holding.StandingOf(account)
			if !has || got.Amount.Number != test.want || got.Why != test.why || got.Wanted != test.wanted {
				t.Errorf("got %+v, %v", got, has)
			}
		})
	}
}

// TestStandingsOf tells one balance for each currency of an account of which the bank names no one, and one of all others.
func TestStandingsOf(t *testing.T) {
	balances := []storage.Balance{balanceIn("expected", "1", "SEK"), balanceIn("expected", "2", "EUR"), balanceIn("interimBooked", "3", "EUR")}
	for currency, want := range map[string][]string{"XXX": {"1", "3"}, "SEK": {"1"}, "EUR": {"3"}} {
		all := holding.StandingsOf(storage.Account{Currency: currency, Balances: balances})
		if len(all) != len(want) {
			t.Fatalf("%s: %+v", currency, all)
		}
		for i, one := range all {
			if one.Amount.Number != want[i] {
				t.Errorf("%s: %+v, want %s", currency, one, want[i])
			}
		}
	}
}

// TestCreditLine computes what is used of a line where it follows, and nothing else.
func TestCreditLine(t *testing.T) {
	limit := xs2a.Amount{Number: "10000", Currency: "SEK"}
	available := withLine(balanceIn("interimAvailable", "7500.50", "SEK"))
	for name, test := range map[string]struct {
		limit    xs2a.Amount
		balances []storage.Balance
		has      bool
		used     string // empty: it does not follow
	}{
		"both are said":                   {limit, []storage.Balance{available}, true, "2499.50"},
		"nothing is used":                 {limit, []storage.Balance{withLine(balanceIn("interimAvailable", "10000.00", "SEK"))}, true, "0.00"},
		"the line alone":                  {limit, []storage.Balance{balanceIn("interimBooked", "-2499.50", "SEK")}, true, ""},
		"what is available alone":         {xs2a.Amount{}, []storage.Balance{available}, true, ""},
		"available without the line":      {limit, []storage.Balance{balanceIn("interimAvailable", "7500.50", "SEK")}, true, ""},
		"in another currency":             {limit, []storage.Balance{withLine(balanceIn("interimAvailable", "7500.50", "EUR"))}, true, ""},
		"more is available than the line": {limit, []storage.Balance{withLine(balanceIn("interimAvailable", "12000", "SEK"))}, true, ""},
		"no line":                         {xs2a.Amount{}, []storage.Balance{balanceIn("interimAvailable", "1", "SEK")}, false, ""},
		"another balance with the line":   {limit, []storage.Balance{withLine(balanceIn("expected", "7500.50", "SEK"))}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			line, has := holding.CreditLineOf(storage.Account{Currency: "SEK", CreditLimit: test.limit, Balances: test.balances})
			used := ""
			if line.Used != nil {
				used = line.Used.Number
			}
			if has != test.has || used != test.used {
				t.Errorf("%v, used %q, want %q", has, used, test.used)
			}
		})
	}
}
