package app_test

import (
	"net/http"
	"testing"
)

// TestPendingEqualToBooked counts pending and booked transactions apart, though a bank
// sends one of each with the same content.
func TestPendingEqualToBooked(t *testing.T) {
	bun := func() map[string]any { return bookedOn(day(0), "", "-4.00", "Bun") }
	b := newSmallBank(t)
	for i, n := range []struct{ booked, pending int }{{1, 0}, {1, 1}, {1, 0}, {2, 1}, {2, 2}} {
		b.answer(func(w http.ResponseWriter, r *http.Request) {
			var bk, pd []map[string]any
			for range n.booked {
				bk = append(bk, bun())
			}
			for range n.pending {
				pd = append(pd, bun())
			}
			page(w, r, bk, pd, -1)
		})
		if job := b.read(); job.Err != nil {
			t.Fatal(job.Err)
		}
		if got := b.countBooked(); got != n.booked {
			t.Errorf("fetch %d: %d booked, want %d", i+1, got, n.booked)
		}
	}
}
