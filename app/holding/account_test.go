package holding_test

import (
	"testing"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// TestMainBalance picks one balance by the rule people can read.
func TestMainBalance(t *testing.T) {
	balance := func(kind, number, currency string) storage.Balance {
		return storage.Balance{Type: kind, Amount: xs2a.Amount{Number: number, Currency: currency}}
	}
	closed := func(number, day string) storage.Balance {
		b := balance("closingBooked", number, "SEK")
		b.ReferenceDate = day
		return b
	}
	tests := map[string]struct {
		balances []storage.Balance
		want     string // number; empty for none
	}{
		"none":                    {nil, ""},
		"booked before available": {[]storage.Balance{balance("interimAvailable", "1", "SEK"), balance("closingBooked", "2", "SEK")}, "2"},
		"today before yesterday":  {[]storage.Balance{balance("closingBooked", "1", "SEK"), balance("interimBooked", "2", "SEK")}, "2"},
		"own currency first":      {[]storage.Balance{balance("interimBooked", "1", "EUR"), balance("nonInvoiced", "2", "SEK")}, "2"},
		"the newest of one type":  {[]storage.Balance{closed("1", "2024-04-30"), closed("2", "2024-05-02"), closed("3", "2024-05-01"), closed("4", "")}, "2"},
		"no type at all":          {[]storage.Balance{balance("", "1", "SEK")}, "1"},
		"an unknown type last":    {[]storage.Balance{balance("fantasy", "1", "SEK"), balance("expected", "2", "SEK")}, "2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, known := holding.MainBalance(storage.Account{Currency: "SEK", Balances: test.balances})
			if known != (test.want != "") || got.Amount.Number != test.want {
				t.Errorf("got %+v, %v", got, known)
			}
		})
	}
}
