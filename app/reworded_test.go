package app_test

import (
	"net/http"
	"testing"
)

// TestRewordedThenAnotherID lets a bank better the words of a transaction and then
// change its id: it is known by the words it has.
func TestRewordedThenAnotherID(t *testing.T) {
	b := newSmallBank(t)
	for i, e := range []map[string]any{
		bookedOn(day(0), "a", "-4.00", "Card payment"),
		bookedOn(day(0), "a", "-4.00", "Bun at the baker's"),
		bookedOn(day(0), "b", "-4.00", "Bun at the baker's"),
	} {
		b.answer(func(w http.ResponseWriter, r *http.Request) { page(w, r, []map[string]any{e}, nil, -1) })
		b.read()
		if got := b.countBooked(); got != 1 {
			t.Errorf("fetch %d: %d booked", i+1, got)
		}
	}
}
