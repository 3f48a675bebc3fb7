package app_test

import (
	"fmt"
	"net/http"
	"testing"

	"consentry/storage"
)

// TestUnknownToADeletion does not take a deletion that the bank refuses as that of
// an unknown consent for a withdrawal, while the bank calls the consent valid.
func TestUnknownToADeletion(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"RESOURCE_UNKNOWN", "CONSENT_UNKNOWN", ""} {
		t.Run(code, func(t *testing.T) {
			b := newSmallBank(t)
			b.mu.Lock()
			b.standing = func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodDelete && code == "":
					w.WriteHeader(404)
					fmt.Fprint(w, "<html>not here</html>")
				case r.Method == http.MethodDelete:
					refuse(w, 404, code, "")
				default:
					fmt.Fprint(w, `{"consentStatus":"valid"}`)
				}
			}
			b.mu.Unlock()
			err := b.Withdraw(t.Context(), b.consent, false, person)
			c := b.world.consent(b.consent)
			if err == nil || c.Acknowledgement != storage.AckRefused || c.Ended() && c.Status != "valid" {
				t.Errorf("acknowledged %q, status %q, %v", c.Acknowledgement, c.Status, err)
			}
		})
	}
}

// TestGatewayConfirmsNoWithdrawal takes what gateways answer under 404 for every
// address for no word of the bank.
func TestGatewayConfirmsNoWithdrawal(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"<html><body>Maintenance</body></html>", "", "not found", `{}`, `{"message":"no Route matched with those values"}`,
		`{"status":404,"error":"Not Found","path":"/"}`, `{"code":404,"message":"Not Found"}`,
	} {
		t.Run(body, func(t *testing.T) {
			b := newSmallBank(t)
			b.mu.Lock()
			b.standing = func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(404)
				fmt.Fprint(w, body)
			}
			b.mu.Unlock()
			err := b.Withdraw(t.Context(), b.consent, false, person)
			c := b.world.consent(b.consent)
			if err != nil || c.Acknowledgement != storage.AckUnconfirmed {
				t.Errorf("%s: acknowledged %q, status %q, %v", body, c.Acknowledgement, c.Status, err)
			}
		})
	}
}
