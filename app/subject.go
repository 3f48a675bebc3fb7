package app

import (
	"context"
	"fmt"

	"consentry/app/sca"
	"consentry/storage"
)

// subjectOf reads what an authorisation is for.
func (a *App) subjectOf(ctx context.Context, named storage.Subject) (sca.Subject, error) {
	switch named.Kind {
	case storage.SubjectConsent:
		c, err := a.store.Consent(ctx, named.ID)
		return consentSubject{a, c}, err
	case storage.SubjectDeletion:
		c, err := a.store.Consent(ctx, named.ID)
		return deletionSubject{a, c}, err
	case storage.SubjectPayment, storage.SubjectCancellation:
		return a.payments.Subject(ctx, named)
	}
	return nil, fmt.Errorf("app: nothing is known of a %q", named.Kind)
}
