package export_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/app/sheet"
	"consentry/storage"
)

// TestCSV reads with Go's own reader what was written, cell by cell.
func TestCSV(t *testing.T) {
	b := example(t)
	names := map[int64]string{1: "SE4550000000058398257466", 2: "1234567890", 3: "Card"}
	for format, options := range map[string]export.Options{"csv": {}, "spreadsheet": {}, "spreadsheet with a comma": {DecimalComma: true}} {
		t.Run(format, func(t *testing.T) {
			name, _, _ := strings.Cut(format, " ")
			file := b.write(name, holding.Search{}, options)
			text, marked := bytes.CutPrefix(file, []byte("\ufeff"))
			if marked != (name == "spreadsheet") {
				t.Errorf("the file begins with a mark: %t", marked)
			}
			if lines := bytes.Count(text, []byte("\r\n")); !bytes.HasSuffix(text, []byte("\r\n")) || lines < len(b.stored()) {
				t.Errorf("%d lines end as RFC 4180 has it", lines)
			}
			in := csv.NewReader(bytes.NewReader(text))
			if options.DecimalComma {
				in.Comma = ';'
			}
			lines, err := in.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(lines[0], export.Columns) {
				t.Errorf("the columns are %q", lines[0])
			}
			lines = lines[1:]
			stored := b.stored()
			if len(lines) != len(stored) {
				t.Fatalf("%d lines for %d transactions", len(lines), len(stored))
			}
			for i, one := range stored {
				number, status, dropped := one.Amount.Number, "Booked", ""
				if options.DecimalComma {
					number = strings.ReplaceAll(number, ".", ",")
				}
				if one.Pending {
					status = "Pending"
				}
				if !one.DroppedAt.IsZero() {
					dropped = one.DroppedAt.Format(time.DateOnly)
				}
				want := []string{names[one.AccountID], "Hamnbanken", status, one.BookingDate, one.ValueDate, number, one.Amount.Currency, one.CreditorName, one.CreditorAccount, one.DebtorName,
					one.DebtorAccount, one.Remittance, one.Additional, one.BankCode, one.Transaction.ID, one.EntryReference, one.EndToEndID, dropped, one.Note.Text, strings.Join(one.Tags, " ")}
				for j, cell := range lines[i] {
					if j != 5 && strings.ContainsAny(firstOf(cell), "=+-@\t\r＝") {
						t.Errorf("a cell begins as a formula: %q", cell)
					}
					if j != 5 {
						cell = sheet.Plain(cell)
					}
					if wanted := strings.ReplaceAll(want[j], "\r\n", "\n"); cell != wanted { // which is how that reader reads
						t.Errorf("line %d, %s: %q, want %q", i, export.Columns[j], cell, wanted)
					}
				}
			}
		})
	}
}

func firstOf(text string) string {
	for _, first := range text {
		return string(first)
	}
	return ""
}

// TestCSVInSQLite has SQLite's command line read the file and add it up.
func TestCSVInSQLite(t *testing.T) {
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("sqlite3 is not there; build/setup.sh sqlite installs it") // where CI is set, what is left out fails the run (build/report)
	}
	b := example(t)
	file := filepath.Join(t.TempDir(), "all.csv")
	b.must(os.WriteFile(file, b.write("csv", holding.Search{}, export.Options{}), 0o600))
	out, err := exec.Command(program, "-batch", "-list", ":memory:", "-cmd", ".import --csv "+file+" t", `SELECT Currency, count(*), round(sum(CAST(Amount AS REAL)), 3) FROM t GROUP BY 1 ORDER BY 1`).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got := tallies{}
	want := by(b.stored(), func(t storage.Transaction) string { return t.Amount.Currency })
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(strings.TrimSpace(line), "|")
		if len(parts) != 3 {
			t.Fatalf("sqlite3: %s", out)
		}
		got.add(parts[0], parts[2])
		if n := want[parts[0]]; parts[1] != itoa(n.count) {
			t.Errorf("sqlite3 counts %s of %s, want %d", parts[1], parts[0], n.count)
		}
	}
	for currency, one := range want {
		one.count = 1
		want[currency] = one
	}
	got.same(t, want)
}

// TestCSVOfNothing has its headings all the same.
func TestCSVOfNothing(t *testing.T) {
	b := newBank(t)
	if file := string(b.write("csv", holding.Search{}, export.Options{})); file != strings.Join(export.Columns, ",")+"\r\n" {
		t.Errorf("the file is %q", file)
	}
}
