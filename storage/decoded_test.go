package storage

import (
	"testing"

	"consentry/xs2a"
)

// TestOrdersBelongToTheCaller lets a caller change the order of a payment it read: who reads it
// next has the one that is stored.
func TestOrdersBelongToTheCaller(t *testing.T) {
	p := newPaid(t)
	batch := true
	_, err := p.AddPayment(p.ctx, Payment{ID: "p", EnvironmentID: "e", RequestID: "r", Order: xs2a.Order{
		Transfers: []xs2a.Transfer{{Creditor: "A", Amount: xs2a.Amount{Number: "1", Currency: "SEK"}, Address: &xs2a.Address{Town: "Falun"}}}, Standing: &xs2a.Standing{Start: "2027-01-01"}, Batch: &batch,
	}})
	p.must(err)
	for range 2 {
		one, err := p.Payment(p.ctx, "p")
		p.must(err)
		o := one.Order
		if o.Transfers[0].Creditor != "A" || o.Transfers[0].Address.Town != "Falun" || o.Standing.Start != "2027-01-01" || !*o.Batch {
			t.Fatalf("%+v", o)
		}
		o.Transfers[0].Creditor, o.Transfers[0].Address.Town, o.Standing.Start, *o.Batch = "B", "Mora", "2028-01-01", false
	}
}
