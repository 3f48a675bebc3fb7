package pay

import (
	"context"
	"encoding/json"

	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// What testers ask the bank about a payment. Nothing of it is stored but the exchange.

// Authorisations asks the bank for the authorisations of a payment, or of its
// cancellation, and for the SCA status of each.
func (p *Payments) Authorisations(ctx context.Context, id string, cancellation bool, person xs2a.PSU) (sca.AtBank, error) {
	one, client, call, err := p.known(ctx, id, person)
	if err != nil {
		return sca.AtBank{}, err
	}
	if cancellation {
		return p.sca().AtBank(ctx, client, call, one.BankName, resource(one).Cancellation(), storage.CancellationSubject(id))
	}
	return p.sca().AtBank(ctx, client, call, one.BankName, resource(one), storage.PaymentSubject(id))
}

// AsTheBankHasIt asks the bank for the payment itself: JSON, or XML as a JSON string.
func (p *Payments) AsTheBankHasIt(ctx context.Context, id string, person xs2a.PSU) (json.RawMessage, error) {
	one, client, call, err := p.known(ctx, id, person)
	if err != nil {
		return nil, err
	}
	said, err := client.Payment(ctx, call, resource(one))
	if err != nil {
		return nil, p.explain(one.BankName, err)
	}
	if json.Valid(said.Raw) {
		return said.Raw, nil
	}
	return json.Marshal(string(said.Raw))
}

// known returns a payment that the bank has, and how to ask for it.
func (p *Payments) known(ctx context.Context, id string, person xs2a.PSU) (one storage.Payment, client *xs2a.Client, call xs2a.Call, err error) {
	if one, err = p.store.Payment(ctx, id); err != nil {
		return one, nil, call, err
	}
	if one.BankID == "" {
		return one, nil, call, &failure.Error{Reason: storage.Reason{Code: failure.PaymentNotAtBank, Bank: one.BankName}}
	}
	if client, call, err = p.clientAndCall(ctx, one, &person); err != nil {
		err = p.explain(one.BankName, err)
	}
	return one, client, call, err
}
