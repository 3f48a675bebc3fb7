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
	Consent storage.Consent // that is authorised, or whose deletion is; empty where it is a payment
	Payment storage.Payment // that is authorised, or whose cancellation is; empty where it is a consent
	Job     *fetch.Job      // the first fetch under a consent; nil before it began
}

// Flow returns one authorisation.
func (a *App) Flow(ctx context.Context, authorisationID string) (Flow, error) {
	flow, err := a.sca.Flow(ctx, authorisationID)
	if err != nil {
		return Flow{Flow: flow}, err
	}
	if flow.Holder.Kind == storage.SubjectPayment {
		payment, err := a.store.Payment(ctx, flow.Holder.ID)
		return Flow{Flow: flow, Payment: payment}, err
	}
	var job *fetch.Job
	if flow.Subject.Kind == storage.SubjectConsent {
		job = a.reader.Job(flow.Holder.ID) // before the consent, which a fetch that is over may have changed
	}
	consent, err := a.store.Consent(ctx, flow.Holder.ID)
	return Flow{Flow: flow, Consent: consent, Job: job}, err
}
