package bank

import (
	"context"

	"consentry/storage"
	"consentry/xs2a"
)

// SetProfile keeps how a bank of an environment is spoken to; the zero profile is that
// of the environment. What the person enters as an address counts as named.
func (r *Registry) SetProfile(ctx context.Context, environmentID, bankID string, p xs2a.Profile) error {
	return r.store.ChangeEnvironment(ctx, environmentID, xs2a.CountryName, func(e *storage.Environment) error {
		return putProfile(e, bankID, p)
	})
}

// CheckProfile returns all that keeps a profile from being kept, as SetProfile would.
func (r *Registry) CheckProfile(ctx context.Context, environmentID, bankID string, p xs2a.Profile) error {
	e, err := r.store.Environment(ctx, environmentID)
	if err != nil {
		return err
	}
	return putProfile(&e, bankID, p)
}

// putProfile puts a profile to a bank of an environment, or says what keeps it from that.
func putProfile(e *storage.Environment, bankID string, p xs2a.Profile) error {
	at := indexOf(e.Banks, bankID)
	switch {
	case e.Sandbox:
		return practiceStays
	case at < 0:
		return storage.ErrNotFound
	}
	fields := map[string]storage.Reason{}
	if p != (xs2a.Profile{}) {
		fields = checkProfile(&p)
	}
	e.Banks[at].Profile = p
	for field, wrong := range checkBank(*e, e.Banks[at]) {
		if field == "id" {
			field = "api_url" // the id stays: the addresses have to be others
		}
		if !fields[field].Given() {
			fields[field] = wrong
		}
	}
	return notSaved(fields)
}
