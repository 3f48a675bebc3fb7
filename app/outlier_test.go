package app_test

import (
	"net/http"
	"testing"
)

// TestOutlierBeforeABreak has a report break off after a page whose last transaction is
// out of order: the days between are not known to be whole.
func TestOutlierBeforeABreak(t *testing.T) {
	b := newSmallBank(t)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if pageOf(r.URL.Query()) == 0 {
			page(w, r, []map[string]any{bookedOn(day(0), "1", "-4.00", "Bun"), bookedOn(day(-1), "2", "-5.00", "Tram"),
				bookedOn(day(-600), "3", "-6.00", "Correction")}, nil, 1)
			return
		}
		refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "")
	})
	b.read()
	if gaps := b.account(firstIBAN).Gaps; len(gaps) != 1 || gaps[0].To < day(-2) {
		t.Errorf("missing: %+v", gaps)
	}
}
