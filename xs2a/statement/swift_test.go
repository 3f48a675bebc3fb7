package statement

import (
	"runtime"
	"strings"
	"testing"
)

// TestSwiftInterim takes what an MT942 reports as pending.
func TestSwiftInterim(t *testing.T) {
	compare(t, "entries", entries(t, ReadSwift, sample(t, "interim.mt942")), []Entry{{
		Status: Pending, BookingDate: "2026-11-20", ValueDate: "2026-11-21", Amount: Amount{"-19.9", "EUR"}, Creditor: Party{Name: "Stadtwerke"},
		Remittance: "Strom", Additional: "Lastschrift", BankCode: "NDDT+105",
	}})
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
		"{1:F01BANK}": "no field :20: in the report",
	} {
		report, err := ReadSwift(t.Context(), []byte(text), bounds)
		if err = whole(report, err); says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
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
			report, err := ReadSwift(t.Context(), text, bounds)
			runtime.ReadMemStats(&after)
			if err = whole(report, err); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return after.TotalAlloc - before.TotalAlloc
		}
		if few, many := work(1000), work(8000); many > 16*few {
			t.Errorf("%s: 8 times as many took %d times the work", name, many/few)
		}
	}
}
