package app

import (
	"context"

	"consentry/app/fetch"
	"consentry/app/sca"
	"consentry/storage"
)

// Flow is an authorisation as screens show it, with what it has led to.
type Flow struct {
	sca.Flow
	Job *fetch.Job // the first fetch; nil before it began
}

// Flow returns one authorisation.
func (a *App) Flow(ctx context.Context, authorisationID string) (Flow, error) {
	flow, err := a.sca.Flow(ctx, authorisationID)
	if err != nil || flow.Subject.Kind != storage.SubjectConsent {
		return Flow{Flow: flow}, err
	}
	job := a.reader.Job(flow.Consent.ID) // before the consent, which a fetch that is over may have changed
	flow.Consent, err = a.store.Consent(ctx, flow.Consent.ID)
	return Flow{flow, job}, err
}
