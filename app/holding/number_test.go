package holding_test

import (
	"testing"

	"consentry/app/holding"
)

func TestMaskNumber(t *testing.T) {
	for number, want := range map[string]string{
		"SE45 5000 0000 0583 9825 7466": "SE45 ···· 7466",
		"SE4550000000058398257466":      "SE45 ···· 7466",
		"58398257466":                   "···· 7466",
		"••••7466":                      "···· 7466", // after its data were erased
		"7466":                          "····",
		"":                              "····",
	} {
		if got := holding.MaskNumber(number); got != want {
			t.Errorf("%q becomes %q, want %q", number, got, want)
		}
	}
}
