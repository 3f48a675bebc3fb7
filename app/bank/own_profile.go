package bank

import (
	"context"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// SetProfile keeps how a bank of an environment is spoken to; the zero profile is that
// of the environment. What the person enters as an address counts as named.
func (r *Registry) SetProfile(ctx context.Context, environmentID, bankID string, p xs2a.Profile) error {
	return r.store.ChangeEnvironment(ctx, environmentID, countryName, func(e *storage.Environment) error {
		at := indexOf(e.Banks, bankID)
		switch {
		case e.Sandbox:
			return practiceStays
		case at < 0:
			return storage.ErrNotFound
		}
		if p != (xs2a.Profile{}) {
			if fields := checkProfile(&p); len(fields) > 0 {
				return failure.Invalid(fields)
			}
		}
		e.Banks[at].Profile = p
		fields := checkBank(*e, e.Banks[at])
		if wrong := fields["id"]; wrong.Given() {
			delete(fields, "id") // it stays: the addresses have to be others
			fields["api_url"] = wrong
		}
		if len(fields) > 0 {
			return failure.Invalid(fields)
		}
		return nil
	})
}
