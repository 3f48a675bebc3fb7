package app_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/pay"
	"consentry/storage"
	"consentry/xs2a"
)

// reads reads what stands at a linked bank now.
func (w *world) reads(consentID string) {
	w.Helper()
	w.Reader().Fetch(consentID, person)
	if job := w.fetched(consentID); job.Err != nil {
		w.Fatal(job.Err)
	}
}

// trace is what stands on the person's accounts of a payment.
func (w *world) trace(id string) pay.Trace {
	w.Helper()
	trace, err := w.Payments().Trace(w.Context(), w.payment(id))
	w.must(err)
	return trace
}

// leadsBack holds a booking that was found for sure to the payment it leads to.
func (w *world) leadsBack(booking pay.Booking, id string) {
	w.Helper()
	if !booking.Sure || len(booking.Found) != 1 {
		w.Fatalf("found is %+v", booking)
	}
	payers, err := w.Payments().PayersOf(w.Context(), booking.Found[0])
	w.must(err)
	if len(payers) != 1 || payers[0].ID != id || !payers[0].Sure {
		w.Errorf("it leads to %+v", payers)
	}
}

// TestPaymentLeadsToItsTransaction pays from one bank to the person's account at another.
// Each transaction leads to the payment and back: while it is pending, when it is booked, and
// not any more once it is erased.
func TestPaymentLeadsToItsTransaction(t *testing.T) {
	w := newPayer(t)
	w.clock.noon()
	p, other := w.from("rheintor"), w.from("elbufer")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	to := other.accountOf(p.psu.Login, "EUR")
	f.From, f.To, f.Creditor = p.accountOf(p.psu.Login, "EUR").IBAN, to.IBAN, "My other account"
	id := p.pays(f)
	if trace := w.trace(id); trace.Seen || len(trace.Bookings) != 0 {
		t.Errorf("of accounts that are not linked is said %+v", trace)
	}
	here, there := p.linkAt("rheintor"), other.linkAt("elbufer")
	for _, booked := range []bool{false, true} { // at first it may be, on a slow machine
		if booked {
			p.settled(id)
			w.reads(here)
			w.reads(there)
		}
		trace := w.trace(id)
		if !trace.Seen || len(trace.Bookings) != 2 || trace.Bookings[0].Incoming || !trace.Bookings[1].Incoming {
			t.Fatalf("found is %+v", trace)
		}
		for _, booking := range trace.Bookings {
			w.leadsBack(booking, id)
			if found := booking.Found[0]; booked && found.Pending || found.Amount.Negative() == booking.Incoming {
				t.Errorf("it is %+v", found)
			}
		}
	}
	w.must(w.Withdraw(t.Context(), here, true, person))
	w.await("its data are erased", func() bool {
		return !slices.ContainsFunc(w.accounts(), func(a storage.Account) bool { return a.BIC == "rheintor" })
	})
	if trace := w.trace(id); trace.Seen || len(trace.Bookings) != 1 || !trace.Bookings[0].Incoming {
		t.Errorf("after it was erased: %+v", trace)
	}
}

// TestStandingOrderLeadsToItsTransactions finds each time that a standing order was made.
func TestStandingOrderLeadsToItsTransactions(t *testing.T) {
	w := newPayer(t)
	w.clock.noon()
	p := w.from("rheintor")
	f := p.form(xs2a.PeriodicPayment, "sepa-credit-transfers")
	f.From, f.Frequency, f.Rule = p.accountOf(p.psu.Login, "EUR").IBAN, string(xs2a.Weekly), "following"
	start := p.Clock().NowAt(bank.SandboxID).AddDate(0, 0, 1)
	f.Start = start.Format(time.DateOnly)
	id := p.pays(f)
	consent := p.linkAt("rheintor")
	// In 20 days it is made three times: the third is due on the 15th of them, four days are
	// the most that it is moved by, over Easter, and the fourth is due on the 22nd.
	p.control(http.MethodPost, "/clock", `{"advance":"480h"}`)
	p.must(p.Clock().Read(t.Context()))
	w.reads(consent)
	trace := w.trace(id)
	if len(trace.Bookings) != 3 {
		t.Fatalf("it was made %d times: %+v", len(trace.Bookings), trace)
	}
	seen := map[int64]bool{}
	for _, booking := range trace.Bookings {
		w.leadsBack(booking, id)
		seen[booking.Found[0].ID] = true
	}
	if len(seen) != 3 {
		t.Errorf("the same transaction stands for several: %+v", trace.Bookings)
	}
}
