package xs2a

import (
	"runtime"
	"strings"
	"testing"
)

// TestSwiftStatement reads two statements of one account, in a SWIFT envelope.
func TestSwiftStatement(t *testing.T) {
	page, err := DecodeReport("text/plain", sample(t, "statement.mt940"))
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
	text := strings.NewReplacer("ü", "\xfc", "Ü", "\xdc", "ö", "\xf6").Replace(string(sample(t, "statement.mt940")))
	for _, end := range []string{"\n", "\r\n", "\r"} {
		page, err := DecodeReport("application/text", []byte(strings.ReplaceAll(text, "\n", end)))
		if err != nil || len(page.Booked) != 5 || page.Booked[0].CreditorName != "Müller und Söhne Gesellschaft" {
			t.Errorf("%q: %v, %+v", end, err, page.Booked)
		}
	}
}

// TestSwiftInterim takes what an MT942 reports as pending.
func TestSwiftInterim(t *testing.T) {
	page, err := DecodeReport("text/plain", sample(t, "interim.mt942"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "pending", withoutRaw(page.Pending), []Transaction{{
		BookingDate: "2026-11-20", ValueDate: "2026-11-21", Amount: Amount{"-19.9", "EUR"}, CreditorName: "Stadtwerke",
		Remittance: "Strom", Additional: "Lastschrift", BankCode: "NDDT+105",
	}})
	if len(page.Booked)+len(page.Balances) != 0 {
		t.Errorf("booked %v, balances %v", page.Booked, page.Balances)
	}
}

// TestSwiftEntryDate finds the year of the entry date, which has none.
func TestSwiftEntryDate(t *testing.T) {
	for _, test := range []struct{ value, entry, want string }{
		{"240102", "1229", "2023-12-29"}, {"231229", "0102", "2024-01-02"}, {"240630", "0701", "2024-07-01"},
		{"240301", "0229", "2024-02-29"}, {"800101", "0101", "1980-01-01"}, {"790101", "0101", "2079-01-01"}, {"991231", "0101", "2000-01-01"},
	} {
		value, err := mtDay(test.value)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := mtEntryDay(test.entry, value); err != nil || got != test.want {
			t.Errorf("%s %s: %s, %v", test.value, test.entry, got, err)
		}
	}
}

// TestSwiftRefused names the line that would make the data wrong.
func TestSwiftRefused(t *testing.T) {
	statement := func(line string) string {
		return ":20:A\n:25:1\n:60F:C240101EUR1,00\n:61:240102C1,00NMSC\n" + line + "\n:62F:C240102EUR2,00\n-\n"
	}
	for text, says := range map[string]string{
		statement(":61:240102C1.000NMSC"):                                   "statement[0].:61:[1].amount: ", // perhaps thousands
		statement(":61:240102C1,0,0NMSC"):                                   "statement[0].:61:[1].amount: ",
		statement(":61:240102C1.000,00NMSC"):                                "statement[0].:61:[1].amount: ",
		statement(":61:241302C1,00NMSC"):                                    "statement[0].:61:[1].valueDate: ",
		statement(":61:240132C1,00NMSC"):                                    "statement[0].:61:[1].valueDate: ",
		statement(":61:2401020231C1,00NMSC"):                                "statement[0].:61:[1].entryDate: ",
		statement(":61:240102X1,00NMSC"):                                    "statement[0].:61:[1]: ",
		statement(":61:240102C,5NMSC"):                                      "statement[0].:61:[1].amount: ",
		statement(":64:C240102EURO1,00"):                                    "statement[0].:64:: ",
		statement(":64:C240100EUR1,00"):                                     "statement[0].:64:: ",
		":20:A\n:25:1\n:61:240102C1,00NMSC\n":                               "statement[0].:61:[0].currency: ",
		statement("") + strings.Replace(statement(""), ":25:1", ":25:2", 1): "statement[1].:25:: ",
		"Service not available":                                             `"text/plain" holds no transaction report`,
		"{1:F01BANK}":                                                       "no field :20: in the report",
	} {
		page, err := DecodeReport("text/plain", []byte(text))
		if err = whole(page, err); says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%q: %v, want it to say %q", text, err, says)
		}
	}
}

// TestManyParts reads field 86 with work that grows as the field does. The
// bytes that are allocated stand for the work: what puts texts together one by
// one allocates with the square of their number.
func TestManyParts(t *testing.T) {
	for name, part := range map[string]string{
		"titles": "?00Title", "names": "?32Name", "words": "?20a word", "keywords": "?20EREF+1 SVWZ+a", "signs": "?x", "keys": "/REMI/a", "fields": "\n:86:166?20x", "lines": "\nx",
	} {
		begin := "166?00A"
		if part[0] == '/' {
			begin = "/EREF/A"
		}
		work := func(n int) uint64 {
			text := []byte(":20:A\n:60F:C240101EUR1,00\n:61:240102C1,00NMSC\n:86:" + begin + strings.Repeat(part, n))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			page, err := decodeMT(t.Context(), text)
			runtime.ReadMemStats(&after)
			if err = whole(page, err); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return after.TotalAlloc - before.TotalAlloc
		}
		if few, many := work(1000), work(8000); many > 16*few {
			t.Errorf("%s: 8 times as many took %d times the work", name, many/few)
		}
	}
}
