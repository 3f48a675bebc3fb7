package export_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
	"unicode/utf8"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/storage"
)

func itoa(n int) string { return strconv.Itoa(n) }

// TestJSONLines reads each line by itself; what the bank sent stands in it as it came.
func TestJSONLines(t *testing.T) {
	b := example(t)
	file := b.write("jsonl", holding.Search{}, export.Options{})
	if !utf8.Valid(file) {
		t.Error("the file is not UTF-8")
	}
	got := tallies{}
	raws, stored := 0, b.stored()
	lines := bufio.NewScanner(bytes.NewReader(file))
	i := 0
	for ; lines.Scan(); i++ {
		var line struct {
			Account                                  struct{ IBAN, Name, Bank string }
			Status, Amount, Currency, Remittance     string
			TransactionID, FirstSeen, NoLongerListed string
			Raw                                      json.RawMessage
		}
		b.must(json.Unmarshal(lines.Bytes(), &line))
		got.add(line.Account.Name+line.Status+line.Currency, line.Amount)
		one := stored[i]
		if utf8.ValidString(one.Remittance) && (line.Remittance != one.Remittance || line.TransactionID != one.Transaction.ID) {
			t.Errorf("%q is not %q", line.Remittance, one.Remittance)
		}
		if (line.NoLongerListed != "") == one.DroppedAt.IsZero() || line.FirstSeen == "" {
			t.Errorf("line %d: first seen %q, no longer listed %q", i, line.FirstSeen, line.NoLongerListed)
		}
		var text string
		switch {
		case json.Unmarshal(line.Raw, &text) == nil:
			if raws++; text != string(one.Raw) {
				t.Errorf("what is no JSON came to %q", text)
			}
		case string(line.Raw) != string(one.Raw):
			t.Errorf("raw is %s, want %s", line.Raw, one.Raw)
		}
	}
	if i != len(stored) || raws != 1 {
		t.Errorf("%d lines for %d transactions, %d of them with a text", i, len(stored), raws)
	}
	got.same(t, by(stored, func(t storage.Transaction) string {
		return t.AccountName + map[bool]string{false: "booked", true: "pending"}[t.Pending] + t.Amount.Currency
	}))
}
