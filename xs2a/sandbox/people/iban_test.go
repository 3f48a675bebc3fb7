package people

import "testing"

func TestIBAN(t *testing.T) {
	// The examples of the IBAN registry.
	for _, iban := range []string{"SE4550000000058398257466", "NO9386011117947", "DK5000400440116243", "FI2112345600000785", "DE89370400440532013000", "GE29NB0000000101904917"} {
		if !ValidIBAN(iban) {
			t.Errorf("%s is refused", iban)
		}
		if swapped := iban[:8] + string(rune(iban[9])) + string(rune(iban[8])) + iban[10:]; swapped != iban && ValidIBAN(swapped) {
			t.Errorf("%s is taken", swapped)
		}
	}
	for _, wrong := range []string{"", "SE", "se4550000000058398257466", "SE455000000005839825746", "XX4550000000058398257466"} {
		if ValidIBAN(wrong) {
			t.Errorf("%q is taken", wrong)
		}
	}
	if got := luhn("1234560000078"); got != '5' { // FI21 1234 5600 0007 85
		t.Errorf("check digit %c", got)
	}
}
