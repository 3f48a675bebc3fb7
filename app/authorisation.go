package app

import (
	"context"
	"errors"
	"net/url"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

const (
	// authorisationAge is how long a person may take at the bank. Banks close
	// their pages sooner.
	authorisationAge = 30 * time.Minute
)

// stepAsk is the step before the bank has answered the request for the
// consent. It is the program's own; the rest are xs2a's.
const stepAsk xs2a.Step = "ask"

// Flow is an authorisation with the consent it is for, or is the deletion of, as
// screens show it.
type Flow struct {
	storage.Authorisation
	Consent storage.Consent
	PSUID   string // how the bank knows the person, where they have said so
	Asking  bool   // the bank is being asked in this moment
	Job     *Job   // the first fetch; nil before it began

	// PageHost is the host the bank names for the step in the browser; empty where
	// there is none.
	PageHost string
	Hosts    xs2a.Hosts // the bank's
}

// Opens reports whether a browser may be led to an address that the bank named.
func (f Flow) Opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && f.Hosts.CheckPage(u) == nil
}

// Unanswered reports whether it is not known if the bank got the request.
func (f Flow) Unanswered() bool { return f.Step == stepAsk && !f.Ended() && !f.Asking }

// Confirming reports whether the confirmation code the person came back with is
// on its way to the bank: there is nothing for them to enter.
func (f Flow) Confirming() bool {
	return f.Step == xs2a.StepConfirm && f.Secret.ConfirmationCode != "" && !f.Ended()
}

// Flow returns one authorisation.
func (a *App) Flow(ctx context.Context, authorisationID string) (Flow, error) {
	asking := a.claimed(authorisationID) // before the rest, which an answer may have changed
	auth, err := a.store.Authorisation(ctx, authorisationID)
	if err != nil {
		return Flow{}, err
	}
	of, err := a.subjectOf(ctx, auth.Subject)
	if err != nil {
		return Flow{}, err
	}
	var job *Job
	if auth.Subject.Kind == storage.SubjectConsent {
		job = a.Job(of.consent().ID) // before the consent, which a fetch that is over may have changed
	}
	c, err := a.store.Consent(ctx, of.consent().ID)
	if err != nil {
		return Flow{}, err
	}
	bond, err := a.store.Bond(ctx, c.ID)
	if err != nil {
		return Flow{}, err
	}
	flow := Flow{Authorisation: auth, Consent: c, PSUID: bond.PSUID, Asking: asking && auth.Step == stepAsk, Job: job}
	return flow, a.knowHosts(ctx, &flow)
}

// knowHosts adds where the bank of a flow leads a browser.
func (a *App) knowHosts(ctx context.Context, flow *Flow) error {
	e, err := a.store.Environment(ctx, flow.Consent.EnvironmentID)
	if err != nil {
		return err
	}
	profile := e.ProfileOf(flow.Consent.BIC)
	flow.Hosts = profile.Hosts(flow.Consent.BIC)
	if flow.Link == "" {
		return nil
	}
	if page, err := profile.PageURL(flow.Link, flow.Consent.BIC); err == nil {
		flow.PageHost = page.Host
	}
	return nil
}

// Latest returns the id of the latest attempt at what a flow is for.
func (a *App) Latest(ctx context.Context, flow Flow) (authorisationID string, err error) {
	attempts, err := a.store.Authorisations(ctx, flow.Subject)
	if err != nil || len(attempts) == 0 {
		return flow.ID, err
	}
	return attempts[0].ID, nil
}

// ConsentFlows lists the authorisations of a consent, the latest first.
func (a *App) ConsentFlows(ctx context.Context, consentID string) ([]storage.Authorisation, error) {
	return a.store.Authorisations(ctx, storage.ConsentSubject(consentID))
}

// DeletionFlows lists the authorisations of a consent's deletion, the latest first.
func (a *App) DeletionFlows(ctx context.Context, consentID string) ([]storage.Authorisation, error) {
	return a.store.Authorisations(ctx, storage.DeletionSubject(consentID))
}

