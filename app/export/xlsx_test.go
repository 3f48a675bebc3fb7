package export_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/storage"
)

// TestXLSX reads with another program's library what was written.
func TestXLSX(t *testing.T) {
	for name, search := range map[string]holding.Search{"all": {}, "nothing": {Typed: "nothing-like-it"}} {
		b := example(t)
		book, err := excelize.OpenReader(bytes.NewReader(b.write("xlsx", search, export.Options{})))
		if err != nil {
			t.Fatal(name, err)
		}
		if sheets := book.GetSheetList(); !slices.Equal(sheets, []string{"Transactions"}) {
			t.Errorf("%s: the sheets are %q", name, sheets)
		}
		rows, err := book.GetRows("Transactions", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(name, err)
		}
		if !slices.Equal(rows[0], export.Columns) {
			t.Errorf("%s: the columns are %q", name, rows[0])
		}
		stored := b.stored()
		if name == "nothing" {
			stored = nil
		}
		if len(rows)-1 != len(stored) {
			t.Fatalf("%s: %d rows for %d transactions", name, len(rows)-1, len(stored))
		}
		got := tallies{}
		for i, one := range stored {
			row := append(rows[i+1], make([]string, 18)...)
			got.add(row[0]+row[2]+row[6], row[5])
			if isPlain(one.Remittance) && row[11] != one.Remittance || strings.ContainsAny(row[11], "\x00\x01\x1f") {
				t.Errorf("%s: %q, want %q", name, row[11], one.Remittance)
			}
			if cell, err := book.GetCellValue("Transactions", "D"+itoa(i+2)); err != nil || cell != one.BookingDate {
				t.Errorf("%s: the day is shown as %q, want %q (%v)", name, cell, one.BookingDate, err)
			}
			if formula, err := book.GetCellFormula("Transactions", "L"+itoa(i+2)); err != nil || formula != "" {
				t.Errorf("%s: a formula: %q, %v", name, formula, err)
			}
			if kind, err := book.GetCellType("Transactions", "F"+itoa(i+2)); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
				t.Errorf("%s: an amount is no number: %v, %v", name, kind, err)
			}
		}
		got.same(t, by(stored, func(t storage.Transaction) string {
			return map[int64]string{1: "SE4550000000058398257466", 2: "1234567890", 3: "Card"}[t.AccountID] + map[bool]string{false: "Booked", true: "Pending"}[t.Pending] + t.Amount.Currency
		}))
	}
}

// isPlain reports whether a text has nothing that XML cannot hold or reads otherwise.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff })
}
