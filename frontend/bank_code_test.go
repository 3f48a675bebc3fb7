package frontend

import (
	"slices"
	"testing"
)

func TestCodeWords(t *testing.T) {
	for code, want := range map[string]string{
		"PMNT-RCDT-ESCT": "Transfer received: SEPA", "PMNT-CCRD-CWDL": "Card: cash withdrawal", "PMNT-ICDT-OTHR": "Transfer sent", "PMNT-RDDT-ESDD-7": "Direct debit paid: SEPA",
		"MCC 5411": "Groceries", "MCC 5412": "Shops", "MCC 6011": "Cash", "MCC 9999": "Authorities",
		"": "", "PMNT": "", "PMNT-RCDT": "", "NTRF+166": "", "a-b-c": "", "MCC": "", "MCC 1": "", "MCC 0001": "", "MCC x411": "",
	} {
		if got := codeWords(t.Context(), code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if !slices.IsSortedFunc(merchantKinds, func(a, b merchants) int { return a.from - b.from }) {
		t.Error("merchants are not in order")
	}
}
