package record

import "testing"

// TestOperationOf names requests of all dialects.
func TestOperationOf(t *testing.T) {
	const c, p = "https://b.example/psd2/consent/v1", "https://b.example/psd2/paymentinitiation/v1/payments/domestic"
	for _, test := range []struct{ method, address, body, words string }{
		{"POST", c + "/consents", "{}", "Ask for the consent"},
		{"POST", c + "/consents/1/authorisations", "{}", "Start the authorisation"},
		{"PUT", c + "/consents/1/authorisations/2", `{"authenticationMethodId":"x"}`, "Choose the method"},
		{"PUT", c + "/consents/1/authorisations/2", `{"psuData":{"password":"«redacted»"}}`, "Log in at the bank"},
		{"PUT", c + "/consents/1/authorisations/2", `{"scaAuthenticationData":"«redacted»"}`, "Send the code"},
		{"GET", c + "/consents/1/authorisations/2", "", "Ask for the SCA status"},
		{"GET", c + "/consents/1/status", "", "Ask for the consent's status"},
		{"DELETE", c + "/consents/1", "", "End the consent"},
		{"GET", "https://b.example/v1/accounts?withBalance=true", "", "List the accounts"},
		{"GET", "https://b.example/v1/accounts/3/transactions?bookingStatus=both", "", "Read transactions"},
		{"GET", "https://b.example/v1/accounts/3/transactions/4", "", "Read one transaction"},
		{"GET", "https://b.example/v1/card-accounts/3/balances", "", "Read card balances"},
		{"GET", "https://b.example/x/api/berlingroup/v1/accounts/refresh/status", "", "Ask how far the refresh is"},
		{"POST", p, "{}", "Send the payment"},
		{"GET", p + "/1/status", "", "Ask for the payment's status"},
		{"POST", p + "/1/cancellation-authorisations", "", "Start the authorisation of the cancellation"},
		{"GET", "https://b.example/psd2/aspspinformation/v1/cities/44", "", "List the cities"},
		{"POST", "https://auth.example/connect/token", "client_id=a&grant_type=client_credentials", "Get an access token"},
		{"POST", "https://auth.example/connect/token", "grant_type=authorization_code&code=«redacted»", "Exchange the code"},
		{"GET", "https://auth.example/.well-known/openid-configuration", "", "Discover the authorisation server"},
		{"PATCH", "https://b.example/other?x=1", "", "PATCH /other"},
		{"GET", "://", "", "GET :"},
	} {
		if got := OperationOf(test.method, test.address, test.body); got.Words != test.words {
			t.Errorf("%s %s: %q, want %q", test.method, test.address, got.Words, test.words)
		}
	}
}
