package export_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// statement is an account's, of some days.
func (b *bank) statement(id int64, from, to string) holding.AccountStatement {
	b.t.Helper()
	s, err := b.holdings.AccountStatement(b.t.Context(), id, storage.Span{From: from, To: to})
	b.must(err)
	return s
}

// TestStatementBalances walks from the bank's balance to any days, and holds what it comes to against
// a ledger.
func TestStatementBalances(t *testing.T) {
	b := newBank(t)
	random := rand.New(rand.NewPCG(7, 1))
	ledger, at := map[string]string{}, apd.New(10_000, -2) // the balance at the end of each day
	exact := apd.BaseContext.WithPrecision(60)
	var booked []xs2a.Transaction
	for day := range 59 {
		for range random.IntN(4) {
			n := apd.New(random.Int64N(20_001)-10_000, -2)
			_, _ = exact.Add(at, at, n)
			booked = append(booked, xs2a.Transaction{ID: itoa(len(booked)), BookingDate: days(day), Amount: amount(n.Text('f'), "SEK"), Remittance: "Entry", Raw: []byte(`{}`)})
		}
		ledger[days(day)] = at.Text('f')
	}
	for name, balances := range map[string][]xs2a.Balance{
		"closing":           closing(ledger[days(57)], days(57)),
		"opening":           {{Type: "openingBooked", ReferenceDate: days(31), Amount: amount(ledger[days(30)], "SEK")}},
		"as of the reading": {{Type: "interimBooked", Amount: amount(ledger[days(58)], "SEK")}},
		"beside others":     append([]xs2a.Balance{{Type: "interimAvailable", Amount: amount("1", "SEK")}, {Type: "interimBooked", Amount: amount("7", "EUR")}}, closing(ledger[days(20)], days(20))...),
	} {
		id := b.read(xs2a.Account{ResourceID: name, IBAN: "SE45" + name, Currency: "SEK", Name: name}, balances, "2026-09-01", booked, nil)
		for range 60 {
			from := 3 + random.IntN(50)
			to := from + random.IntN(59-from)
			s := b.statement(id, days(from), days(to)).Currencies[0]
			if s.Opening == nil || s.Closing == nil || decimal(s.Opening.Number).Cmp(decimal(ledger[days(from-1)])) != 0 || decimal(s.Closing.Number).Cmp(decimal(ledger[days(to)])) != 0 {
				t.Errorf("%s, %s to %s: %v and %v (%s), want %s and %s", name, days(from), days(to), s.Opening, s.Closing, s.Unknown, ledger[days(from-1)], ledger[days(to)])
			}
			for i, entry := range s.Entries {
				if last := i == len(s.Entries)-1 || s.Entries[i+1].Date() != entry.Date(); last && decimal(entry.Balance.Number).Cmp(decimal(ledger[entry.Date()])) != 0 {
					t.Errorf("%s: after %s it is %v, want %s", name, entry.Date(), entry.Balance, ledger[entry.Date()])
				}
			}
			if len(s.Entries) != s.Count {
				t.Errorf("%s: %d of %d are listed", name, len(s.Entries), s.Count)
			}
		}
	}
}

func decimal(number string) *apd.Decimal { return xs2a.Amount{Number: number}.Decimal() }

// TestStatementUnknown shows no balance that may be wrong.
func TestStatementUnknown(t *testing.T) {
	some := []xs2a.Transaction{{ID: "1", BookingDate: days(2), Amount: amount("-1", "SEK"), Raw: []byte(`{}`)}, {ID: "2", BookingDate: days(20), Amount: amount("-1", "SEK"), Raw: []byte(`{}`)}}
	for name, test := range map[string]struct {
		balances []xs2a.Balance
		booked   []xs2a.Transaction
		from, to string
		want     holding.Unknown
	}{
		"no balance":                {nil, some, days(5), days(9), holding.NoBookedBalance},
		"an available one alone":    {[]xs2a.Balance{{Type: "interimAvailable", Amount: amount("1", "SEK")}}, some, days(5), days(9), holding.NoBookedBalance},
		"one with a credit limit":   {[]xs2a.Balance{{Type: "closingBooked", ReferenceDate: days(30), CreditLimitIncl: true, Amount: amount("1", "SEK")}}, some, days(5), days(9), holding.NoBookedBalance},
		"one of no day":             {[]xs2a.Balance{{Type: "closingBooked", Amount: amount("1", "SEK")}}, some, days(5), days(9), holding.NoBookedBalance},
		"of another currency":       {[]xs2a.Balance{{Type: "interimBooked", Amount: amount("1", "EUR")}}, some, days(5), days(9), holding.NoBookedBalance},
		"on the first day":          {closing("1", days(30)), some, days(2), days(9), holding.BeforeFirst},
		"without a first day":       {closing("1", days(30)), some, "", days(9), holding.BeforeFirst},
		"something without a date":  {closing("1", days(30)), append(some[:2:2], xs2a.Transaction{ID: "3", Amount: amount("-1", "SEK"), Raw: []byte(`{}`)}), days(5), days(9), holding.NoDates},
		"a balance of days to come": {closing("1", "2026-12-24"), some, days(5), days(9), holding.NotRead},
		"days to come":              {closing("1", days(30)), some, "2027-01-01", "2027-01-31", holding.NoDays},
		"all is known":              {closing("1", days(30)), some, days(5), days(9), ""},
	} {
		b := newBank(t)
		id := b.read(xs2a.Account{ResourceID: "1", IBAN: "SE45", Currency: "SEK", Name: name}, test.balances, "2026-09-01", test.booked, nil)
		s := b.statement(id, test.from, test.to).Currencies[0]
		if s.Unknown != test.want || (s.Opening == nil || s.Closing == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v and %v", name, s.Unknown, s.Opening, s.Closing)
		}
	}
	gap := newBank(t)
	id := gap.read(kronor, closing("1", days(30)), "2026-09-01", some, nil)
	_, err := gap.store.BeginReading(t.Context(), "c", id, storage.Span{From: days(10), To: "2026-12-31"}, storage.Span{From: "2026-12-01", To: "2026-12-31"}, "")
	gap.must(err)
	for _, test := range []struct {
		from, to string
		want     holding.Unknown
	}{{days(5), days(9), ""}, {days(5), "2026-12-31", ""}} { // what is not read lies after what was
		if s := gap.statement(id, test.from, test.to).Currencies[0]; s.Unknown != test.want || test.want == "" && s.Days.To > today.Format("2006-01-02") {
			t.Errorf("%s to %s: %q up to %s", test.from, test.to, s.Unknown, s.Days.To)
		}
	}
}
