package sca

import (
	"context"
	"errors"
	"reflect"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// The pauses between two questions to a bank grow to so many times the first: while
// somebody waits for the outcome, or while the last page was closed and they may come
// back.
const (
	watchedPause = 5
	lonelyPause  = 60
)

// watchedFor is how long after a page of the program was last seen somebody is taken
// to wait for the outcome. Browsers let a page behind others say once a minute that it
// is open.
const watchedFor = 2 * time.Minute

// keepPolling asks the bank in the background how far an authorisation is, until
// it has ended or is too old, and only while somebody is there. A call while it
// runs makes it ask at once.
func (p *Process) keepPolling(authorisationID string, person xs2a.PSU) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wake := p.polling[authorisationID]; wake != nil {
		select {
		case wake <- struct{}{}:
		default: // it is about to ask anyway
		}
		return
	}
	wake := make(chan struct{}, 1)
	p.polling[authorisationID] = wake
	p.run(func(ctx context.Context) {
		p.pollUntilEnded(ctx, authorisationID, person, wake)
		p.mu.Lock()
		delete(p.polling, authorisationID)
		p.mu.Unlock()
	})
}

// Watched has the bank asked how far an authorisation is while somebody looks at the
// page that waits for it: what becomes of it elsewhere, as where the person says no in
// the bank's app, or its time runs out, is seen there without a return. A bank whose own
// page was not opened is left alone at first, as it has just answered. Where the bank is
// asked already, as a rule, nothing is done.
func (p *Process) Watched(flow Flow, person xs2a.PSU) {
	if flow.Ended() || !flow.Known || flow.Secret.PreStep || !outcomeComes(flow.Step) {
		return
	}
	unopened := flow.Link != "" && flow.OpenedAt.IsZero()
	if unopened && p.nowAt(flow.EnvironmentID).Sub(flow.CreatedAt) < watchedPause*p.pause {
		return
	}
	p.mu.Lock()
	asked := p.polling[flow.ID] != nil
	p.mu.Unlock()
	if !asked {
		p.keepPolling(flow.ID, person)
	}
}

// outcomeComes reports whether an authorisation at a step goes on without anything
// being given here.
func outcomeComes(step xs2a.Step) bool {
	switch step {
	case xs2a.StepRedirect, xs2a.StepOAuth, xs2a.StepDecoupled, xs2a.StepWait, xs2a.StepAnother, xs2a.StepDone:
		return true
	}
	return false
}

func (p *Process) pollUntilEnded(ctx context.Context, authorisationID string, person xs2a.PSU, wake <-chan struct{}) {
	began, pause := p.now(), p.pause
	for ctx.Err() == nil {
		ended, err := p.poll(ctx, authorisationID, person)
		if ended || p.now().Sub(began) > AuthorisationAge {
			return
		}
		if err != nil && ctx.Err() == nil {
			p.log.Warn("authorisation not checked", "authorisation", authorisationID, "error", err)
		}
		pause = p.leaveAlone(ctx, pause, wake)
	}
}

// leaveAlone waits until the bank is to be asked again: after a pause, which
// grows, and with nobody there not before somebody is. Who comes back is told
// at once how things stand. It returns the next pause.
func (p *Process) leaveAlone(ctx context.Context, pause time.Duration, wake <-chan struct{}) (next time.Duration) {
	longest, back := watchedPause*p.pause, p.presence.Missed(watchedFor)
	if back != nil {
		longest = lonelyPause * p.pause
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-back:
		return p.pause
	case <-time.After(pause):
		if back := p.presence.Away(); back != nil {
			select {
			case <-ctx.Done():
			case <-wake:
			case <-back:
			}
			return p.pause
		}
	}
	return min(pause*3/2, longest)
}

// Poll asks the bank once how far an authorisation is.
func (p *Process) Poll(ctx context.Context, authorisationID string, person xs2a.PSU) error {
	p.presence.Seen()
	flow, err := p.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	if _, err := p.poll(ctx, authorisationID, person); err != nil {
		return p.explain(flow.BankName, err)
	}
	return nil
}

// poll asks the bank how far an authorisation is and stores what it says;
// ended says that nothing more is to come. What is authorised decides: a consent may
// be valid while the authorisation's status is not known any more.
func (p *Process) poll(ctx context.Context, authorisationID string, person xs2a.PSU) (ended bool, err error) {
	if p.claimed(authorisationID) {
		return false, nil // the answer to what is being sent tells more
	}
	ended, err = p.pollAsRead(ctx, authorisationID, person)
	if !errors.Is(err, storage.ErrStale) {
		return ended, err
	}
	// Something newer is known than what the bank was asked from.
	now, err := p.store.Authorisation(ctx, authorisationID)
	return now.Ended(), err
}

