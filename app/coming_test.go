package app_test

import (
	"fmt"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/stage"
	"consentry/storage"
	"consentry/xs2a"
)

// TestOutlook has somebody with payments at every stage look ahead: a standing order made here comes on its days, and the
// next read, and nothing that waits for them.
func TestOutlook(t *testing.T) {
	t.Parallel()
	p := newPractising(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	scene, err := stage.SceneOf("payments")
	must(err)
	must(p.SetScene(t.Context(), scene, person))
	ctx, now := t.Context(), p.Clock().NowAt("sandbox")

	before, err := p.Outlook(ctx, 35, false)
	must(err)
	if before.Found || len(before.All) == 0 {
		t.Errorf("without looking: found %v, %d things", before.Found, len(before.All))
	}
	view, err := p.Outlook(ctx, 35, true)
	must(err)
	if kept, err := p.Outlook(ctx, 35, false); err != nil || !kept.Found || len(kept.All) != len(view.All) {
		t.Errorf("what was found is not kept: found %v, %d of %d (%v)", kept.Found, len(kept.All), len(view.All), err)
	}
	counts := map[app.ComingKind]int{}
	last := ""
	for _, one := range view.All {
		counts[one.Kind]++
		if one.On < last || one.On > now.AddDate(0, 0, 35).Format(time.DateOnly) {
			t.Errorf("%s is not in the order of days", one.On)
		}
		last = one.On
		if one.Kind == app.ComesOrdered && one.Payment.Order.Standing == nil {
			t.Errorf("what is expected to be ordered is %+v", one.Payment.Order)
		}
	}
	if counts[app.ComesOrdered] != 2 || counts[app.ComesRead] != 1 || counts[app.ComesEnd] != 0 {
		t.Errorf("got %v", counts)
	}
	if far, err := p.Outlook(ctx, 200, true); err != nil || countOf(far, app.ComesEnd) != 1 {
		t.Errorf("the end of the consent is not foreseen (%v)", err)
	}

	needs, err := p.Needs(ctx)
	must(err)
	if len(needs.All) != 2 || needs.All[0].Kind != app.NeedPayment || needs.All[1].Kind != app.NeedPayment {
		t.Errorf("needs %+v", needs.All)
	}
	lately, err := p.Lately(ctx)
	must(err)
	if len(lately) == 0 || lately[len(lately)-1].Kind != app.HappenedPayment || lately[len(lately)-1].Payment.Status != xs2a.PaymentRejected && lately[0].Payment.Status != xs2a.PaymentRejected {
		t.Errorf("lately %+v", lately)
	}
}

func countOf(view app.Outlook, kind app.ComingKind) (n int) {
	for _, one := range view.All {
		if one.Kind == kind {
			n++
		}
	}
	return n
}

// TestStandingOrderComesOnce: a standing order made here, which was made often enough to be found in the history, too, stands
// there once, as the order.
func TestStandingOrderComesOnce(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.clock.noon()
	c := w.valid("c1", "Norrsken Bank", w.Clock().Now().AddDate(0, 0, 100).Format(time.DateOnly))
	account, err := w.store.PutAccount(ctx, c, xs2a.Account{ResourceID: "a", IBAN: "SE4550000000058398257466", Currency: "SEK", Raw: []byte(`{}`)})
	w.must(err)
	now := w.Clock().Now()
	start := now.AddDate(0, 0, -5*7)
	var paid []xs2a.Transaction
	for n := range 5 {
		on := start.AddDate(0, 0, 7*n).Format(time.DateOnly)
		for i, amount := range []string{"-100", "-70"} {
			paid = append(paid, xs2a.Transaction{ID: fmt.Sprint(n, " ", i), BookingDate: on, ValueDate: on, Amount: xs2a.Amount{Number: amount + ".00", Currency: "SEK"}, CreditorName: []string{"Club", "Other"}[i],
				CreditorAccount: []string{"SE3550000000054910000003", "SE7280000810340009783242"}[i], Raw: []byte(`{}`)})
		}
	}
	span := storage.Span{From: start.AddDate(0, 0, -1).Format(time.DateOnly), To: now.Format(time.DateOnly)}
	reading, err := w.store.BeginReading(ctx, c.ID, account.ID, span, span, "")
	w.must(err)
	_, err = w.store.PutTransactions(ctx, reading, false, paid, span)
	w.must(err)
	w.must(w.store.EndReading(ctx, reading, storage.Answered{Booked: true}))

	order := xs2a.Order{Service: xs2a.PeriodicPayment, Product: "sepa-credit-transfers", Debtor: xs2a.OrderAccount{IBAN: account.IBAN},
		Transfers: []xs2a.Transfer{{Creditor: "Club", To: xs2a.OrderAccount{IBAN: "SE3550000000054910000003"}, Amount: xs2a.Amount{Number: "100", Currency: "SEK"}}},
		Standing:  &xs2a.Standing{Frequency: xs2a.Weekly, Start: start.Format(time.DateOnly), Rule: "following"}}
	_, err = w.store.AddPayment(ctx, storage.Payment{ID: "p1", EnvironmentID: c.EnvironmentID, BIC: c.BIC, BankName: c.BankName, RequestID: "r", Order: order})
	w.must(err)
	find := func() (ordered, found int) {
		view, err := w.Outlook(ctx, 7, true)
		w.must(err)
		for _, one := range view.All {
			if one.Regular.Name == "Club" {
				found++
			}
		}
		return countOf(view, app.ComesOrdered), found
	}
	if ordered, found := find(); ordered != 0 || found == 0 {
		t.Errorf("of an order that was not sent: %d ordered, %d found", ordered, found)
	}
	one, err := w.store.Payment(ctx, "p1")
	w.must(err)
	w.must(w.store.SetShown(ctx, one, "s"))
	w.must(w.store.ConfirmPayment(ctx, "p1", "s"))
	w.must(w.store.ClaimSending(ctx, "p1"))
	w.must(w.store.SetTaken(ctx, "p1", storage.Answer{BankID: "b", Status: "ACTC"}))
	if ordered, found := find(); ordered == 0 || found != 0 {
		t.Errorf("of an order in force: %d ordered, %d found", ordered, found)
	}
}
