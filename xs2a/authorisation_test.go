package xs2a

import "testing"

// TestNextStep says, for each thing a bank can answer with redirect SCA, what
// the person meets next.
func TestNextStep(t *testing.T) {
	method := []AuthenticationMethod{{ID: "mbid"}}
	tests := map[string]struct {
		answer SCAAnswer
		step   Step
		link   string
	}{
		"explicit start wanted":        {SCAAnswer{ConsentStatus: ConsentReceived, Links: Links{"startAuthorisation": "/a", "self": "/c"}}, StepStart, "/a"},
		"start with choice of methods": {SCAAnswer{Links: Links{"startAuthorisationWithAuthenticationMethodSelection": "/m"}}, StepStart, "/m"},
		"methods to choose from":       {SCAAnswer{SCAStatus: SCAReceived, Links: Links{"selectAuthenticationMethod": "/m", "scaStatus": "/s"}, Methods: method}, StepChooseMethod, "/m"},
		"a choice without methods":     {SCAAnswer{SCAStatus: SCAReceived, Links: Links{"selectAuthenticationMethod": "/m", "scaStatus": "/s"}}, StepUnknown, ""},
		"implicit start, redirect":     {SCAAnswer{ConsentStatus: ConsentReceived, Links: Links{"scaRedirect": "https://b/", "scaStatus": "/s"}}, StepRedirect, "https://b/"},
		"OAuth before redirect":        {SCAAnswer{Links: Links{"scaOAuth": "https://a/", "scaRedirect": "https://b/"}}, StepOAuth, "https://a/"},
		"an empty OAuth link":          {SCAAnswer{Links: Links{"scaOAuth": "", "scaRedirect": "https://b/"}}, StepRedirect, "https://b/"},
		"redirect although finalised":  {SCAAnswer{SCAStatus: SCAFinalised, Links: Links{"scaRedirect": "https://b/"}}, StepDone, ""},
		"exempted":                     {SCAAnswer{SCAStatus: SCAExempted}, StepDone, ""},
		"valid at once":                {SCAAnswer{ConsentStatus: ConsentValid}, StepDone, ""},
		"failed":                       {SCAAnswer{SCAStatus: SCAFailed, Links: Links{"scaRedirect": "https://b/"}}, StepFailed, ""},
		"rejected":                     {SCAAnswer{ConsentStatus: ConsentRejected, Links: Links{"startAuthorisation": "/a"}}, StepFailed, ""},
		"expired meanwhile":            {SCAAnswer{ConsentStatus: ConsentExpired}, StepFailed, ""},
		"only the status":              {SCAAnswer{SCAStatus: "started", Links: Links{"scaStatus": "/s"}}, StepWait, ""},
		"a code is wanted here":        {SCAAnswer{SCAStatus: "scaMethodSelected", Links: Links{"authoriseTransaction": "/c", "scaStatus": "/s"}}, StepUnknown, ""},
		"a password is wanted here":    {SCAAnswer{SCAStatus: SCAReceived, Links: Links{"updatePsuAuthentication": "/p", "scaStatus": "/s"}}, StepUnknown, ""},
		"a status nobody has heard of": {SCAAnswer{SCAStatus: "pondering", Links: Links{"scaStatus": "/s"}}, StepWait, ""},
		"nothing at all":               {SCAAnswer{}, StepUnknown, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			next := NextStep(test.answer)
			if next.Step != test.step || next.Link != test.link {
				t.Errorf("got %s %q, want %s %q", next.Step, next.Link, test.step, test.link)
			}
		})
	}
}
