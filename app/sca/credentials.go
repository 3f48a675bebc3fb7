package sca

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"consentry/storage"
	"consentry/xs2a"
)

// Call returns what goes along with requests to a bank, with the person's
// access token where the bank gave one; without a person, they did not ask.
func (p *Process) Call(ctx context.Context, d Dealings, client *xs2a.Client, person *xs2a.PSU) (xs2a.Call, error) {
	call, _, err := p.callUnder(ctx, d, client, person)
	return call, err
}

// callUnder is Call, with the credentials it is made with.
func (p *Process) callUnder(ctx context.Context, d Dealings, client *xs2a.Client, person *xs2a.PSU) (xs2a.Call, storage.Credentials, error) {
	credentials, err := p.freshCredentials(ctx, d, client, "")
	if err != nil {
		return xs2a.Call{}, credentials, err
	}
	at, err := p.addresses(ctx, d.Holder)
	return xs2a.Call{
		At: client.Kept(at), BIC: d.BIC, AffiliatedASPSPID: d.AffiliatedASPSPID, PSU: person, Token: credentials.AccessToken,
		Renew: func(ctx context.Context, refused string) (string, error) {
			credentials, err := p.freshCredentials(ctx, d, client, refused)
			return credentials.AccessToken, err
		},
		PSUID: credentials.PSUID, CorporateID: credentials.CorporateID, Decoupled: credentials.Decoupled,
	}, credentials, err
}

// addresses are where the bank said that a consent or payment lies, in the latest
// attempt in which it said so.
func (p *Process) addresses(ctx context.Context, of storage.Subject) (xs2a.Addresses, error) {
	attempts, err := p.store.Authorisations(ctx, of)
	for _, attempt := range attempts {
		if at := attempt.Asks.At.OfResource(); at != (xs2a.Addresses{}) {
			return at, nil
		}
	}
	return xs2a.Addresses{}, err
}

// tokenMargin is how long before its end a token is renewed.
const tokenMargin = 30 * time.Second

// freshCredentials returns what is known of the person, with an access token that was
// renewed where it is about to run out or is the one the bank refused, and where
// the bank gave the means to. Without, the bank decides. A refresh token is
// traded in once (RFC 9700 section 4.14.2), so one at a time does so, and what
// the bank gives for it is stored even if nobody waits for it any more.
func (p *Process) freshCredentials(ctx context.Context, d Dealings, client *xs2a.Client, refused string) (storage.Credentials, error) {
	credentials, err := p.store.Credentials(ctx, d.Holder)
	if err != nil || !p.wantsToken(d, credentials, refused) {
		return credentials, err
	}
	renewed := p.renewing.DoChan(string(d.Holder.Kind)+" "+d.Holder.ID, func() (any, error) {
		defer p.hold()()
		return p.renewToken(context.WithoutCancel(ctx), d, client, refused)
	})
	select {
	case <-ctx.Done():
		return credentials, ctx.Err()
	case given := <-renewed:
		credentials, _ := given.Val.(storage.Credentials)
		return credentials, given.Err
	}
}

func (p *Process) renewToken(ctx context.Context, d Dealings, client *xs2a.Client, refused string) (storage.Credentials, error) {
	credentials, err := p.store.Credentials(ctx, d.Holder) // another may just have done it
	if err != nil || !p.wantsToken(d, credentials, refused) {
		return credentials, err
	}
	named, err := p.store.Hosts(ctx, d.EnvironmentID, d.BIC)
	if err != nil {
		return credentials, err
	}
	tokenURL, err := p.addressNow(ctx, d.EnvironmentID, d.BIC, credentials.TokenURL)
	if err != nil {
		return credentials, err
	}
	token, err := client.RefreshToken(ctx, credentials.RefreshToken, xs2a.Grant{BIC: d.BIC, TokenURL: tokenURL, Named: named})
	if err != nil {
		return credentials, err
	}
	return p.withToken(ctx, d, credentials, token)
}

// wantsToken reports whether a person's access token has to be renewed, and
// can be.
func (p *Process) wantsToken(d Dealings, credentials storage.Credentials, refused string) bool {
	if credentials.RefreshToken == "" {
		return false
	}
	runsOut := !credentials.Expiry.IsZero() && !p.nowAt(d.EnvironmentID).Add(tokenMargin).Before(credentials.Expiry)
	return runsOut || refused != "" && refused == credentials.AccessToken
}

// keepToken stores the person's access token.
func (p *Process) keepToken(ctx context.Context, d Dealings, credentials storage.Credentials, token *oauth2.Token, tokenURL string) error {
	credentials.TokenURL = tokenURL
	_, err := p.withToken(ctx, d, credentials, token)
	return err
}

func (p *Process) withToken(ctx context.Context, d Dealings, credentials storage.Credentials, token *oauth2.Token) (storage.Credentials, error) {
	credentials.AccessToken, credentials.Expiry = token.AccessToken, token.Expiry
	if !credentials.Expiry.IsZero() { // which was reckoned by the real time
		credentials.Expiry = credentials.Expiry.Add(p.nowAt(d.EnvironmentID).Sub(p.now()))
	}
	if token.RefreshToken != "" { // a bank may keep the old one good
		credentials.RefreshToken = token.RefreshToken
	}
	return credentials, p.store.SetCredentials(ctx, d.Holder, credentials)
}
