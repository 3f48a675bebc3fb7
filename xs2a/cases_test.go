package xs2a

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"testing"
)

// TestCasesFromTheField reads what banks were seen to send, invented people
// apart, as it is meant.
func TestCasesFromTheField(t *testing.T) {
	eur := func(number string) Amount { return Amount{number, "EUR"} }
	tests := map[string][]Transaction{
		"01-blank-entry-date.mt940": {
			{ValueDate: "2025-03-03", Amount: eur("-65.00"), BankCode: "NOVB", EntryReference: "NL11TEST0000000001", Additional: "mevr a voorbeeld",
				Remittance: "NL11TEST0000000001 mevr a voorbeeld\nBloemen"},
			{ValueDate: "2025-03-04", Amount: eur("-12.40"), BankCode: "NMSC", Remittance: "/PT/FT/PY/MONTHLY FEE"},
		},
		"02a-amount-no-comma.mt940": {
			{ID: "X1", EntryReference: "10-03-2025 11:02", BookingDate: "2025-03-10", ValueDate: "2025-03-10", Amount: eur("500"), BankCode: "NTRF", Remittance: "OVERBOEKING SPAARGELD"},
			{ID: "X2", BookingDate: "2025-03-11", ValueDate: "2025-03-11", Amount: eur("-20"), BankCode: "NTRF", Remittance: "LUNCH"},
		},
		"02b-amount-point.mt940":  {{ValueDate: "2025-01-07", Amount: eur("300.00"), BankCode: "NMSC", Remittance: "Kantine"}},
		"02c-amount-signed.mt940": {{ID: "R1", BookingDate: "2025-08-15", ValueDate: "2025-08-15", Amount: eur("104.12"), BankCode: "NMSC", Remittance: "STORNO ENTGELT"}},
		"03-balance-no-currency.mt940": {
			{ValueDate: "2025-03-17", Amount: eur("5000.00"), BankCode: "NCHG", Remittance: "Einzahlung"},
			{ValueDate: "2025-03-18", Amount: eur("-20.00"), BankCode: "NCHG", Remittance: "Porto"},
		},
		"04-sepa-keywords-midline.mt940": {
			{ID: "2125000000000001", EndToEndID: "NOTPROVIDED", BookingDate: "2025-03-31", ValueDate: "2025-03-31", Amount: eur("50.00"), DebtorName: "ERNA BEISPIEL",
				DebtorAccount: "DE00123456780000000001", DebtorAgent: "DEUTDEDB000", Remittance: "MIETE APRIL WOHNUNG 4", Additional: "SEPA-GUTSCHRIFT", BankCode: "NTRF+166"},
			{ID: "2125000000000002", EntryReference: "S-2025-03", EndToEndID: "A1.77.400", BookingDate: "2025-03-31", ValueDate: "2025-03-31", Amount: eur("-12.35"), CreditorName: "OTTO MUSTER",
				CreditorID: "DE41ZZZ00000000001", MandateID: "2085", Remittance: "KONTO ERLOSCHEN RECHNUNG 12", Additional: "RUECKLASTSCHRIFT", BankCode: "NRTI+109"},
		},
		"06-several-86.mt940": {{ValueDate: "2025-06-15", EntryReference: "012000000", Amount: eur("-213.28"), BankCode: "N044", Additional: "W.P. VOORBEELD",
			Remittance: "Terugboeking\nNIET AKKOORD MET AFSCHRIJVING\nKINDEROPVANG JUNI"}},
		"07-slash-keys.mt940": {
			{BookingDate: "2025-02-01", ValueDate: "2025-02-01", Amount: eur("75"), BankCode: "NTRF", DebtorName: "S. VOORBEELD", DebtorAccount: "NL11TEST0000000001", Remittance: "Proficiat"},
			{BookingDate: "2025-02-02", ValueDate: "2025-02-02", Amount: eur("-25.00"), BankCode: "N102", CreditorName: "WATERBEDRIJF TEST", CreditorAccount: "NL22TEST0000000002", Remittance: "Nota 17", EndToEndID: "2025-4711"},
		},
		"08-no-type-and-nonref.mt940": {
			{BookingDate: "2025-09-02", ValueDate: "2025-09-02", Amount: eur("-20.00"), Remittance: "999PURCHASE:KIOSK:XX00"},
			{BookingDate: "2025-09-03", ValueDate: "2025-09-03", Amount: eur("79.7"), BankCode: "FMSC", EntryReference: "01916", Additional: "20250903007602190000000000000012", Remittance: "GIRO ONLINE"},
		},
		"14-unsigned-both-parties.json": {
			{ID: "t1", BookingDate: "2025-09-28", Amount: eur("-180.12"), Inferred: true, CreditorName: "Stadtwerke Beispiel", CreditorAccount: "DE31000000000000000002", DebtorName: "Our Customer", DebtorAccount: "DE49000000000000000001"},
			{ID: "t2", BookingDate: "2025-09-02", Amount: eur("1819.12"), CreditorName: "Our Customer", CreditorAccount: "DE49000000000000000001", DebtorName: "Arbeitgeber Beispiel", DebtorAccount: "DE72000000000000000003"},
		},
		"18-ultimate-creditor.json": {
			{BookingDate: "2024-03-28", Amount: eur("-4.20"), CreditorName: "Kuchenkafe Beispiel", Remittance: "2024-03-27T15.04 Debitk.1 2027-12"},
			{BookingDate: "2024-03-29", Amount: eur("100.00"), DebtorName: "Tante Beispiel", Additional: "Sammelkonto Zahlungsdienst"},
		},
		"22-return-reason.camt053.xml": {{BookingDate: "2025-05-02", Amount: eur("-30.00"), EndToEndID: "SDD-75", DebtorName: "VOORBEELD BV",
			ReturnCode: "AM04", ReturnText: "Not enough balance", Additional: "AM04 Not enough balance"}},
		"23-statement-86-after-65.mt940": {{ID: "20000000000001", BookingDate: "2025-01-01", ValueDate: "2025-01-01", Amount: eur("35.09"), BankCode: "N078", Additional: "/TRCD/00112/", Remittance: "0111111111 V. DE VOORBEELD 1E TERMIJN"}},
		"24-dash-before-61.mt940": {
			{BookingDate: "2025-01-06", ValueDate: "2025-01-06", Amount: eur("1.00"), BankCode: "N062+166", DebtorName: "ERNA BEISPIEL", Remittance: "Probe", Additional: "GUTSCHRIFT"},
			{BookingDate: "2025-01-07", ValueDate: "2025-01-07", Amount: eur("5.00"), BankCode: "NMSC+169", EntryReference: "1", Reversal: true, Remittance: "Kartengebuehr", Additional: "STORNO"},
		},
		"26-wrapped-anywhere.mt940": {{BookingDate: "2025-11-26", ValueDate: "2025-11-26", Amount: eur("30.00"), BankCode: "N062+166", DebtorName: "ERNA BEISPIEL", Remittance: "Probe", Additional: "GUTSCHR. UEBERWEISUNG"}},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			page, err := DecodeReport("text/plain", sample(t, "cases/"+name))
			if err = whole(page, err); err != nil {
				t.Fatal(err)
			}
			page.Of(Account{IBAN: "DE49 0000 0000 0000 0000 01"})
			compare(t, "booked", withoutRaw(page.Booked), want)
			if len(page.Pending) != 0 {
				t.Errorf("pending %+v", page.Pending)
			}
		})
	}
}

