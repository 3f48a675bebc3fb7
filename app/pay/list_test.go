package pay

import (
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// TestNextOfAList goes from what waits for the person to what waits for another one, and
// passes over what waits for the bank.
func TestNextOfAList(t *testing.T) {
	at := func(status xs2a.TransactionStatus, change func(*storage.Payment)) storage.Payment {
		p := storage.Payment{ID: string(status), Fate: storage.FateTaken, Status: status}
		if change != nil {
			change(&p)
		}
		return p
	}
	confirmed := storage.Payment{ID: "confirmed", Fate: storage.FateConfirmed}
	for _, each := range []struct {
		list []storage.Payment
		want string
	}{
		{[]storage.Payment{at("ACSC", nil), at("PATC", nil), confirmed}, "confirmed"},
		{[]storage.Payment{at("RCVD", func(p *storage.Payment) { p.Approved = true }), at("SOON", nil), confirmed}, "confirmed"},
		{[]storage.Payment{at("RCVD", func(p *storage.Payment) { p.Cancellation = storage.CancelPending }), at("PDNG", nil)}, "PDNG"},
		{[]storage.Payment{at("RCVD", nil), confirmed}, "RCVD"},
		{[]storage.Payment{at("ACSP", nil), at("PATC", nil)}, "PATC"},
		{[]storage.Payment{at("ACSP", nil), at("RJCT", func(p *storage.Payment) { p.EndedAt = p.EndedAt.AddDate(2026, 0, 0) })}, ""},
	} {
		if next, _ := NextOf(each.list); next.ID != each.want {
			t.Errorf("%+v: next is %q, want %q", each.list, next.ID, each.want)
		}
	}
}
