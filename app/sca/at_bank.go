package sca

import (
	"context"
	"errors"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// AtBank are the authorisations of something as the bank has them.
type AtBank struct {
	List []AuthorisationAtBank
	// NotListed is why the bank gave no list; the ids are those known here then.
	NotListed *failure.Error
}

// AuthorisationAtBank is one of them.
type AuthorisationAtBank struct {
	ID      string // the bank's
	Status  xs2a.SCAStatus
	Failure *failure.Error // why the status could not be had; nil when it could
}

// AtBank asks the bank for the authorisations of a resource and for the SCA status of
// each. Where it gives no list, it is asked for those of the subjects that are known here.
// Nothing is stored.
func (p *Process) AtBank(ctx context.Context, client *xs2a.Client, call xs2a.Call, bankName string, of xs2a.Resource, subjects ...storage.Subject) (AtBank, error) {
	var all AtBank
	ids, err := client.Authorisations(ctx, call, of)
	if err != nil {
		all.NotListed = p.explain(bankName, err)
		if ids, err = p.known(ctx, subjects); err != nil || len(ids) == 0 {
			return all, errors.Join(all.NotListed, err)
		}
	}
	for _, id := range ids {
		one := AuthorisationAtBank{ID: id}
		answer, err := client.SCAStatus(ctx, call, of, id)
		if err != nil {
			one.Failure = p.explain(bankName, err)
		}
		one.Status = answer.SCAStatus
		all.List = append(all.List, one)
	}
	return all, nil
}

// known are the bank's ids of authorisations as far as it told them.
func (p *Process) known(ctx context.Context, subjects []storage.Subject) (ids []string, err error) {
	for _, subject := range subjects {
		attempts, err := p.store.Authorisations(ctx, subject)
		if err != nil {
			return nil, err
		}
		for _, attempt := range attempts {
			if attempt.BankID != "" {
				ids = append(ids, attempt.BankID)
			}
		}
	}
	return ids, nil
}