// TestCasesOfBalances reads the balances of cases that are about them.
func TestCasesOfBalances(t *testing.T) {
	page, err := DecodeReport("text/plain", sample(t, "cases/03-balance-no-currency.mt940"))
	if err = whole(page, err); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range page.Balances {
		got = append(got, b.Type+" "+b.Amount.Number+" "+b.Amount.Currency)
	}
	compare(t, "without a currency", got, []string{"openingBooked 0.00 EUR", "interimBooked 5000.00 EUR", "openingInterimBooked 5000.00 EUR", "closingBooked 4980.00 EUR"})
	cards, err := sends(t, http.StatusOK, string(sample(t, "cases/25-hsbc-card-balances.json"))).CardBalances(t.Context(), Call{}, "1")
	if err != nil {
		t.Fatal(err)
	}
	if len(cards) != 2 || cards[0].Amount.Number != "4183.61" || cards[1].Amount.Number != "-316.39" {
		t.Errorf("of a card: %+v", cards)
	}
}

// TestEmptyBody takes an account without entries from a bank that answers
// with nothing at all.
func TestEmptyBody(t *testing.T) {
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(sample(t, "cases/27-empty-200.http"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(*Client) (TransactionPage, error){
		"account": func(c *Client) (TransactionPage, error) {
			return c.Transactions(t.Context(), Call{}, "1", TransactionQuery{})
		},
		"card": func(c *Client) (TransactionPage, error) {
			return c.CardTransactions(t.Context(), Call{}, "1", TransactionQuery{})
		},
	} {
		if page, err := read(sends(t, res.StatusCode, string(body))); err != nil || len(page.Booked)+len(page.Pending) != 0 {
			t.Errorf("%s: %+v, %v", name, page, err)
		}
	}
}
