package frontend

import (
	"strings"
	"testing"

	"consentry/app"
)

// TestDeliveryIsForTesters shows the exchange that a transaction came with to who tests.
func TestDeliveryIsForTesters(t *testing.T) {
	t.Parallel()
	for audience, want := range map[app.Audience]bool{app.AudienceTesting: true, app.AudienceOwn: false, app.AudienceShowing: false} {
		html := string(render(t, withAudience(t.Context(), audience), transactionScreen(transactionView{Transaction: exampleTransactions()[1]})))
		if strings.Contains(html, "exchange") != want {
			t.Errorf("%q: the exchange is shown: %v", audience, !want)
		}
	}
}