// Unfinished lists the authorisations of consents that a person began and neither
// finished nor gave up, the latest first.
func (a *App) Unfinished(ctx context.Context) ([]Flow, error) {
	open, err := a.store.OpenAuthorisations(ctx)
	if err != nil {
		return nil, err
	}
	flows := make([]Flow, 0, len(open))
	for _, auth := range open {
		if auth.Subject.Kind != storage.SubjectConsent {
			continue
		}
		of, err := a.subjectOf(ctx, auth.Subject)
		if err != nil {
			return nil, err
		}
		flows = append(flows, Flow{Authorisation: auth, Consent: of.consent()})
	}
	return flows, nil
}

// Resume goes on with a consent that was asked for and not authorised: with
// the same attempt where it can still be finished, else with a new one. It
// returns the authorisation to go on with.
func (a *App) Resume(ctx context.Context, consentID string, person Person) (authorisationID string, err error) {
	return a.resume(ctx, storage.ConsentSubject(consentID), person)
}

func (a *App) resume(ctx context.Context, named storage.Subject, person Person) (authorisationID string, err error) {
	a.Seen()
	of, err := a.subjectOf(ctx, named)
	if err != nil {
		return "", err
	}
	attempts, err := a.store.Authorisations(ctx, named)
	if err != nil {
		return "", err
	}
	if len(attempts) > 0 {
		latest := attempts[0]
		if ended, _ := a.check(ctx, latest.ID, person); ended || a.stillOpen(ctx, latest, of.where()) {
			if latest, err = a.store.Authorisation(ctx, latest.ID); err != nil {
				return "", err
			}
		}
		if !latest.Ended() && a.stillOpen(ctx, latest, of.where()) || latest.Outcome == storage.Succeeded {
			a.followOn(latest, person)
			return latest.ID, nil
		}
	}
	if of, err = a.subjectOf(ctx, named); err != nil {
		return "", err
	}
	if len(attempts) > 0 && of.settled() {
		return attempts[0].ID, nil
	}
	auth, err := a.newAuthorisation(ctx, of.where())
	if err != nil {
		return "", err
	}
	if err := a.advance(ctx, auth.ID, person); errors.Is(err, storage.ErrEnd) {
		return auth.ID, nil // the screen says how it ended
	} else if err != nil {
		return auth.ID, a.explain(of.where().bankName, err)
	}
	return auth.ID, nil
}

// followOn asks the bank for the outcome of an attempt at which that is all there is
// to do: after a restart nobody does.
func (a *App) followOn(auth storage.Authorisation, person Person) {
	switch auth.Step {
	case xs2a.StepDecoupled, xs2a.StepWait, xs2a.StepAnother, xs2a.StepDone:
		if !auth.Ended() {
			a.follow(auth.ID, person)
		}
	}
}

// stillOpen reports whether an attempt can be finished as it stands: the bank
// would send the person back to an address at which this program answers, and a
// practice bank is where its link leads still.
func (a *App) stillOpen(ctx context.Context, auth storage.Authorisation, at place) bool {
	here, err := a.returnAddress(ctx, at.environmentID)
	if err != nil {
		return false
	}
	if e, err := a.store.Environment(ctx, at.environmentID); err != nil || moved(e, at.bic, auth.Link) != auth.Link {
		return false
	}
	return !auth.Ended() && auth.Step != stepAsk && auth.RedirectURI == here &&
		auth.ReturnedAt.IsZero() && a.NowAt(at.environmentID).Sub(auth.CreatedAt) < authorisationAge
}

// GiveUp ends an authorisation and what it is for, which nobody could have used
// yet. The bank is told; its refusal changes nothing.
func (a *App) GiveUp(ctx context.Context, authorisationID string, person Person) error {
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	of, err := a.subjectOf(ctx, flow.Subject)
	if err != nil {
		return err
	}
	return of.giveUp(ctx, person)
}

// endOpen ends all open attempts at a subject.
func (a *App) endOpen(ctx context.Context, at place, outcome storage.Outcome) error {
	attempts, err := a.store.Authorisations(ctx, at.of)
	if err != nil {
		return err
	}
	for _, auth := range attempts {
		if err := a.storeAt(at.environmentID).EndAuthorisation(ctx, auth.ID, outcome, ""); err != nil {
			return err
		}
	}
	return nil
}
