package sca

import (
	"context"
	"errors"

	"consentry/storage"
	"consentry/xs2a"
)

// Resume goes on with a subject that is not authorised yet: with the same attempt
// where it can still be finished, else with a new one. It returns the authorisation
// to go on with.
func (p *Process) Resume(ctx context.Context, named storage.Subject, person xs2a.PSU) (authorisationID string, err error) {
	p.presence.Seen()
	of, err := p.subject(ctx, named)
	if err != nil {
		return "", err
	}
	attempts, err := p.store.Authorisations(ctx, named)
	if err != nil {
		return "", err
	}
	if len(attempts) > 0 {
		latest := attempts[0]
		if ended, _ := p.poll(ctx, latest.ID, person); ended || p.stillOpen(ctx, latest, of.Facts()) {
			if latest, err = p.store.Authorisation(ctx, latest.ID); err != nil {
				return "", err
			}
		}
		if !latest.Ended() && p.stillOpen(ctx, latest, of.Facts()) || latest.Outcome == storage.Succeeded {
			p.pollOn(latest, person)
			return latest.ID, nil
		}
	}
	if of, err = p.subject(ctx, named); err != nil {
		return "", err
	}
	if len(attempts) > 0 && of.Facts().Settled() {
		return attempts[0].ID, nil
	}
	authorisationID, err = p.Start(ctx, of, person)
	switch {
	case authorisationID == "" || err == nil:
		return authorisationID, err
	case errors.Is(err, storage.ErrEnd):
		return authorisationID, nil // the screen says how it ended
	}
	return authorisationID, p.explain(of.Facts().BankName, err)
}

// PollOpen asks the bank for the outcome of each attempt at a subject that is open.
func (p *Process) PollOpen(ctx context.Context, of storage.Subject, person xs2a.PSU) error {
	attempts, err := p.store.Authorisations(ctx, of)
	for _, auth := range attempts {
		if !auth.Ended() {
			err = errors.Join(err, p.Poll(ctx, auth.ID, person))
		}
	}
	return err
}

// pollOn asks the bank for the outcome of an attempt at which that is all there is
// to do: after a restart nobody does.
func (p *Process) pollOn(auth storage.Authorisation, person xs2a.PSU) {
	switch auth.Step {
	case xs2a.StepDecoupled, xs2a.StepWait, xs2a.StepAnother, xs2a.StepDone:
		if !auth.Ended() {
			p.keepPolling(auth.ID, person)
		}
	}
}

// stillOpen reports whether an attempt can be finished as it stands: the bank
// would send the person back to an address at which this program answers, and a
// practice bank is where its link leads still.
func (p *Process) stillOpen(ctx context.Context, auth storage.Authorisation, of Facts) bool {
	here, err := p.returnAddress(ctx, of.EnvironmentID)
	if err != nil {
		return false
	}
	if now, err := p.addressNow(ctx, of.EnvironmentID, of.BIC, auth.Link); err != nil || now != auth.Link {
		return false
	}
	return !auth.Ended() && auth.Step != stepAsk && auth.RedirectURI == here &&
		auth.ReturnedAt.IsZero() && p.nowAt(of.EnvironmentID).Sub(auth.CreatedAt) < AuthorisationAge
}

// GiveUp ends an authorisation and what it is for, which nobody could have used
// yet. The bank is told; its refusal changes nothing.
func (p *Process) GiveUp(ctx context.Context, authorisationID string, person xs2a.PSU) error {
	flow, err := p.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	of, err := p.subject(ctx, flow.Subject)
	if err != nil {
		return err
	}
	return of.GiveUp(ctx, person)
}

// EndOpen ends all open attempts at a subject.
func (p *Process) EndOpen(ctx context.Context, of Facts, outcome storage.Outcome) error {
	attempts, err := p.store.Authorisations(ctx, of.Of)
	if err != nil {
		return err
	}
	for _, auth := range attempts {
		if err := p.storeAt(of.EnvironmentID).EndAuthorisation(ctx, auth.ID, outcome, storage.Reason{}); err != nil {
			return err
		}
	}
	return nil
}
