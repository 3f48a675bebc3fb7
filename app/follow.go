package app

import (
	"context"
	"errors"
	"reflect"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// The pauses between two questions to a bank: usualPause at first, growing to
// so many of them while somebody waits for the outcome, or while the last page
// was closed and they may come back.
const (
	usualPause   = time.Second
	watchedPause = 5
	lonelyPause  = 60
)

// follow asks the bank in the background how far an authorisation is, until
// it has ended or is too old, and only while somebody is there. A call while it
// runs makes it ask at once.
func (a *App) follow(authorisationID string, person Person) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if wake := a.following[authorisationID]; wake != nil {
		select {
		case wake <- struct{}{}:
		default: // it is about to ask anyway
		}
		return
	}
	wake := make(chan struct{}, 1)
	a.following[authorisationID] = wake
	a.run(func(ctx context.Context) {
		a.askUntilEnded(ctx, authorisationID, person, wake)
		a.mu.Lock()
		delete(a.following, authorisationID)
		a.mu.Unlock()
	})
}

func (a *App) askUntilEnded(ctx context.Context, authorisationID string, person Person, wake <-chan struct{}) {
	began, pause := a.now(), a.pause
	for ctx.Err() == nil {
		ended, err := a.check(ctx, authorisationID, person)
		if ended || a.now().Sub(began) > authorisationAge {
			return
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("authorisation not checked", "authorisation", authorisationID, "error", err)
		}
		pause = a.leaveAlone(ctx, pause, wake)
	}
}

// leaveAlone waits until the bank is to be asked again: after a pause, which
// grows, and with nobody there not before somebody is. Who comes back is told
// at once how things stand. It returns the next pause.
func (a *App) leaveAlone(ctx context.Context, pause time.Duration, wake <-chan struct{}) (next time.Duration) {
	longest, back := watchedPause*a.pause, a.presence.missed(watchedFor, a.now())
	if back != nil {
		longest = lonelyPause * a.pause
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-back:
		return a.pause
	case <-time.After(pause):
		if back := a.presence.missed(presenceLasts, a.now()); back != nil {
			select {
			case <-ctx.Done():
			case <-wake:
			case <-back:
			}
			return a.pause
		}
	}
	return min(pause*3/2, longest)
}

// Check asks the bank once how far an authorisation is.
func (a *App) Check(ctx context.Context, authorisationID string, person Person) error {
	a.Seen()
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	if _, err := a.check(ctx, authorisationID, person); err != nil {
		return a.explain(flow.Consent.BankName, err)
	}
	return nil
}

// check asks the bank how far an authorisation is and stores what it says;
// ended tells that nothing more is to come. What is authorised decides: a consent may
// be valid while the authorisation's status is not known any more.
func (a *App) check(ctx context.Context, authorisationID string, person Person) (ended bool, err error) {
	if a.claimed(authorisationID) {
		return false, nil // the answer to what is being sent tells more
	}
	ended, err = a.checkAsRead(ctx, authorisationID, person)
	if !errors.Is(err, storage.ErrStale) {
		return ended, err
	}
	// Something newer is known than what the bank was asked from.
	now, err := a.store.Authorisation(ctx, authorisationID)
	return now.Ended(), err
}

// checkAsRead is check as long as the attempt stays as it was when the bank was
// asked, else ErrStale.
func (a *App) checkAsRead(ctx context.Context, authorisationID string, person Person) (ended bool, err error) {
	t, err := a.load(ctx, authorisationID, person)
	if err != nil || t.Ended() {
		return true, err
	}
	if _, known := t.resource(); !known {
		return false, nil
	}
	sca, err := a.scaStatus(ctx, &t, person)
	if err != nil {
		return false, err
	}
	now, err := t.stands(ctx, t.client, t.call, t.Step == xs2a.StepWait)
	if err != nil {
		return false, err
	}
	if now.next != nil {
		if err := a.take(ctx, &t, *now.next, person); err != nil {
			return false, err
		}
	}
	store := a.storeAt(t.environmentID)
	tooOld := a.NowAt(t.environmentID).Sub(t.CreatedAt) > authorisationAge
	switch {
	case now.result == authorised && t.awaitsToken() && !tooOld:
		return false, nil // what follows would have no token to come with
	case now.result == authorised:
		return true, a.succeed(ctx, t, person)
	case now.result == saidNo:
		return true, store.EndAuthorisation(ctx, t.ID, storage.Denied, "")
	case sca == xs2a.SCAFailed || now.result == endedByBank:
		return true, store.EndAuthorisationAsRead(ctx, t.Authorisation, storage.Failed)
	case now.result == halfDone && sca.Final():
		return true, a.halfway(ctx, t)
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
func (a *App) halfway(ctx context.Context, t attempt) error {
	if err := a.forgetPerson(ctx, &t); err != nil {
		return err
	}
	return a.storeAt(t.environmentID).EndAuthorisation(ctx, t.ID, storage.Partial, "")
}

// scaStatus reads and stores the authorisation's status, and what it shows or
// asks for now. Banks answer 404 after it was finalised; that is no failure.
func (a *App) scaStatus(ctx context.Context, t *attempt, person Person) (xs2a.SCAStatus, error) {
	if t.BankID == "" && t.Asks.At.SCAStatus == "" {
		return "", nil
	}
	resource, _ := t.resource()
	answer, err := t.client.SCAStatus(ctx, t.call, resource, t.BankID)
	if gone(err) {
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
	if answer.SCAStatus == xs2a.SCAUnconfirmed && t.Step != xs2a.StepConfirm {
		t.Step = xs2a.StepConfirm
		t.Asks.Start, t.Asks.To = false, t.Asks.At.Confirmation
	}
	if !reflect.DeepEqual(before, t.Authorisation) {
		if err := a.setAnswer(ctx, t); err != nil {
			return answer.SCAStatus, err
		}
	}
	if t.Step == xs2a.StepConfirm && t.Secret.ConfirmationCode != "" {
		return answer.SCAStatus, a.confirm(ctx, t, person)
	}
	return answer.SCAStatus, nil
}

// succeed ends an authorisation of what is authorised by now, and begins what
// follows.
func (a *App) succeed(ctx context.Context, t attempt, person Person) error {
	t.learn(ctx, person)
	if err := a.storeAt(t.environmentID).EndAuthorisation(ctx, t.ID, storage.Succeeded, ""); err != nil {
		return err
	}
	t.succeeded(person)
	return nil
}
