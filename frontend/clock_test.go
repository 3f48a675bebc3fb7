package frontend

import (
	"strings"
	"testing"
	"time"

	"consentry/app/clock"
	"consentry/frontend/ui"
)

// TestDoubtAboutTheClockIsSaid names both times and what speaks against the clock.
func TestDoubtAboutTheClockIsSaid(t *testing.T) {
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now, Zone: time.UTC})
	was := now.AddDate(-1, 0, 0)
	for want, doubt := range map[string]clock.Doubt{
		"This machine’s clock says 20 Nov 2026 09:41, but at api.bank.example it is 20 Nov 2025 09:41.":               {Was: was, Is: now, Bank: "api.bank.example"},
		"This machine’s clock jumped from 20 Nov 2025 09:41 to 20 Nov 2026 09:41.":                                    {Was: was, Is: now, Running: true},
		"This machine’s clock says 20 Nov 2025 09:41, but it was 20 Nov 2026 09:41 when Consentry ran the last time.": {Was: now, Is: was},
	} {
		if got := doubtWords(ctx, &doubt); got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}

// TestEndByTheClockAloneIsSaid says that an end is not confirmed, and offers to ask
// the bank and to withdraw.
func TestEndByTheClockAloneIsSaid(t *testing.T) {
	view := exampleLive()
	view.ValidUntil, view.RenewBy, view.RanOutAt = "2026-11-18", "2026-11-18", daysAgo(1)
	view.State = stateAt(view.Consent, false, now)
	html := string(render(t, t.Context(), consentScreen(view)))
	for _, want := range []string{"By this machine’s clock it ended on 18 Nov 2026; not confirmed by the bank.", string(checkEndLabel), "Withdraw", "Nothing is read"} {
		if !strings.Contains(html, want) {
			t.Errorf("does not say %q", want)
		}
	}
	if view.State.Live || strings.Contains(html, "Update now") {
		t.Error("it is offered to be read")
	}
}
