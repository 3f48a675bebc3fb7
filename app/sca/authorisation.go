package sca

import (
	"context"
	"net/url"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// AuthorisationAge is how long a person may take at the bank. Banks close
// their pages sooner.
const AuthorisationAge = 30 * time.Minute

// stepAsk is the step before the bank has answered the request for the
// consent. It is the program's own; the rest are xs2a's.
const stepAsk xs2a.Step = "ask"

// Flow is an authorisation with what it is for, as screens show it.
type Flow struct {
	storage.Authorisation
	Facts
	PSUID  string // how the bank knows the person, where they have said so
	Asking bool   // the bank is being asked in this moment

	// PageHost is the host the bank names for the step in the browser; empty where
	// there is none.
	PageHost string
	Hosts    xs2a.Hosts // the bank's
	// PageHere says that the page lies on this machine, where no other device reaches it.
	PageHere bool
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
func (p *Process) Flow(ctx context.Context, authorisationID string) (Flow, error) {
	asking := p.claimed(authorisationID) // before the rest, which an answer may have changed
	auth, err := p.store.Authorisation(ctx, authorisationID)
	if err != nil {
		return Flow{}, err
	}
	of, err := p.subject(ctx, auth.Subject)
	if err != nil {
		return Flow{}, err
	}
	facts := of.Facts()
	credentials, err := p.store.Credentials(ctx, facts.Holder)
	if err != nil {
		return Flow{}, err
	}
	flow := Flow{Authorisation: auth, Facts: facts, PSUID: credentials.PSUID, Asking: asking && auth.Step == stepAsk}
	return flow, p.knowHosts(ctx, &flow)
}

// knowHosts adds where the bank of a flow leads a browser.
func (p *Process) knowHosts(ctx context.Context, flow *Flow) error {
	e, err := p.store.Environment(ctx, flow.EnvironmentID)
	if err != nil {
		return err
	}
	profile := e.ProfileOf(flow.BIC)
	flow.Hosts = profile.Hosts(flow.BIC)
	if flow.Link == "" {
		return nil
	}
	if page, err := profile.PageURL(flow.Link, flow.BIC); err == nil {
		flow.PageHost, flow.PageHere = page.Host, xs2a.StaysHere(page.Hostname())
	}
	return nil
}

// Latest returns the id of the latest attempt at what a flow is for.
func (p *Process) Latest(ctx context.Context, flow Flow) (authorisationID string, err error) {
	attempts, err := p.store.Authorisations(ctx, flow.Subject)
	if err != nil || len(attempts) == 0 {
		return flow.ID, err
	}
	return attempts[0].ID, nil
}

// Attempts lists the authorisations of a subject, the latest first.
func (p *Process) Attempts(ctx context.Context, of storage.Subject) ([]storage.Authorisation, error) {
	return p.store.Authorisations(ctx, of)
}

// Unfinished lists the authorisations of a kind of subjects that a person began and
// neither finished nor gave up, the latest first.
func (p *Process) Unfinished(ctx context.Context, kind storage.SubjectKind) ([]Flow, error) {
	open, err := p.store.OpenAuthorisations(ctx)
	if err != nil {
		return nil, err
	}
	flows := make([]Flow, 0, len(open))
	for _, auth := range open {
		if auth.Subject.Kind != kind {
			continue
		}
		of, err := p.subject(ctx, auth.Subject)
		if err != nil {
			return nil, err
		}
		flows = append(flows, Flow{Authorisation: auth, Facts: of.Facts()})
	}
	return flows, nil
}
