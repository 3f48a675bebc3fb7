package app_test

import (
	"fmt"
	"net/http"
	"testing"
)

// TestPagesLeadBack has the last page of a report lead back to the first, under
// the address it was asked for by or another one: nothing is stored twice.
func TestPagesLeadBack(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]bool{"first address": true, "page 0": false} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				n := pageOf(r.URL.Query())
				if n == 0 {
					page(w, r, []map[string]any{bookedOn(day(0), "1", "-4.00", "Bun")}, nil, 1)
					return
				}
				if !first {
					page(w, r, []map[string]any{bookedOn(day(-1), "2", "-5.00", "Tram")}, nil, 0)
					return
				}
				q := r.URL.Query()
				q.Del("page")
				fmt.Fprintf(w, `{"transactions":{"booked":[%s],"_links":{"next":{"href":%q}}}}`, jsonOf(bookedOn(day(-1), "2", "-5.00", "Tram")), r.URL.Path+"?"+q.Encode())
			})
			b.read()
			if got := b.countBooked(); got != 2 {
				t.Errorf("%d booked", got)
			}
		})
	}
}