// pollAsRead is poll as long as the attempt stays as it was when the bank was
// asked, else ErrStale.
func (p *Process) pollAsRead(ctx context.Context, authorisationID string, person xs2a.PSU) (ended bool, err error) {
	t, err := p.load(ctx, authorisationID, person)
	if err != nil || t.Ended() {
		return true, err
	}
	if !t.Known {
		return false, nil
	}
	sca, err := p.scaStatus(ctx, &t, person)
	if err != nil {
		return false, err
	}
	now, err := t.subject.Standing(ctx, t.client, t.call, t.Step == xs2a.StepWait)
	if err != nil {
		return false, err
	}
	if now.Next != nil {
		if err := p.take(ctx, &t, *now.Next, person); err != nil {
			return false, err
		}
	}
	store := p.storeAt(t.EnvironmentID)
	approved := now.Result == Authorised || now.Result == Checking && (t.SCAStatus == xs2a.SCAFinalised || t.SCAStatus == xs2a.SCAExempted)
	tooOld := p.nowAt(t.EnvironmentID).Sub(t.CreatedAt) > AuthorisationAge
	switch {
	case approved && t.awaitsToken() && !tooOld:
		return false, nil // what follows would have no token to come with
	case approved:
		return true, p.succeed(ctx, t, person)
	case now.Result == Rejected:
		return true, store.EndAuthorisation(ctx, t.ID, storage.Denied, storage.Reason{})
	case sca == xs2a.SCAFailed || now.Result == EndedByBank:
		return true, store.EndAuthorisationAsRead(ctx, t.Authorisation, storage.Failed)
	case now.Result == PartlyAuthorised && sca.Final():
		return true, p.halfway(ctx, t)
	case tooOld:
		return true, store.EndAuthorisationAsRead(ctx, t.Authorisation, storage.Expired)
	}
	return false, nil
}

// awaitsToken reports whether the person is on the way back with the code for which
// the bank gives their token.
func (t attempt) awaitsToken() bool {
	return t.Step == xs2a.StepOAuth && t.client.PersonsToken() && t.credentials.AccessToken == ""
}

// halfway ends an authorisation after which another person has to authorise,
// too: who that is, is not known yet.
func (p *Process) halfway(ctx context.Context, t attempt) error {
	if err := errors.Join(p.noteSigned(ctx, t), p.forgetPerson(ctx, &t)); err != nil {
		return err
	}
	return p.storeAt(t.EnvironmentID).EndAuthorisation(ctx, t.ID, storage.Partial, storage.Reason{})
}

// noteSigned keeps whose login an attempt was approved with, where the person told it here:
// no bank says who has approved.
func (p *Process) noteSigned(ctx context.Context, t attempt) error {
	if t.credentials.PSUID == "" {
		return nil
	}
	_, err := p.store.ChangeSecret(ctx, t.ID, func(s *storage.Secret) { s.SignedBy = t.credentials.PSUID })
	return err
}

// scaStatus reads and stores the authorisation's status, and what it shows or
// asks for now. Banks answer 404 after it was finalised; that is no failure.
func (p *Process) scaStatus(ctx context.Context, t *attempt, person xs2a.PSU) (xs2a.SCAStatus, error) {
	if t.BankID == "" && t.Asks.At.SCAStatus == "" {
		return "", nil
	}
	answer, err := t.client.SCAStatus(ctx, t.call, t.Resource, t.BankID)
	if xs2a.Refusal(err).Gone() {
		return xs2a.SCAFinalised, nil
	}
	if err != nil {
		return "", err
	}
	before := t.Authorisation
	t.know(answer)
	t.SCAStatus, t.Answer = answer.SCAStatus, string(answer.Raw)
	if answer.Challenge.Shown() { // a picture may be another at each poll
		t.Asks.Challenge = answer.Challenge
	}
	if answer.Trusted != nil { // it comes once the person has approved
		t.Asks.Said.Trusted = answer.Trusted
	}
	if answer.SCAStatus == xs2a.SCAUnconfirmed && t.Step != xs2a.StepConfirm {
		t.Step = xs2a.StepConfirm
		t.Asks.Start, t.Asks.To = false, t.Asks.At.Confirmation
	}
	if !reflect.DeepEqual(before, t.Authorisation) {
		if err := p.setAnswer(ctx, t); err != nil {
			return answer.SCAStatus, err
		}
	}
	if t.Step == xs2a.StepConfirm && t.Secret.ConfirmationCode != "" {
		return answer.SCAStatus, p.confirm(ctx, t, person)
	}
	return answer.SCAStatus, nil
}

// succeed ends an authorisation of what is authorised by now, and begins what
// follows.
func (p *Process) succeed(ctx context.Context, t attempt, person xs2a.PSU) error {
	if err := t.subject.Approved(ctx); err != nil {
		return err
	}
	t.subject.Learn(ctx, person)
	if err := p.noteSigned(ctx, t); err != nil {
		return err
	}
	if err := p.storeAt(t.EnvironmentID).EndAuthorisation(ctx, t.ID, storage.Succeeded, storage.Reason{}); err != nil {
		return err
	}
	t.subject.Succeeded(person)
	return nil
}
