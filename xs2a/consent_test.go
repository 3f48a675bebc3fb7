package xs2a

import (
	"io"
	"net/http"
	"testing"
)

// TestTermsThatCannotBe takes terms no consent can have as not said: a last day
// that is none would never pass, or have passed at once.
func TestTermsThatCannotBe(t *testing.T) {
	for until, want := range map[string]string{"2026-12-31": "2026-12-31", "2026-12-31T00:00:00Z": "2026-12-31", "31.12.2026": "", "0": "", "": ""} {
		_, client := newCounter(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"consentStatus":"valid","access":{},"validUntil":"`+until+`","frequencyPerDay":-1}`)
		})
		got, err := client.Consent(t.Context(), Call{BIC: "B"}, "c")
		if err != nil || got.ValidUntil != want || got.FrequencyPerDay != 0 {
			t.Errorf("until %q: got %q, %d times a day, %v", until, got.ValidUntil, got.FrequencyPerDay, err)
		}
	}
}
