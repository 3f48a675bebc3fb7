package app

import (
	"context"
	"errors"
	"net/url"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// newHost says what the host of a refused link would be sent, where the person may
// name it; nil where they may not.
func newHost(e storage.Environment, client *xs2a.Client, err error) *failure.NewHost {
	var link *xs2a.LinkError
	if !errors.As(err, &link) || !link.MayName {
		return nil
	}
	sends := []string{"what your bank gives your browser when you have approved (the authorisation code), and the key that belongs to it"}
	if e.ClientID != "" {
		sends = append(sends, "the client id of the environment “"+e.Name+"”")
	}
	if e.ClientSecret != "" {
		sends = append(sends, "the client secret of the environment")
	}
	if e.TLSCertificate != "" {
		sends = append(sends, "the certificate for connections, shown when connecting")
	}
	if client.PersonsToken() {
		sends = append(sends, "later on, what the access to your accounts is renewed with (the refresh token)")
	}
	return &failure.NewHost{Origin: link.Origin, Sends: sends}
}

// NameHost keeps the person's word that a host belongs to the bank of an
// authorisation that is under way.
func (a *App) NameHost(ctx context.Context, authorisationID, origin string) error {
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil {
		return err
	}
	if flow.Ended() {
		return &Error{Message: "This approval has ended.", Lost: "The host was not named.", Do: "Start the approval again."}
	}
	e, err := a.store.Environment(ctx, flow.Consent.EnvironmentID)
	if err != nil {
		return err
	}
	u, err := url.Parse(origin)
	if err == nil {
		err = e.ProfileOf(flow.Consent.BIC).Hosts(flow.Consent.BIC).Check(u)
	}
	var link *xs2a.LinkError
	switch {
	case err == nil:
		return nil // the environment names it by now
	case !errors.As(err, &link) || !link.MayName:
		return &Error{Message: "This host cannot be named for " + flow.Consent.BankName + ".", Lost: "Nothing was sent.", Detail: err.Error(), Cause: err}
	}
	return a.store.NameHost(ctx, e.ID, flow.Consent.BIC, link.Origin)
}

// NamedHosts lists the hosts the person named for the banks of an environment.
func (a *App) NamedHosts(ctx context.Context, environmentID string) ([]storage.NamedHost, error) {
	return a.store.NamedHosts(ctx, environmentID)
}

// ForgetHost takes back that a host belongs to a bank. What was sent there before
// is not taken back.
func (a *App) ForgetHost(ctx context.Context, environmentID, bic, origin string) error {
	return a.store.ForgetHost(ctx, environmentID, bic, xs2a.Origin(origin))
}

// leads reports whether an error is about a link that is not followed.
func leads(err error) bool {
	var link *xs2a.LinkError
	return errors.As(err, &link)
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
