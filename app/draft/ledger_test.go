package draft

import (
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// TestEndpointOf counts what reads accounts, however its address is spelled.
func TestEndpointOf(t *testing.T) {
	for address, want := range map[string]storage.Endpoint{
		"https://b.example/v1/accounts": storage.ReadAccounts, "https://b.example/v1/%61ccounts": storage.ReadAccounts, "https://b.example/v1/card-account%73/1": storage.ReadAccounts,
		"https://b.example/v1/x/../accounts": storage.ReadAccounts, "https://b.example/v1/consents": "", "https://b.example/v1/consents?of=/accounts": "",
	} {
		if got := endpointOf(xs2a.Draft{Method: "GET", Address: address}); got != want {
			t.Errorf("%s reads %q, want %q", address, got, want)
		}
	}
}
