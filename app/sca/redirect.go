package sca

import (
	"context"
	"net/url"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Redirect returns the address of the bank's page and notes that the person goes
// there. From then on the bank is polled.
func (p *Process) Redirect(ctx context.Context, authorisationID string, person xs2a.PSU) (string, error) {
	p.presence.Seen()
	t, err := p.load(ctx, authorisationID, person)
	if err != nil {
		return "", err
	}
	if t.Ended() || t.Link == "" {
		return "", failure.New(failure.NoPage)
	}
	page, err := p.pageAddress(ctx, t)
	if err != nil {
		return "", p.noPage(ctx, t, err)
	}
	if err := p.storeAt(t.EnvironmentID).SetOpened(ctx, t.ID); err != nil {
		return "", err
	}
	if !t.Secret.PreStep {
		p.keepPolling(t.ID, person)
	}
	return page, nil
}

// noPage says why there is no page to go to; and which host the person may name to
// get there.
func (p *Process) noPage(ctx context.Context, t attempt, err error) error {
	shown := *p.explain(t.BankName, err)
	e, err := p.store.Environment(ctx, t.EnvironmentID)
	if err != nil {
		return err
	}
	shown.Host = newHost(e, t.client, &shown)
	return &shown
}

// pageAddress makes the address of the bank's page, and keeps what the return
// will be checked against.
func (p *Process) pageAddress(ctx context.Context, t attempt) (string, error) {
	if t.Step != xs2a.StepOAuth {
		u, err := t.client.PageURL(t.Link, t.BIC)
		if err != nil {
			return "", err
		}
		return u.String(), nil
	}
	var page string
	var g xs2a.Grant
	var err error
	if t.Secret.PreStep {
		page, g, err = t.client.PreStep(ctx, t.grant())
	} else {
		page, g, err = t.client.AuthorizePage(ctx, t.Link, t.grant())
	}
	if err != nil {
		return "", err
	}
	_, err = p.store.ChangeSecret(ctx, t.ID, func(s *storage.Secret) {
		s.TokenURL, s.Issuer, s.NamesIssuer = g.TokenURL, g.Issuer, g.NamesIssuer
	})
	return page, err
}

// back is the return address as the bank is told. The state goes along for
// banks that send the person back without adding anything.
func back(auth storage.Authorisation, credentials storage.Credentials) xs2a.Return {
	with := func(values url.Values) string { return withQuery(auth.RedirectURI, values) }
	return xs2a.Return{
		URI:       with(url.Values{"state": {auth.Secret.State}}),
		NokURI:    with(url.Values{"state": {auth.Secret.State}, "result": {"nok"}}),
		Decoupled: credentials.Decoupled,
	}
}

// withQuery adds parameters to an address, which may have some.
func withQuery(address string, values url.Values) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // no environment has one, as environments are checked
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += values.Encode()
	return u.String()
}

// grant is what the person is sent to an authorisation server with.
func (t attempt) grant() xs2a.Grant {
	g := xs2a.Grant{
		BIC: t.BIC, Named: t.named, AuthorisationID: t.BankID, State: t.Secret.State, Verifier: t.Secret.Verifier,
		RedirectURI: t.RedirectURI, TokenURL: t.Secret.TokenURL, Issuer: t.Secret.Issuer, NamesIssuer: t.Secret.NamesIssuer,
	}
	if g.Resource = t.Resource; t.Secret.PreStep {
		g.Resource = t.Resource.Unmade()
	}
	return g
}
