package verdict

import (
	"context"
	"errors"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a/conformance"
	"consentry/xs2a/record"
)

// places know with which bank an exchange was.
type places struct {
	store        *storage.Store
	environments []storage.Environment
	flows        map[string]place
}

// place is a bank of an environment. The bank is empty for the directory, and where only the
// address tells of the place and does not name it.
type place struct{ environment, bic, bank string }

func (v *Verdicts) places(ctx context.Context) (*places, error) {
	environments, err := v.Store.Environments(ctx)
	return &places{store: v.Store, environments: environments, flows: map[string]place{}}, err
}

func (p *places) judge(ctx context.Context, e storage.Exchange) (conformance.Verdict, error) {
	at, err := p.of(ctx, e)
	if err != nil {
		return conformance.Verdict{}, err
	}
	environment, known := p.environment(at.environment)
	if !known {
		return conformance.Verdict{}, nil
	}
	return conformance.Judge(e.Exchange, environment.ProfileOf(at.bic).Dialect)
}

// of returns with which bank an exchange was: by what its flow is about, and else by its
// address, as where a bank refused to make the consent that it was asked for. It is empty where
// neither tells.
func (p *places) of(ctx context.Context, e storage.Exchange) (place, error) {
	at, err := p.ofFlow(ctx, e.FlowID)
	if err != nil || at.environment != "" {
		return at, err
	}
	return p.ofAddress(e.Exchange), nil
}

func (p *places) ofAddress(e record.Exchange) (at place) {
	longest := 0
	for _, one := range p.environments {
		if named, said := one.BankAt(e.URL); said > longest {
			longest, at = said, place{one.ID, named.ID, named.Name}
		}
	}
	if at.environment != "" && at.bic == "" {
		at.bic = e.Request.Get("X-BicFi") // Open Payments has all banks at one address
	}
	return at
}

func (p *places) ofFlow(ctx context.Context, id string) (place, error) {
	if at, known := p.flows[id]; known || id == "" || id == bank.DirectoryFlow {
		return at, nil
	}
	at, err := flowPlace(ctx, p.store, id)
	if err == nil {
		p.flows[id] = at
	}
	return at, err
}

// ofWhole returns with which bank a flow was, also one that left nothing but its exchanges.
func (p *places) ofWhole(ctx context.Context, id string) (place, error) {
	at, err := p.ofFlow(ctx, id)
	if err != nil || at.environment != "" {
		return at, err
	}
	latest, err := p.store.Exchanges(ctx, storage.ExchangeQuery{FlowIDs: []string{id}}, 1)
	if err != nil || len(latest) == 0 {
		return place{}, err
	}
	return p.ofAddress(latest[0].Exchange), nil
}

func flowPlace(ctx context.Context, store *storage.Store, id string) (place, error) {
	fork, err := store.Fork(ctx, id)
	if err == nil {
		return flowPlace(ctx, store, fork.Root)
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	c, err := store.Consent(ctx, id)
	if err == nil {
		return place{environment: c.EnvironmentID, bic: c.BIC, bank: c.BankName}, nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	payment, err := store.Payment(ctx, id)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	return place{environment: payment.EnvironmentID, bic: payment.BIC, bank: payment.BankName}, nil
}

func (p *places) environment(id string) (storage.Environment, bool) {
	for _, one := range p.environments {
		if one.ID == id {
			return one, true
		}
	}
	return storage.Environment{}, false
}
