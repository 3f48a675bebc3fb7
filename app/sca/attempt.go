package sca

import (
	"context"
	"slices"
	"sync"

	"consentry/storage"
	"consentry/xs2a"
)

// attempt is an authorisation with all that is needed to go on with it.
type attempt struct {
	storage.Authorisation
	Facts       // of the subject
	subject     Subject
	credentials storage.Credentials
	client      *xs2a.Client
	call        xs2a.Call
	named       []xs2a.Origin // hosts of the bank beside the environment's
	release     func()        // lets others send for it again; nil while it is not claimed
}

// claim takes an attempt for one's own, before something the person gave is sent
// for it: of several windows that show the same step exactly one sends. The
// others get ErrStale, and so does who read it before it changed. It is held
// until the answer is stored, or until release is called.
func (p *Process) claim(ctx context.Context, t *attempt) error {
	p.mu.Lock()
	taken := p.sending[t.ID]
	if !taken {
		p.sending[t.ID] = true
	}
	p.mu.Unlock()
	if taken {
		return storage.ErrStale
	}
	t.release = sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.sending, t.ID)
	})
	version, err := p.store.ClaimStep(ctx, t.Authorisation)
	if err != nil {
		t.release()
		return err
	}
	t.Version = version
	return nil
}

// asks notes that the bank is being asked for what an attempt is for, until it is
// called off: a page that is opened meanwhile waits.
func (p *Process) asks(authorisationID string) (done func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sending[authorisationID] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.sending, authorisationID)
		if wake := p.polling[authorisationID]; wake != nil { // who asks for the outcome has held back
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}
}

// claimed reports whether somebody sends something for an attempt at the moment.
func (p *Process) claimed(authorisationID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sending[authorisationID]
}

// Sends reports whether something is just being sent for an attempt at a subject.
func (p *Process) Sends(ctx context.Context, named storage.Subject) (bool, error) {
	attempts, err := p.store.Authorisations(ctx, named)
	return slices.ContainsFunc(attempts, func(auth storage.Authorisation) bool { return p.claimed(auth.ID) }), err
}

// setAnswer stores how an attempt stands by the bank's last answer, and lets
// others send for it again.
func (p *Process) setAnswer(ctx context.Context, t *attempt) error {
	version, err := p.store.SetAnswer(ctx, t.Authorisation)
	if err == nil {
		t.Version = version
	}
	if t.release != nil {
		t.release()
	}
	return err
}

// load returns an attempt as it is stored, with an access token that is good.
func (p *Process) load(ctx context.Context, authorisationID string, person xs2a.PSU) (attempt, error) {
	auth, err := p.store.Authorisation(ctx, authorisationID)
	if err != nil {
		return attempt{}, err
	}
	t := attempt{Authorisation: auth}
	if t.subject, err = p.subject(ctx, auth.Subject); err != nil {
		return t, err
	}
	t.Facts = t.subject.Facts()
	if t.client, err = p.client(ctx, t.Dealings); err != nil {
		return t, err
	}
	if t.call, t.credentials, err = p.callUnder(ctx, t.Dealings, t.client, &person); err != nil {
		return t, err
	}
	if t.named, err = p.store.Hosts(ctx, t.EnvironmentID, t.BIC); err != nil {
		return t, err
	}
	t.Asks.At, t.Asks.To = t.client.Kept(t.Asks.At), t.client.KeptLink(t.Asks.To)
	if t.Asks.At == (xs2a.Addresses{}) { // a new attempt at a subject whose addresses are known
		t.Asks.At = t.call.At
	}
	t.call.At = t.Asks.At
	return t, nil
}

// know notes where the bank says that what is authorised lies.
func (t *attempt) know(answer xs2a.SCAAnswer) {
	t.Asks.At = t.Asks.At.After(answer)
	t.call.At = t.Asks.At
}
