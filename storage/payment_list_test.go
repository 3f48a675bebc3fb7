package storage

import (
	"errors"
	"slices"
	"testing"

	"consentry/xs2a"
)

// listed keeps the payments of a form that makes several.
func (p paid) listed(listID string, ids ...string) []Payment {
	p.Helper()
	var list []Payment
	for _, id := range ids {
		list = append(list, Payment{
			ID: id, EnvironmentID: "e", BIC: "NRSKSESS", BankName: "Norrsken Bank", RequestID: "r-" + id,
			Order: xs2a.Order{Service: xs2a.SinglePayment, Product: "domestic", Transfers: []xs2a.Transfer{{Creditor: id, Amount: xs2a.Amount{Number: "1", Currency: "SEK"}}}},
		})
	}
	p.must(p.AddPaymentList(p.ctx, listID, list))
	return p.list(listID)
}

func (p paid) list(listID string) []Payment {
	p.Helper()
	list, err := p.PaymentList(p.ctx, listID)
	p.must(err)
	return list
}

// TestPaymentListIsMadeOnce keeps what comes from one form once, in its order.
func TestPaymentListIsMadeOnce(t *testing.T) {
	p := newPaid(t)
	first := p.listed("form", "c", "a", "b")
	again := p.listed("form", "x", "y")
	for _, list := range [][]Payment{first, again} {
		if len(list) != 3 || list[0].ID != "c" || list[1].ID != "a" || list[2].ID != "b" {
			t.Errorf("the list is %+v", list)
		}
	}
	if _, err := p.PaymentList(p.ctx, "other"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no list is said %v", err)
	}
	p.adds("alone", "f")
	if _, err := p.PaymentList(p.ctx, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("payments by themselves are a list: %v", err)
	}
}

// TestPaymentListIsConfirmedWhole confirms all payments of a list or none.
func TestPaymentListIsConfirmedWhole(t *testing.T) {
	p := newPaid(t)
	list := p.listed("form", "a", "b", "c")
	for i := range list {
		list[i].Shown = "seen-" + list[i].ID
	}
	p.must(p.ShowPaymentList(p.ctx, list))
	changed := p.has("b")
	p.must(p.SetOrder(p.ctx, changed, changed.Order))
	if err := p.ConfirmPaymentList(p.ctx, list); !errors.Is(err, ErrNotShown) {
		t.Fatalf("one was changed since it was shown: %v", err)
	}
	if err := p.ShowPaymentList(p.ctx, list); !errors.Is(err, ErrStale) {
		t.Fatalf("what was read before the change is shown: %v", err)
	}
	for _, one := range p.list("form") {
		if one.Fate != FateComposed {
			t.Errorf("%s is %q though not all were confirmed", one.ID, one.Fate)
		}
	}
	list = p.list("form")
	for i := range list {
		list[i].Shown = "seen-" + list[i].ID
	}
	p.must(p.ShowPaymentList(p.ctx, list))
	p.must(p.ConfirmPaymentList(p.ctx, list))
	p.must(p.ClaimSending(p.ctx, "a"))
	if err := p.ConfirmPaymentList(p.ctx, list); !errors.Is(err, ErrSent) {
		t.Errorf("one is on its way: %v", err)
	}
}

// TestPaymentTemplates are kept, found by name, and gone with their environment.
func TestPaymentTemplates(t *testing.T) {
	p := newPaid(t)
	order := xs2a.Order{Service: xs2a.SinglePayment, Product: "domestic", Transfers: []xs2a.Transfer{{Creditor: "Hyresbostäder", Amount: xs2a.Amount{Number: "9000", Currency: "SEK"}}}}
	for id, name := range map[string]string{"1": "rent", "2": "Car", "3": "Rent"} {
		p.must(p.AddPaymentTemplate(p.ctx, PaymentTemplate{ID: id, EnvironmentID: "e", BIC: "NRSKSESS", BankName: "Norrsken Bank", Name: name, Order: order}))
	}
	all, err := p.PaymentTemplates(p.ctx)
	p.must(err)
	if len(all) != 3 || all[0].Name != "Car" || all[0].Order.Transfers[0].Creditor != "Hyresbostäder" || all[0].CreatedAt.IsZero() {
		t.Errorf("kept is %+v", all)
	}
	p.must(p.RemovePaymentTemplate(p.ctx, "2"))
	p.must(p.RemovePaymentTemplate(p.ctx, "2"))
	if _, err := p.PaymentTemplate(p.ctx, "2"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a template that was removed: %v", err)
	}
	if one, err := p.PaymentTemplate(p.ctx, "3"); err != nil || one.Name != "Rent" {
		t.Errorf("%+v, %v", one, err)
	}
}

// TestPayees names whom money went to, each name with each account once.
func TestPayees(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	to := func(id, amount, name, account string) xs2a.Transaction {
		e := booked(id, "2026-11-01", amount, id)
		e.CreditorName, e.CreditorAccount = name, account
		return e
	}
	_, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary, HasTransactions: true, To: "2026-11-02", Booked: []xs2a.Transaction{
		to("1", "-10", "Beta", "B1"), to("2", "-11", "Beta", "B1"), to("3", "-12", "Alpha", "A1"), to("4", "-13", "Beta AB", "B1"), to("5", "-14", "", "C1"),
		to("6", "15", "Myself", "M1"), to("7", "-16", "Shop", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	p := paid{t, s, t.Context()}
	p.must(s.PutEnvironment(p.ctx, Environment{ID: "e", Name: "Test"}))
	for _, id := range []string{"sent", "kept"} {
		_, err := s.AddPayment(p.ctx, Payment{ID: id, EnvironmentID: "e", RequestID: "r" + id, Order: xs2a.Order{Transfers: []xs2a.Transfer{
			{Creditor: "Gamma " + id, Amount: xs2a.Amount{Number: "1", Currency: "SEK"}, To: xs2a.OrderAccount{Giro: "5050-1055"}}, {Creditor: "Alpha", Amount: xs2a.Amount{Number: "1", Currency: "SEK"}, To: xs2a.OrderAccount{IBAN: "A1"}},
		}}})
		p.must(err)
	}
	p.sends(p.has("sent"))
	p.must(p.SetTaken(p.ctx, "sent", Answer{BankID: "b", Status: xs2a.PaymentReceived}))
	got, err := s.Payees(p.ctx)
	p.must(err)
	want := []Payee{{"Gamma sent", "5050-1055"}, {"Alpha", "A1"}, {"Beta", "B1"}, {"Beta AB", "B1"}, {"", "C1"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	p.must(p.SetPaymentStatus(p.ctx, "sent", "", xs2a.PaymentCancelled))
	if got, err := s.Payees(p.ctx); err != nil || len(got) != len(want)-1 || slices.Contains(got, want[0]) {
		t.Errorf("after the payment was cancelled %q, %v", got, err)
	}
}
