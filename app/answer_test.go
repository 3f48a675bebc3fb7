package app_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// TestAnswersBesidesAreKept keeps what a bank's answer says beside its step,
// fees first, and the answer as it came; erasing takes both.
func TestAnswersBesidesAreKept(t *testing.T) {
	b := newSmallBank(t)
	b.consents = func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"consentId":"k1","consentStatus":"received","_links":{"scaRedirect":{"href":"https://bank.example/approve"}},
			"transactionFees":{"amount":"1.50","currency":"EUR"},"currencyConversionFees":{"amount":"0.20","currency":"EUR"},
			"estimatedTotalAmount":{"amount":"101.70","currency":"EUR"},"estimatedInterbankSettlementAmount":{"amount":"1130","currency":"SEK"},
			"trustedBeneficiaryFlag":false,"tppMessages":[{"category":"WARNING","code":"WARNING","text":"Evening works"}],"house":"Erna"}`)
	}
	share := b.DefaultShare("small")
	share.EnvironmentID, share.BIC = "small", "small"
	id, err := b.Ask(t.Context(), share, person)
	b.must(err)
	amount := func(n, currency string) *xs2a.Amount { return &xs2a.Amount{Number: n, Currency: currency} }
	no, flow := false, b.flow(id)
	want := storage.Said{Trusted: &no, Warnings: []string{"WARNING Evening works"}, Fees: xs2a.Fees{
		Transaction: amount("1.50", "EUR"), Conversion: amount("0.20", "EUR"), EstimatedTotal: amount("101.70", "EUR"), EstimatedInterbank: amount("1130", "SEK")}}
	if !reflect.DeepEqual(flow.Asks.Said, want) || !strings.Contains(flow.Answer, `"house":"Erna"`) {
		t.Errorf("kept %+v and %s", flow.Asks.Said, flow.Answer)
	}
	b.must(b.Withdraw(t.Context(), flow.Consent.ID, true, person))
	b.await("it is erased", func() bool { return !b.world.consent(flow.Consent.ID).ErasedAt.IsZero() })
	if flow = b.flow(id); flow.Answer != "" || flow.Asks.Said.Fees != (xs2a.Fees{}) || flow.Asks.Said.Warnings != nil {
		t.Errorf("after the erasure %+v and %q", flow.Asks.Said, flow.Answer)
	}
}
