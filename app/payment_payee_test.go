package app_test

import (
	"errors"
	"slices"
	"testing"

	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/storage"
	"consentry/xs2a"
)

// TestPayees finds whom the person paid before, by words of the name and by the number.
func TestPayees(t *testing.T) {
	p := newPayer(t).from("rheintor")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.Creditor = "Ausgedachte Soehne GmbH"
	p.pays(f)
	for _, search := range []string{"soeh", "GMBH aus", "de89 3704", "0130-00"} {
		found, more, err := p.Payments().Payees(t.Context(), search)
		p.must(err)
		if more != 0 || !slices.ContainsFunc(found, func(one pay.Payee) bool { return one.Name == f.Creditor && one.Account == payee }) {
			t.Errorf("by %q are found %+v and %d more", search, found, more)
		}
	}
	if found, _, err := p.Payments().Payees(t.Context(), "nobody at all"); err != nil || len(found) > 0 {
		t.Errorf("nobody is %+v, %v", found, err)
	}
	if found, _, err := p.Payments().Payees(t.Context(), " "); err != nil || len(found) > 0 {
		t.Errorf("without a search there are %+v, %v", found, err)
	}
}

// TestAcquaintance points out whom the person paid under another name or account, and what
// was asked for already.
func TestAcquaintance(t *testing.T) {
	p := newPayer(t).from("rheintor")
	known := func(change func(*pay.Form)) pay.Acquaintance {
		t.Helper()
		f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
		change(&f)
		known, err := p.Payments().Acquainted(t.Context(), p.payment(p.composed(f)))
		p.must(err)
		return known
	}
	same := func(*pay.Form) {}
	if got := known(same); got.Alike.ID != "" || got.OtherNames != nil || got.OtherAccounts != nil {
		t.Errorf("of whom nobody paid is known %+v", got)
	}
	paid := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	if got := known(same); got.Alike.ID != paid || got.OtherNames != nil || got.OtherAccounts != nil {
		t.Errorf("of the same again is known %+v", got)
	}
	if got := known(func(f *pay.Form) { f.Amount = "13"; f.Creditor = "ausgedachte  GMBH" }); got.Alike.ID != "" || got.OtherNames != nil {
		t.Errorf("of another amount is known %+v", got)
	}
	if got := known(func(f *pay.Form) { f.Creditor = "Somebody" }); !slices.Equal(got.OtherNames, []string{"Ausgedachte GmbH"}) || got.OtherAccounts != nil {
		t.Errorf("of another name is known %+v", got)
	}
	if got := known(func(f *pay.Form) { f.To = "DE75 5121 0800 1245 1261 99" }); !slices.Equal(got.OtherAccounts, []string{payee}) || got.OtherNames != nil || got.Alike.ID != "" {
		t.Errorf("of another account is known %+v", got)
	}
}

// TestTemplates keeps a payment to be made again, and nothing of when it was made.
func TestTemplates(t *testing.T) {
	p := newPayer(t).from("rheintor")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.On = p.Clock().NowAt(p.at.EnvironmentID).AddDate(0, 0, 3).Format("2006-01-02")
	id := p.composed(f)
	var told *failure.Error
	if err := p.Payments().AddTemplate(t.Context(), id, " "); !errors.As(err, &told) || !told.Fields["name"].Given() {
		t.Errorf("a template without a name: %v", err)
	}
	p.must(p.Payments().AddTemplate(t.Context(), id, "Rent"))
	all, err := p.Payments().Templates(t.Context())
	p.must(err)
	if len(all) != 1 || all[0].Name != "Rent" {
		t.Fatalf("kept are %+v", all)
	}
	again, err := p.Payments().TemplateForm(t.Context(), all[0].ID)
	p.must(err)
	if again.Creditor != f.Creditor || again.To != f.To || again.Amount != f.Amount || again.On != "" || again.BIC != f.BIC || again.Product != f.Product {
		t.Errorf("filled in is %+v", again)
	}
	p.must(p.Payments().RemoveTemplate(t.Context(), all[0].ID))
	if _, err := p.Payments().TemplateForm(t.Context(), all[0].ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a template that was removed: %v", err)
	}
	several := p.composedList(p.head("sepa-credit-transfers"), wages, true, false)
	if err := p.Payments().AddTemplate(t.Context(), several.PaymentID, "Wages"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a template of several: %v", err)
	}
}
