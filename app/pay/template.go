package pay

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/app/pay/check"
	"consentry/storage"
)

// longestTemplateName is how many characters the name of a template has at most.
const longestTemplateName = 70

// Templates lists what the person pays again and again, by name.
func (p *Payments) Templates(ctx context.Context) ([]storage.PaymentTemplate, error) {
	return p.store.PaymentTemplates(ctx)
}

// TemplateForm returns the form that a template fills in, without its days.
func (p *Payments) TemplateForm(ctx context.Context, id string) (Form, error) {
	t, err := p.store.PaymentTemplate(ctx, id)
	if err != nil {
		return Form{}, err
	}
	return FormOf(storage.Payment{EnvironmentID: t.EnvironmentID, BIC: t.BIC, AffiliatedASPSPID: t.AffiliatedASPSPID, Order: t.Order}), nil
}

// AddTemplate keeps what a payment asks for under a name, to be paid again from a form. A
// payment of several transfers has no form, and no template: storage.ErrNotFound.
func (p *Payments) AddTemplate(ctx context.Context, paymentID, name string) error {
	one, err := p.store.Payment(ctx, paymentID)
	switch name = strings.TrimSpace(name); {
	case err != nil:
		return err
	case len(one.Order.Transfers) != 1:
		return storage.ErrNotFound
	case name == "":
		return failure.Field("name", string(check.Missing))
	}
	name, fault := check.Text(name, longestTemplateName, true)
	if fault != nil {
		return failure.Invalid(Fields{"name": ReasonOf(fault)})
	}
	return p.store.AddPaymentTemplate(ctx, storage.PaymentTemplate{
		ID: uuid.NewString(), EnvironmentID: one.EnvironmentID, BIC: one.BIC, BankName: one.BankName, AffiliatedASPSPID: one.AffiliatedASPSPID, Name: name, Order: one.Order,
	})
}

// RemoveTemplate forgets a template, if it is there.
func (p *Payments) RemoveTemplate(ctx context.Context, id string) error {
	return p.store.RemovePaymentTemplate(ctx, id)
}
