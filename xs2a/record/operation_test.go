package record

import "testing"

// TestOperationOf names requests of all dialects.
func TestOperationOf(t *testing.T) {
	const c, p = "https://b.example/psd2/consent/v1", "https://b.example/psd2/paymentinitiation/v1/payments/domestic"
	for _, test := range []struct{ method, address, body, id string }{
		{"POST", c + "/consents", "{}", "createConsent"},
		{"POST", c + "/consents/1/authorisations", "{}", "startConsentAuthorisation"},
		{"PUT", c + "/consents/1/authorisations/2", `{"authenticationMethodId":"x"}`, "selectMethod"},
		{"PUT", c + "/consents/1/authorisations/2", `{"psuData":{"password":"«redacted»"}}`, "sendPassword"},
		{"PUT", c + "/consents/1/authorisations/2", `{"scaAuthenticationData":"«redacted»"}`, "sendCode"},
		{"GET", c + "/consents/1/authorisations/2", "", "getConsentScaStatus"},
		{"GET", c + "/consents/1/status", "", "getConsentStatus"},
		{"DELETE", c + "/consents/1", "", "deleteConsent"},
		{"GET", "https://b.example/v1/accounts?withBalance=true", "", "getAccountList"},
		{"GET", "https://b.example/v1/accounts/3/transactions?bookingStatus=both", "", "getTransactionList"},
		{"GET", "https://b.example/v1/accounts/3/transactions/4", "", "getTransactionDetails"},
		{"GET", "https://b.example/v1/card-accounts/3/balances", "", "getCardAccountBalances"},
		{"GET", "https://b.example/x/api/berlingroup/v1/accounts/refresh/status", "", "getRefreshStatus"},
		{"POST", p, "{}", "initiatePayment"},
		{"GET", p + "/1/status", "", "getPaymentInitiationStatus"},
		{"POST", p + "/1/cancellation-authorisations", "", "startPaymentInitiationCancellationAuthorisation"},
		{"GET", "https://b.example/psd2/aspspinformation/v1/cities/44", "", "getCities"},
		{"POST", "https://auth.example/connect/token", "client_id=a&grant_type=client_credentials", "getClientToken"},
		{"POST", "https://auth.example/connect/token", "grant_type=authorization_code&code=«redacted»", "exchangeCode"},
		{"GET", "https://auth.example/.well-known/openid-configuration", "", "getServerMetadata"},
		{"PATCH", "https://b.example/other?x=1", "", "PATCH /other"},
		{"GET", "://", "", "GET :"},
	} {
		if got := OperationOf(test.method, test.address, test.body); got.ID != test.id {
			t.Errorf("%s %s: %q, want %q", test.method, test.address, got.ID, test.id)
		}
	}
}
