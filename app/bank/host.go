package bank

import (
	"context"

	"consentry/storage"
	"consentry/xs2a"
)

// NamedHosts lists the hosts the person named for the banks of an environment.
func (r *Registry) NamedHosts(ctx context.Context, environmentID string) ([]storage.NamedHost, error) {
	return r.store.NamedHosts(ctx, environmentID)
}

// ForgetHost takes back that a host belongs to a bank. What was sent there before
// is not taken back.
func (r *Registry) ForgetHost(ctx context.Context, environmentID, bic, origin string) error {
	return r.store.ForgetHost(ctx, environmentID, bic, xs2a.Origin(origin))
}
