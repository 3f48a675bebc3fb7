package frontend

import (
	"slices"
	"strings"
	"testing"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// TestBalanceOf says of which day a balance is as one would say it that day.
func TestBalanceOf(t *testing.T) {
	t.Parallel()
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now})
	for _, test := range []struct{ kind, date, want string }{
		{"closingBooked", daysAgo(1).Format("2006-01-02"), "Booked, end of yesterday"},
		{"closingBooked", "2026-11-01", "Booked, end of 1 Nov 2026"},
		{"openingBooked", daysAgo(0).Format("2006-01-02"), "Booked, start of today"},
		{"openingBooked", "2026-11-01", "Booked, start of 1 Nov 2026"},
		{"interimBooked", daysAgo(0).Format("2006-01-02"), "Booked now"},
		{"interimBooked", "2026-11-01", "Booked, as of 1 Nov 2026"},
		{"interimAvailable", "2026-11-01", "Available, as of 1 Nov 2026"},
		{"interimAvailable", "", "Available now"},
		{"expected", "2026-11-01", "Expected, 1 Nov 2026"},
		{"closingBooked", "yesterday", "Booked, end of day"},
		{"fantasy", "", "fantasy"},
	} {
		if got := balanceOf(ctx, storage.Balance{Type: test.kind, ReferenceDate: test.date}); got != test.want {
			t.Errorf("%s of %q: %q, want %q", test.kind, test.date, got, test.want)
		}
	}
}

// TestStandingWhySaysWhatWasChosen says that another balance stands than the person chose, on the page and in a list.
func TestStandingWhySaysWhatWasChosen(t *testing.T) {
	t.Parallel()
	account := storage.Account{Currency: "SEK", Arrangement: storage.Arrangement{MainType: "expected"}, Balances: []storage.Balance{{Type: "interimBooked", Amount: xs2a.Amount{Number: "1", Currency: "SEK"}}}}
	standing, _ := holding.StandingOf(account)
	if got := standingOf(t.Context(), standing); got != "Booked now, not “Expected” as you chose" {
		t.Error(got)
	}
	if got := standingWhy(t.Context(), standing); !slices.ContainsFunc(got, func(note string) bool {
		return strings.Contains(note, "You chose “Expected”. The bank does not send it at present")
	}) {
		t.Errorf("%q", got)
	}
}
