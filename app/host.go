package app

import (
	"context"
	"errors"

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

// leadsElsewhere puts a link that is not followed into words: the fault is the
// bank's.
func leadsElsewhere(bank string, link *xs2a.LinkError, err error) *Error {
	e := &Error{Lost: "Nothing was sent there, and nothing was changed here.", Detail: err.Error(), Cause: err}
	var failed *xs2a.Error
	if errors.As(err, &failed) {
		e.Detail = detail(failed)
	}
	const fault = "That is a mistake in the bank’s answer. Trying again rarely helps; the details name the link, for the bank’s support."
	switch {
	case link.MayName:
		e.Message = bank + " leads to a host that is not known as its own: " + link.Origin.Host() + "."
		e.Do = "If your bank confirms that the host is its own, add it to the environment’s hosts, in the settings. Otherwise leave it."
	case link.Origin != "":
		e.Message, e.Do = bank+" answered with a link that leads elsewhere: to "+link.Origin.Host()+".", fault
	default:
		e.Message, e.Do = bank+" answered with a link that cannot be followed.", fault
	}
	return e
}
