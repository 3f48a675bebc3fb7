package holding_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// TestDifferences says why a balance differs from the one that stands, as far as it can be told: booked today is -30, pending are -20 and
// +5, and a line is of 1000.
func TestDifferences(t *testing.T) {
	const closed = "closingBooked 100 2026-02-16"
	for name, test := range map[string]struct {
		balances []string // type, number, day ("-": none), and "line" where that is in it; the first stands
		line     string
		unread   bool
		want     string // of the second: by how much, each part, and what is left
	}{
		"the same":                         {[]string{"interimBooked 70 -", "interimAvailable 70 -"}, "", false, "0: rest 0"},
		"what is pending":                  {[]string{"interimBooked 70 -", "expected 55 -"}, "", false, "-15: pending 2 -15, rest 0"},
		"what is pending and goes out":     {[]string{"interimBooked 70 -", "interimAvailable 50 -"}, "", false, "-20: pending out 1 -20, rest 0"},
		"what was booked since":            {[]string{closed, "interimAvailable 70 -"}, "", false, "-30: booked 0 -30, rest 0"},
		"both":                             {[]string{closed, "interimAvailable 50 -"}, "", false, "-50: booked 0 -30, pending out 1 -20, rest 0"},
		"both, and a line":                 {[]string{closed, "interimAvailable 1050 - line"}, "1000", false, "950: booked 0 -30, line 0 1000, pending out 1 -20, rest 0"},
		"a line of which nothing is known": {[]string{closed, "interimAvailable 1050 - line"}, "", false, "950: booked 0 -30, line 0 , rest "},
		"what the bank does not say":       {[]string{"interimBooked 70 -", "interimAvailable 61 -"}, "", false, "-9: rest -9"},
		"no chance likeness of booked":     {[]string{"interimBooked 70 -", "closingBooked 80 2026-02-16"}, "", false, "10: booked 0 30, rest -20"},
		"the day before that":              {[]string{closed, "openingBooked 100 2026-02-16"}, "", false, "0: booked 0 -1, rest 1"},
		"days that were not read":          {[]string{closed, "interimAvailable 50 -"}, "", true, "-50: unread 0 , rest "},
		"another currency":                 {[]string{"interimBooked 70 -", "expected 55 EUR"}, "", false, ": rest "},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHeld(t, time.Date(2026, 2, 17, 12, 0, 0, 0, time.UTC))
			missing := ""
			if test.unread {
				missing = "2026-02-17"
			}
			id := h.account("SE1", "0")
			h.reads(id, "2026-01-01", "2026-02-17", missing, []xs2a.Transaction{h.paid("2026-02-16", "1", "A", ""), h.paid("2026-02-17", "-30", "B", "")})
			var all []xs2a.Balance
			for _, one := range test.balances {
				part := append(strings.Fields(one), "")
				b := xs2a.Balance{Type: part[0], Amount: xs2a.Amount{Number: part[1], Currency: "SEK"}, CreditLimitIncl: part[3] == "line"}
				switch part[2] {
				case "-":
				case "EUR":
					b.Amount.Currency = "EUR"
				default:
					b.ReferenceDate = part[2]
				}
				all = append(all, b)
			}
			h.must(h.store.PutBalances(t.Context(), "c", id, all))
			account, err := h.Account(t.Context(), id)
			h.must(err)
			account.CreditLimit, account.MainType = xs2a.Amount{Number: test.line, Currency: "SEK"}, all[0].Type
			if test.line == "" {
				account.CreditLimit = xs2a.Amount{}
			}
			pending := []storage.Transaction{{Transaction: h.paid("", "-20", "C", "")}, {Transaction: h.paid("", "5", "D", "")}}
			differences, err := h.Differences(t.Context(), account, pending)
			h.must(err)
			if len(differences) != 1 {
				t.Fatalf("%+v", differences)
			}
			d := differences[0]
			got := d.By.Number + ": "
			for _, part := range d.Made {
				got += fmt.Sprintf("%s %d %s, ", part.Kind, part.Count, part.Amount.Number)
			}
			if got += "rest " + d.Rest.Number; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
