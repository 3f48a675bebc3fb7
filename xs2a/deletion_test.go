package xs2a

import "testing"

// TestDeletionSaysWhatItSays takes a deletion for done only where the answer
// says so: one that wants an approval, or says nothing, is no confirmation.
func TestDeletionSaysWhatItSays(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		ended  bool
		step   Step
	}{
		"without a body":             {204, "", true, ""},
		"200 without a body":         {200, "  ", true, ""},
		"taken in, without a body":   {202, "", false, ""},
		"a final status":             {200, `{"consentStatus":"terminatedByTpp"}`, true, ""},
		"valid, to be authorised":    {202, `{"consentStatus":"valid","_links":{"startAuthorisation":{"href":"/v1/consents/1/authorisations"}}}`, false, StepStart},
		"valid, a page of the bank":  {200, `{"consentStatus":"valid","_links":{"scaRedirect":{"href":"https://bank.example/approve"}}}`, false, StepRedirect},
		"valid, and no link":         {202, `{"consentStatus":"valid","_links":{"status":{"href":"/v1/consents/1/status"}}}`, false, ""},
		"no status at all":           {200, `{}`, false, ""},
		"a page of a gateway":        {200, `<html>done</html>`, false, ""},
		"members of an unknown form": {200, `{"consentStatus":["valid"],"_links":7}`, false, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := sends(t, test.status, test.body).DeleteConsent(t.Context(), Call{}, "1")
			if err != nil || got.Ended() != test.ended || got.Step != test.step {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
