package app

import (
	"context"

	"consentry/storage"
	"consentry/xs2a"
)

// NamedHosts lists the hosts the person named for the banks of an environment.
func (a *App) NamedHosts(ctx context.Context, environmentID string) ([]storage.NamedHost, error) {
	return a.store.NamedHosts(ctx, environmentID)
}

// ForgetHost takes back that a host belongs to a bank. What was sent there before
// is not taken back.
func (a *App) ForgetHost(ctx context.Context, environmentID, bic, origin string) error {
	return a.store.ForgetHost(ctx, environmentID, bic, xs2a.Origin(origin))
}
