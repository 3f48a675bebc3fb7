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
	sends := []storage.Reason{{Code: failure.SendsCode}}
	if e.ClientID != "" {
		sends = append(sends, storage.Reason{Code: failure.SendsClientID, Name: e.Name})
	}
	if e.ClientSecret != "" {
		sends = append(sends, storage.Reason{Code: failure.SendsSecret})
	}
	if e.TLSCertificate != "" {
		sends = append(sends, storage.Reason{Code: failure.SendsCertificate})
	}
	if client.PersonsToken() {
		sends = append(sends, storage.Reason{Code: failure.SendsRefreshToken})
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
		return failure.New(failure.ApprovalEnded)
	}
	e, err := p.store.Environment(ctx, flow.EnvironmentID)
	if err != nil {
		return err
	}
	u, err := url.Parse(origin)
	if err == nil {
		err = e.ProfileOf(flow.BIC).Hosts(flow.BIC).Check(u)
	}
	var link *xs2a.LinkError
	switch {
	case err == nil:
		return nil // the environment names it by now
	case !errors.As(err, &link) || !link.MayName:
		return (&failure.Error{Reason: storage.Reason{Code: failure.HostNotNamed, Bank: flow.BankName}}).By(err)
	}
	return p.store.NameHost(ctx, e.ID, flow.BIC, link.Origin)
}
