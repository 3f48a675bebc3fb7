package sca

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
func (p *Process) NameHost(ctx context.Context, authorisationID, origin string) error {
	flow, err := p.Flow(ctx, authorisationID)
	if err != nil {
		return err
	}
	if flow.Ended() {
		return &failure.Error{Message: "This approval has ended.", Lost: "The host was not named.", Do: "Start the approval again."}
	}
	e, err := p.store.Environment(ctx, flow.Consent.EnvironmentID)
	if err != nil {
		return err
	}
	u, err := url.Parse(origin)
	if err == nil {
		err = e.Hosts(flow.Consent.BIC).Check(u)
	}
	var link *xs2a.LinkError
	switch {
	case err == nil:
		return nil // the environment names it by now
	case !errors.As(err, &link) || !link.MayName:
		return &failure.Error{Message: "This host cannot be named for " + flow.Consent.BankName + ".", Lost: "Nothing was sent.", Detail: err.Error(), Cause: err}
	}
	return p.store.NameHost(ctx, e.ID, flow.Consent.BIC, link.Origin)
}
