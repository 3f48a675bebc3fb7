package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/message"

	"consentry/storage"
)

// What was found is taken out as files, each of which holds exactly that, and an account's statement prints.
func TestTakeOut(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	folder := astrid.downloads()
	astrid.shares(consentry, norrsken, "astrid")
	all := consentry.everything()

	astrid.visit("/transactions")
	astrid.click("Take out")
	astrid.title("Take out transactions")
	astrid.see(counted("%d transactions", len(all)))
	astrid.nextTo("CSV for programs", "Save")
	lines := table(t, astrid.saved(folder, ".csv"))
	if len(lines)-1 != len(all) {
		t.Errorf("%d lines for %d transactions", len(lines)-1, len(all))
	}

	astrid.visit("/transactions?way=out")
	astrid.click("Take out")
	astrid.see("Money out")
	out := slices.DeleteFunc(slices.Clone(all), func(one storage.Transaction) bool { return !one.Amount.Negative() })
	astrid.see(counted("%d transactions", len(out)))
	astrid.nextTo("CSV for a spreadsheet", "Save")
	text, marked := strings.CutPrefix(astrid.saved(folder, ".csv"), "\ufeff")
	if lines := table(t, text); !marked || len(lines)-1 != len(out) {
		t.Errorf("%d lines for %d transactions, marked %t", len(lines)-1, len(out), marked)
	}
	astrid.nextTo("JSON Lines", "Save")
	objects := strings.Split(strings.TrimSpace(astrid.saved(folder, ".jsonl")), "\n")
	for _, object := range objects {
		if !json.Valid([]byte(object)) {
			t.Errorf("no object: %s", object)
		}
	}
	if len(objects) != len(out) {
		t.Errorf("%d objects for %d transactions", len(objects), len(out))
	}
	astrid.nextTo("Excel workbook (XLSX)", "Save")
	book, err := excelize.OpenReader(strings.NewReader(astrid.saved(folder, ".xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := book.GetRows("Transactions"); err != nil || len(rows)-1 != len(out) {
		t.Errorf("%d rows for %d transactions (%v)", len(rows)-1, len(out), err)
	}

	account := consentry.statement("Lönekonto")
	astrid.visit(fmt.Sprint("/accounts/", account.ID))
	astrid.click("Statement")
	astrid.title("Statement")
	astrid.see("Balance before")
	astrid.see("Balance after")
}

// counted is a number in a sentence, as screens write it.
func counted(sentence string, n int) string {
	return message.NewPrinter(message.MatchLanguage("en-GB")).Sprintf(sentence, n)
}

// table reads a file as a table.
func table(t *testing.T, file string) [][]string {
	t.Helper()
	in := csv.NewReader(strings.NewReader(file))
	if first, _, _ := strings.Cut(file, "\n"); strings.Contains(first, ";") {
		in.Comma = ';'
	}
	lines, err := in.ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("no table: %v", err)
	}
	return lines
}
