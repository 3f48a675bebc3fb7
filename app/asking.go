package app

import (
	"context"

	"consentry/app/fetch"
	"consentry/app/verdict"
	"consentry/storage"
	"consentry/xs2a"
)

// directory returns the client for the directory of an environment.
func (a *App) directory(ctx context.Context, environmentID string) (*xs2a.Client, error) {
	_, client, err := a.banks.Reach(ctx, environmentID, "")
	return client, err
}

// askingUnder is how a bank is asked about a consent, and under it.
func (a *App) askingUnder(ctx context.Context, c storage.Consent, person *xs2a.PSU) (verdict.Questions, error) {
	client, err := a.clientUnder(ctx, c)
	if err != nil {
		return verdict.Questions{}, err
	}
	call, err := a.callUnder(ctx, c, client, person)
	return verdict.Questions{
		Client: client, Call: call, Resource: xs2a.ConsentResource(c.BankConsentID),
		Ledgered: func(ctx context.Context, what storage.ConsentRead, do func(xs2a.Call) error) error {
			_, err := fetch.LedgeredRead(ctx, a.reader, c, call, what, func(call xs2a.Call) (struct{}, error) { return struct{}{}, do(call) })
			return err
		},
	}, err
}

// askingAbout is how a bank is asked about a payment.
func (a *App) askingAbout(ctx context.Context, p storage.Payment, person *xs2a.PSU) (verdict.Questions, error) {
	client, call, resource, err := a.payments.Asking(ctx, p, person)
	return verdict.Questions{Client: client, Call: call, Resource: resource}, err
}
