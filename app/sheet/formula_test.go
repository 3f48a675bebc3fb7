package sheet

import (
	"strings"
	"testing"
)

// TestNeutral holds that no cell begins as a formula, and that the text comes back.
func TestNeutral(t *testing.T) {
	for _, text := range []string{"", "a", "=1", "+1", "-1", "@a", "\t=1", "\r=1", "'=1", "''=1", "'", "''", "'a", "＝1", "＋1", "å", "a=1", " =1", "1-2", "მ", "－", "＠"} {
		cell := Neutral(text)
		for _, first := range cell {
			if strings.ContainsRune(formulas, first) {
				t.Errorf("%q begins as a formula", cell)
			}
			break
		}
		if back := Plain(cell); back != text {
			t.Errorf("%q comes back as %q", text, back)
		}
		if len(cell) > len(text)+1 {
			t.Errorf("%q came to %q", text, cell)
		}
	}
	if Neutral("'tis") != "'tis" || Neutral("ordinary") != "ordinary" {
		t.Error("what is harmless is changed")
	}
}
