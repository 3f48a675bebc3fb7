package xs2a

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// withoutRaw compares what was understood; raw is looked at apart.
func withoutRaw(entries []Transaction) []Transaction {
	var all []Transaction
	for _, t := range entries {
		t.Raw, t.signed = nil, false
		all = append(all, t)
	}
	return all
}

func compare(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}

// TestStatement reads a camt.053 of the oldest version in use.
func TestStatement(t *testing.T) {
	page, err := DecodeReport("application/xml", sample(t, "../statement/testdata/camt053v02.xml"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "booked", withoutRaw(page.Booked), []Transaction{{
		ID: "BANK-1", EntryReference: "17", EndToEndID: "E2E-1", BookingDate: "2024-05-03", ValueDate: "2024-05-02",
		Amount: Amount{"-250.50", "SEK"}, DebtorName: "Anna Lind", CreditorName: "Elnät & Söner", CreditorAccount: "5050-1055",
		Remittance: "April\ninvoice 7\nRF18539007547034", Additional: "Bankgiro", BankCode: "PMNT-ICDT-ESCT",
		Charges: []Amount{{"-2.00", "SEK"}},
	}, {
		BookingDate: "2024-05-03", Amount: Amount{"99", "SEK"}, BankCode: "NTRF", Reversal: true,
	}, {
		BookingDate: "2024-05-03", Amount: Amount{"-300.00", "SEK"}, Remittance: "Bo: rent\nCia",
	}})
	if len(page.Pending) != 0 || len(page.Information) != 1 || page.Next != "" {
		t.Errorf("pending %v, information %s, next %q", page.Pending, page.Information, page.Next)
	}
	if raw := string(page.Booked[2].Raw); !strings.Contains(raw, "<NbOfTxs>2</NbOfTxs>") {
		t.Errorf("raw is %s", raw)
	}
	for i := range page.Balances {
		page.Balances[i].Raw = nil
	}
	compare(t, "balances", page.Balances, []Balance{
		{Amount: Amount{"1000.00", "SEK"}, Type: "openingBooked", ReferenceDate: "2024-05-02"},
		{Amount: Amount{"-12.5", "SEK"}, Type: "closingBooked", ReferenceDate: "2024-05-03", LastChange: "2024-05-03T17:59:59+02:00", CreditLimitIncl: true},
		{Amount: Amount{"0.00", "SEK"}, Type: "HOUSE", ReferenceDate: "2024-05-03"},
	})
}

// TestAccountReport reads a camt.052 of the version in use since 2025, with a
// namespace prefix and in ISO 8859-1, whatever its media type says.
func TestAccountReport(t *testing.T) {
	for _, mediaType := range []string{"application/xml", "text/xml;charset=UTF-8", "application/json", ""} {
		page, err := DecodeReport(mediaType, sample(t, "../statement/testdata/camt052v08.xml"))
		if err != nil {
			t.Fatalf("%s: %v", mediaType, err)
		}
		compare(t, "pending", withoutRaw(page.Pending), []Transaction{{
			ID: "S-9", EndToEndID: "NOTPROVIDED", ValueDate: "2026-11-21", Amount: Amount{"-19.90", "EUR"},
			CreditorName: "Müller", CreditorAccount: "AT611904300234573201", Charges: []Amount{{"-0.10", "EUR"}, {"0.20", "EUR"}},
		}, {Amount: Amount{"6.00", "EUR"}}})
		compare(t, "booked", withoutRaw(page.Booked), []Transaction{{
			BookingDate: "2026-11-20", Amount: Amount{"5.00", "EUR"}, DebtorName: "Eva",
		}})
		if len(page.Balances) != 1 || page.Balances[0].Type != "interimAvailable" {
			t.Errorf("balances %+v", page.Balances)
		}
	}
}

// TestSwiftStatement reads two statements of one account, in a SWIFT envelope.
func TestSwiftStatement(t *testing.T) {
	page, err := DecodeReport("text/plain", sample(t, "../statement/testdata/statement.mt940"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "booked", withoutRaw(page.Booked), []Transaction{{
		ID: "BANK7", EndToEndID: "2024-17", BookingDate: "2023-12-29", ValueDate: "2024-01-02", Amount: Amount{"-45.9", "EUR"},
		CreditorName: "Müller und Söhne Gesellschaft", CreditorAccount: "DE02120300000000202051", CreditorAgent: "BYLADEM1001",
		Remittance: "Rechnung 4711 vom zwanzigsten Dezember, Teil 1 von 2", BankCode: "NTRF+177",
		Additional: "SEPA-ÜBERWEISUNG /OCMT/SEK500,00//CHGS/EUR1,00/",
	}, {
		EntryReference: "REF 1", ValueDate: "2024-01-02", Amount: Amount{"100", "EUR"}, BankCode: "NMSC", Remittance: "free text\nover two lines",
	}, {
		ID: "B8", EntryReference: "REF2", ValueDate: "2024-01-02", Amount: Amount{"-20.00", "EUR"}, BankCode: "NRTI", Reversal: true,
	}, {
		EntryReference: "REF3", ValueDate: "2024-01-02", Amount: Amount{"1.05", "EUR"}, BankCode: "NRTI", Reversal: true,
	}, {
		ValueDate: "2023-02-28", Amount: Amount{"-1.00", "EUR"}, BankCode: "NINT",
	}})
	if raw := string(page.Booked[1].Raw); raw != ":61:240102C100,NMSCREF 1\n:86:free text\nover two lines" {
		t.Errorf("raw is %q", raw)
	}
	for i := range page.Balances {
		page.Balances[i].Raw = nil
	}
	compare(t, "balances", page.Balances, []Balance{
		{Amount: Amount{"1234.56", "EUR"}, Type: "openingBooked", ReferenceDate: "2023-12-29"},
		{Amount: Amount{"1269.66", "EUR"}, Type: "interimBooked", ReferenceDate: "2024-01-02"},
		{Amount: Amount{"1269.66", "EUR"}, Type: "openingInterimBooked", ReferenceDate: "2024-01-02"},
		{Amount: Amount{"1268.66", "EUR"}, Type: "closingBooked", ReferenceDate: "2024-01-03"},
		{Amount: Amount{"0.00", "EUR"}, Type: "closingAvailable", ReferenceDate: "2024-01-03"},
		{Amount: Amount{"1268.66", "EUR"}, Type: "forwardAvailable", ReferenceDate: "2024-01-05"},
	})
}

// TestSwiftLineEnds takes the ends of lines of all systems and text in
// ISO 8859-1.
func TestSwiftLineEnds(t *testing.T) {
	text := strings.NewReplacer("ü", "\xfc", "Ü", "\xdc", "ö", "\xf6").Replace(string(sample(t, "../statement/testdata/statement.mt940")))
	for _, end := range []string{"\n", "\r\n", "\r"} {
		page, err := DecodeReport("application/text", []byte(strings.ReplaceAll(text, "\n", end)))
		if err != nil || len(page.Booked) != 5 || page.Booked[0].CreditorName != "Müller und Söhne Gesellschaft" {
			t.Errorf("%q: %v, %+v", end, err, page.Booked)
		}
	}
}

// TestNoReport takes nothing for a report, or for the status of a payment, that is
// a page or words.
func TestNoReport(t *testing.T) {
	for body, says := range map[string]string{
		"<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>": ErrPage.Error(),
		"Service not available": `"text/plain" holds no transaction report`,
	} {
		if _, err := DecodeReport("text/plain", []byte(body)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want it to say %q", body, err, says)
		}
	}
	if _, err := decodeStatus(t.Context(), "application/xml", []byte("<html>")); !errors.Is(err, ErrPage) {
		t.Errorf("a page: %v", err)
	}
}
