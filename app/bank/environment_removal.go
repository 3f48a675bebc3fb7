package bank

import (
	"context"
	"errors"
	"maps"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Removal returns an environment with what keeps it from being removed, or would go
// with it.
func (r *Registry) Removal(ctx context.Context, id string) (storage.Environment, storage.EnvironmentUse, error) {
	e, err := r.store.Environment(ctx, id)
	if err != nil {
		return e, storage.EnvironmentUse{}, err
	}
	if e.Sandbox || r.IsPractice(id) {
		return e, storage.EnvironmentUse{}, practiceStays
	}
	use, err := r.store.EnvironmentUse(ctx, id, r.keeps(ctx, e))
	return e, use, err
}

// keeps reports of an ended consent whether its bank may hold it to be in force, without
// having said otherwise, or is just being asked for it. That it was never valid here proves
// nothing: it may have been approved at the bank all the same.
func (r *Registry) keeps(ctx context.Context, e storage.Environment) storage.Keeping {
	return func(c storage.Consent) bool {
		return c.Unconfirmed() && !r.over(e, c) || c.BankConsentID == "" && r.askedFor(ctx, c.ID)
	}
}

// RemoveEnvironment removes an environment of which nothing is in use, with its secrets
// and the records of its ended consents: as long as it is the version that the person was
// shown, and there are as many records as they were told.
func (r *Registry) RemoveEnvironment(ctx context.Context, id, shown string, records int) error {
	e, _, err := r.Removal(ctx, id)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)     // a person who closes the window meant it all the same
	if err := r.flush(ctx); err != nil { // what waits to be recorded would come back
		return err
	}
	err = r.store.RemoveEnvironment(ctx, id, r.keeps(ctx, e), func(e storage.Environment, use storage.EnvironmentUse) error {
		switch {
		case Version(e) != shown:
			return failure.New(failure.EnvironmentChanged)
		case use.Records+use.Paid != records:
			return failure.New(failure.EnvironmentInUse)
		}
		return nil
	})
	if errors.Is(err, storage.ErrEnvironmentInUse) {
		return failure.New(failure.EnvironmentInUse)
	}
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.clients, func(reach xs2a.Reach, _ *xs2a.Client) bool { return reach.Identity == e.Identity })
	return nil
}
