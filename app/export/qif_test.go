package export_test

import (
	"strings"
	"testing"
	"time"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/storage"
)

// TestQIF reads what was written as the format is described: a letter and a text a line, and ^ after each
// record.
func TestQIF(t *testing.T) {
	b := example(t)
	file := string(b.write("qif", holding.Search{}, export.Options{}))
	got := tallies{}
	account, section, record := "", "", map[byte]string{}
	for line := range strings.Lines(file) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "":
			t.Error("an empty line")
		case strings.HasPrefix(line, "!"):
			section = line
		case line == "^" && section == "!Account":
			account, record = record['N'], map[byte]string{}
		case line == "^":
			on, err := time.Parse("01/02/2006", record['D'])
			if err != nil {
				t.Error(err)
			}
			got.add(account+on.Format(time.DateOnly), record['T'])
			record = map[byte]string{}
		default:
			if record[line[0]] != "" {
				t.Errorf("two lines %c in one record", line[0])
			}
			record[line[0]] = line[1:]
		}
	}
	if len(record) > 0 {
		t.Errorf("a record has no end: %q", record)
	}
	names := map[int64]string{1: "Lönekonto =1+1 SE4550000000058398257466 ", 2: "Yen 1234567890 ", 3: "Card "}
	got.same(t, by(b.statable(), func(t storage.Transaction) string { return names[t.AccountID] + t.Amount.Currency + t.Date() }))
}
