package frontend

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

// TestNamesDoNotTurnRoundWhatStandsBeside shows names with each mark on the
// screens that show names: the mark is gone, the letters beside it are there.
func TestNamesDoNotTurnRoundWhatStandsBeside(t *testing.T) {
	t.Parallel()
	store := fresh.Store(t, func() time.Time { return now })
	program := app.New(app.Config{Store: store, Now: func() time.Time { return now }})
	defer program.Close()
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	marks := []rune{
		0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c, // directions
		0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x034f, 0x3164, 0xe0041, // seen by nobody
		0x0001, 0x0008, 0x001b, 0x007f, 0x0085, 0x2028, 0x2029, // controls
	}
	var name strings.Builder
	for i, mark := range marks {
		fmt.Fprintf(&name, "a%d%cb", i, mark)
	}
	live, _, _, _ := exampleConsents()
	live.BankName, live.Purpose = "Bank "+name.String(), "For "+name.String()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.PutEnvironment(t.Context(), storage.Environment{ID: "sandbox", Name: "Env " + name.String()}))
	must(store.AddConsent(t.Context(), live))
	must(store.SetConsentStatus(t.Context(), "c1", "", xs2a.ConsentValid))
	account, err := store.PutAccount(t.Context(), live, xs2a.Account{ResourceID: "r", IBAN: "SE4550000000058398257466", Currency: "SEK", Name: "Account " + name.String(), OwnerName: "Owner " + name.String()})
	must(err)
	must(store.PutBalances(t.Context(), "c1", account.ID, []xs2a.Balance{{Type: "interimBooked", Amount: xs2a.Amount{Number: "5", Currency: "SEK"}}}))
	span := storage.Span{From: "2026-11-19", To: "2026-11-20"}
	reading, err := store.BeginReading(t.Context(), "c1", account.ID, span, span, "")
	must(err)
	_, err = store.PutTransactions(t.Context(), reading, false, []xs2a.Transaction{{ID: "t", BookingDate: "2026-11-19", Amount: xs2a.Amount{Number: "-1", Currency: "SEK"}, CreditorName: "Shop " + name.String(), Remittance: "Text " + name.String()}}, span)
	must(err)
	stored, err := store.BookedTransactions(t.Context(), account.ID, 0, 1)
	must(err)
	for _, address := range []string{"/", "/accounts", "/accounts/1", "/transactions", "/transactions?q=shop", fmt.Sprint("/transactions/", stored[0].ID), "/consents", "/consents/c1", "/consents/c1/withdraw", "/consents/c1/receipt"} {
		r, w := httptest.NewRequest("GET", address, nil), httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(body, "a0b") {
			t.Errorf("%s: %d, and no name: %.300s", address, w.Code, body)
		}
		for i, mark := range marks {
			if strings.ContainsRune(body, mark) {
				t.Errorf("%s holds U+%04X", address, mark)
			}
			if !strings.Contains(body, fmt.Sprintf("a%db", i)) {
				t.Errorf("%s lost the letters around U+%04X", address, mark)
			}
		}
	}
}
