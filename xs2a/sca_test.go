package xs2a

import "testing"

// TestNextStep says, for each thing a bank can answer, what the person meets
// next. The links decide; consents, payments and cancellations are alike.
func TestNextStep(t *testing.T) {
	methods := []AuthenticationMethod{{ID: "sms"}, {ID: "app"}}
	one := func(names ...string) Links {
		links := Links{"scaStatus": "/s"}
		for _, name := range names {
			links[name] = "https://bank.example/" + name
		}
		return links
	}
	tests := map[string]struct {
		answer SCAAnswer
		want   Next
	}{
		// Explicit and implicit start (BG 1.3.12 section 4.14.2).
		"explicit start":            {SCAAnswer{ConsentStatus: ConsentReceived, Links: Links{"startAuthorisation": "/a", "self": "/c"}}, Next{Step: StepStart, Start: true}},
		"start with identification": {SCAAnswer{Links: one("startAuthorisationWithPsuIdentification")}, Next{Step: StepIdentify, Start: true}},
		"start with password":       {SCAAnswer{Links: one("startAuthorisationWithPsuAuthentication")}, Next{Step: StepPassword, Start: true}},
		"start, encrypted password": {SCAAnswer{Links: one("startAuthorisationWithEncryptedPsuAuthentication")}, Next{Step: StepPassword, Start: true, Encrypted: true}},
		"start with choice":         {SCAAnswer{Links: one("startAuthorisationWithAuthenticationMethodSelection"), Methods: methods}, Next{Step: StepChooseMethod, Start: true, Methods: methods}},
		"start with code":           {SCAAnswer{Links: one("startAuthorisationWithTransactionAuthorisation")}, Next{Step: StepCode, Start: true}},
		"data before a plain start": {SCAAnswer{Links: one("startAuthorisation", "startAuthorisationWithPsuAuthentication")}, Next{Step: StepPassword, Start: true}},
		"choice without methods":    {SCAAnswer{Links: one("startAuthorisation", "startAuthorisationWithAuthenticationMethodSelection")}, Next{Step: StepStart, Start: true}},

		// Redirect and OAuth.
		"redirect at once":         {SCAAnswer{ConsentStatus: ConsentReceived, Links: one("scaRedirect")}, Next{Step: StepRedirect, Link: "https://bank.example/scaRedirect"}},
		"OAuth before redirect":    {SCAAnswer{Links: one("scaOAuth", "scaRedirect")}, Next{Step: StepOAuth, Link: "https://bank.example/scaOAuth"}},
		"redirect before embedded": {SCAAnswer{Links: one("scaRedirect", "updatePsuAuthentication")}, Next{Step: StepRedirect, Link: "https://bank.example/scaRedirect"}},
		"an empty OAuth link":      {SCAAnswer{SCAStatus: SCAReceived, Links: Links{"scaOAuth": "", "scaStatus": "/s"}}, Next{Step: StepWait}},
		"link to come later":       {SCAAnswer{ConsentStatus: ConsentAccepted}, Next{Step: StepWait}},
		"only self":                {SCAAnswer{ConsentStatus: ConsentReceived, Links: Links{"self": "/c"}}, Next{Step: StepWait}},

		// Embedded.
		"identification":             {SCAAnswer{SCAStatus: SCAReceived, Links: one("updatePsuIdentification")}, Next{Step: StepIdentify}},
		"password":                   {SCAAnswer{SCAStatus: "psuIdentified", Links: one("updatePsuAuthentication")}, Next{Step: StepPassword}},
		"encrypted password":         {SCAAnswer{Links: one("updateEncryptedPsuAuthentication")}, Next{Step: StepPassword, Encrypted: true}},
		"second password":            {SCAAnswer{Links: one("updateAdditionalPsuAuthentication")}, Next{Step: StepPassword, Additional: true}},
		"second, encrypted":          {SCAAnswer{Links: one("updateAdditionalEncryptedPsuAuthentication")}, Next{Step: StepPassword, Additional: true, Encrypted: true}},
		"several methods":            {SCAAnswer{SCAStatus: "psuAuthenticated", Links: one("selectAuthenticationMethod"), Methods: methods}, Next{Step: StepChooseMethod, Methods: methods}},
		"methods named, none wanted": {SCAAnswer{SCAStatus: "scaMethodSelected", Links: one("authoriseTransaction"), Methods: methods}, Next{Step: StepCode}},
		"a choice of nothing":        {SCAAnswer{SCAStatus: SCAReceived, Links: one("selectAuthenticationMethod")}, Next{Step: StepUnknown}},
		"code with challenge":        {SCAAnswer{SCAStatus: "scaMethodSelected", Links: one("authoriseTransaction"), Challenge: Challenge{Data: []string{"42"}}}, Next{Step: StepCode}},
		"no method after password":   {SCAAnswer{SCAStatus: SCAFinalised, Links: one()}, Next{Step: StepDone}},

		// Decoupled.
		"decoupled by header":    {SCAAnswer{Approach: "DECOUPLED", SCAStatus: "scaMethodSelected", Links: one()}, Next{Step: StepDecoupled}},
		"decoupled by challenge": {SCAAnswer{SCAStatus: "started", Links: one(), Challenge: Challenge{Image: "aGk="}}, Next{Step: StepDecoupled}},
		"decoupled, who are you": {SCAAnswer{Approach: "DECOUPLED", Links: one("updatePsuIdentification")}, Next{Step: StepIdentify}},

		// Confirmation (BG 1.3.12 section 7.3).
		"unconfirmed":                {SCAAnswer{SCAStatus: SCAUnconfirmed}, Next{Step: StepConfirm}},
		"confirmation link":          {SCAAnswer{SCAStatus: SCAUnconfirmed, Links: one("confirmation")}, Next{Step: StepConfirm}},
		"confirmation over redirect": {SCAAnswer{SCAStatus: SCAUnconfirmed, Links: one("confirmation", "scaRedirect")}, Next{Step: StepConfirm}},

		"confirmation announced": {SCAAnswer{SCAStatus: SCAReceived, Links: one("confirmation", "scaRedirect")}, Next{Step: StepRedirect, Link: "https://bank.example/scaRedirect"}},

		// Several who have to authorise (BG 1.3.12 section 5.3).
		"one of two":             {SCAAnswer{ConsentStatus: ConsentPartiallyAuthorised, SCAStatus: SCAFinalised}, Next{Step: StepAnother, Start: true}},
		"one of two, read later": {SCAAnswer{ConsentStatus: ConsentPartiallyAuthorised}, Next{Step: StepAnother, Start: true}},
		"the second is at it":    {SCAAnswer{ConsentStatus: ConsentPartiallyAuthorised, SCAStatus: SCAReceived, Links: one("scaRedirect")}, Next{Step: StepRedirect, Link: "https://bank.example/scaRedirect"}},
		"a payment by two":       {SCAAnswer{Transaction: "PATC", SCAStatus: SCAFinalised}, Next{Step: StepAnother, Start: true}},

		// The end.
		"finalised":                  {SCAAnswer{SCAStatus: SCAFinalised, Links: one("scaRedirect")}, Next{Step: StepDone}},
		"exempted":                   {SCAAnswer{SCAStatus: SCAExempted}, Next{Step: StepDone}},
		"valid at once":              {SCAAnswer{ConsentStatus: ConsentValid}, Next{Step: StepDone}},
		"failed":                     {SCAAnswer{SCAStatus: SCAFailed, Links: one("scaRedirect")}, Next{Step: StepFailed}},
		"rejected":                   {SCAAnswer{ConsentStatus: ConsentRejected, Links: one("startAuthorisation")}, Next{Step: StepFailed}},
		"expired":                    {SCAAnswer{ConsentStatus: ConsentExpired}, Next{Step: StepFailed}},
		"payment rejected":           {SCAAnswer{Transaction: PaymentRejected, Links: one("scaRedirect")}, Next{Step: StepFailed}},
		"payment taken, SCA to come": {SCAAnswer{Transaction: PaymentReceived, Links: one("scaRedirect")}, Next{Step: StepRedirect, Link: "https://bank.example/scaRedirect"}},

		// What nobody has heard of.
		"busy":              {SCAAnswer{SCAStatus: "started", Links: one()}, Next{Step: StepWait}},
		"an unknown status": {SCAAnswer{SCAStatus: "pondering", Links: one()}, Next{Step: StepWait}},
		"an unknown wish":   {SCAAnswer{SCAStatus: SCAReceived, Links: one("updateProprietaryData")}, Next{Step: StepUnknown}},
		"nothing at all":    {SCAAnswer{}, Next{Step: StepUnknown}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := NextStep(test.answer)
			if got.Step != test.want.Step || got.Link != test.want.Link || got.Start != test.want.Start ||
				got.Encrypted != test.want.Encrypted || got.Additional != test.want.Additional || len(got.Methods) != len(test.want.Methods) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestImplicitAuthorisation finds the id of an authorisation nobody started.
func TestImplicitAuthorisation(t *testing.T) {
	for link, want := range map[string]string{
		"/v1/consents/1/authorisations/abc":                                   "abc",
		"https://b.example/v1/payments/p/1/cancellation-authorisations/x?y=1": "x",
		"/v1/consents/1/status":                                               "", "": "", "/authorisations/": "",
	} {
		if got := idIn(link, []string{"authorisations", "cancellation-authorisations"}); got != want {
			t.Errorf("%q: got %q, want %q", link, got, want)
		}
	}
}
