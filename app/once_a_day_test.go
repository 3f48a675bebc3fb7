package app_test

import (
	"net/http"
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// allowOnceADay adds a valid consent that may be used once a day without the
// person.
func (b *smallBank) allowOnceADay() string {
	b.Helper()
	all := &[]xs2a.AccountReference{}
	asked := xs2a.ConsentRequest{Access: xs2a.Access{Accounts: all, Balances: all, Transactions: all}, Recurring: true, FrequencyPerDay: 1, ValidUntil: "2028-01-01"}
	store := b.store.At(b.clock.Now)
	b.must(store.AddConsent(b.Context(), storage.Consent{ID: "once", EnvironmentID: "small", BIC: "small", BankName: "Small Bank", RequestID: "once",
		Asked: asked, ValidUntil: asked.ValidUntil, FrequencyPerDay: 1, Recurring: true}))
	b.must(store.SetBankConsent(b.Context(), "once", "bank-once"))
	b.must(store.SetConsentStatus(b.Context(), "once", "", xs2a.ConsentValid))
	return "once"
}

// readsAlone holds that fetches without the person go well, and read something.
func (b *smallBank) readsAlone(id string) {
	b.Helper()
	before := b.countBooked()
	for range 3 {
		b.clock.pass(2)
		b.FetchAlone(id)
		if job := b.fetched(id); job.Err != nil {
			b.Error(job.Err)
		}
	}
	if b.countBooked() == before {
		b.Error("nothing was ever read")
	}
}

// TestOnceADayBeyondThePeriod reads what a bank serves without the person though
// days are missing that it does not, and the consent is for once a day. The
// others are asked for when the person is there.
func TestOnceADayBeyondThePeriod(t *testing.T) {
	b := newSmallBank(t)
	id := b.allowOnceADay()
	b.answer(serving(b.clock.Now, 90))
	b.Reader().Fetch(id, person)
	b.fetched(id)
	b.clock.pass(120)
	b.readsAlone(id)
	b.Reader().Fetch(id, person)
	b.fetched(id)
	if gaps := b.account(firstIBAN).Gaps; len(gaps) != 1 || gaps[0].Reason != storage.GapPeriod {
		t.Errorf("%+v", gaps)
	}
}

// TestOnceADayAfterABreak is the same after a reading that broke off.
func TestOnceADayAfterABreak(t *testing.T) {
	b := newSmallBank(t)
	id := b.allowOnceADay()
	first := true
	serve := serving(b.clock.Now, 90)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if !first {
			serve(w, r)
			return
		}
		if pageOf(r.URL.Query()) == 0 {
			page(w, r, []map[string]any{bookedOn(day(0), "x", "-4.00", "Bun")}, nil, 1)
			return
		}
		refuse(w, 400, "FORMAT_ERROR", "")
	})
	b.Reader().Fetch(id, person)
	b.fetched(id)
	first = false
	b.readsAlone(id)
}
