package app

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"consentry/storage"
	"consentry/xs2a"
)

// callUnder is what goes along with requests under a consent, with the person's
// access token where the bank gave one; without a person, they did not ask.
func (a *App) callUnder(ctx context.Context, c storage.Consent, client *xs2a.Client, person *Person) (xs2a.Call, storage.Bond, error) {
	bond, err := a.freshBond(ctx, c, client, "")
	if err != nil {
		return xs2a.Call{}, bond, err
	}
	at, err := a.addresses(ctx, c.ID)
	return xs2a.Call{
		At: client.Kept(at), BIC: c.BIC, AffiliatedASPSPID: c.AffiliatedASPSPID, PSU: person, Token: bond.AccessToken,
		Renew: func(ctx context.Context, refused string) (string, error) {
			bond, err := a.freshBond(ctx, c, client, refused)
			return bond.AccessToken, err
		},
		PSUID: bond.PSUID, CorporateID: bond.CorporateID, Decoupled: bond.Decoupled,
	}, bond, err
}

// addresses are where the bank said that a consent lies, in the latest attempt
// in which it said so.
func (a *App) addresses(ctx context.Context, consentID string) (xs2a.Addresses, error) {
	attempts, err := a.store.Authorisations(ctx, storage.ConsentSubject(consentID))
	for _, attempt := range attempts {
		if at := attempt.Asks.At.OfResource(); at != (xs2a.Addresses{}) {
			return at, nil
		}
	}
	return xs2a.Addresses{}, err
}

// tokenMargin is how long before its end a token is renewed.
const tokenMargin = 30 * time.Second

// freshBond returns what is known of the person, with an access token that was
// renewed where it is about to run out or is the one the bank refused, and where
// the bank gave the means to. Without, the bank decides. A refresh token is
// traded in once (RFC 9700 section 4.14.2), so one at a time does so, and what
// the bank gives for it is stored even if nobody waits for it any more.
func (a *App) freshBond(ctx context.Context, c storage.Consent, client *xs2a.Client, refused string) (storage.Bond, error) {
	bond, err := a.store.Bond(ctx, c.ID)
	if err != nil || !a.wantsToken(c, bond, refused) {
		return bond, err
	}
	renewed := a.renewing.DoChan(c.ID, func() (any, error) {
		a.running.Add(1)
		defer a.running.Done()
		return a.renewToken(context.WithoutCancel(ctx), c, client, refused)
	})
	select {
	case <-ctx.Done():
		return bond, ctx.Err()
	case given := <-renewed:
		bond, _ := given.Val.(storage.Bond)
		return bond, given.Err
	}
}

func (a *App) renewToken(ctx context.Context, c storage.Consent, client *xs2a.Client, refused string) (storage.Bond, error) {
	bond, err := a.store.Bond(ctx, c.ID) // another may just have done it
	if err != nil || !a.wantsToken(c, bond, refused) {
		return bond, err
	}
	named, err := a.store.Hosts(ctx, c.EnvironmentID, c.BIC)
	if err != nil {
		return bond, err
	}
	e, err := a.store.Environment(ctx, c.EnvironmentID)
	if err != nil {
		return bond, err
	}
	token, err := client.RefreshToken(ctx, bond.RefreshToken, xs2a.Grant{BIC: c.BIC, TokenURL: moved(e, c.BIC, bond.TokenURL), Named: named})
	if err != nil {
		return bond, err
	}
	return a.withToken(ctx, c, bond, token)
}

// wantsToken reports whether a person's access token has to be renewed, and
// can be.
func (a *App) wantsToken(c storage.Consent, bond storage.Bond, refused string) bool {
	if bond.RefreshToken == "" {
		return false
	}
	runsOut := !bond.Expiry.IsZero() && !a.NowAt(c.EnvironmentID).Add(tokenMargin).Before(bond.Expiry)
	return runsOut || refused != "" && refused == bond.AccessToken
}

// keepToken stores the person's access token.
func (a *App) keepToken(ctx context.Context, c storage.Consent, bond storage.Bond, token *oauth2.Token, tokenURL string) error {
	bond.TokenURL = tokenURL
	_, err := a.withToken(ctx, c, bond, token)
	return err
}

func (a *App) withToken(ctx context.Context, c storage.Consent, bond storage.Bond, token *oauth2.Token) (storage.Bond, error) {
	bond.AccessToken, bond.Expiry = token.AccessToken, token.Expiry
	if !bond.Expiry.IsZero() { // which was reckoned by the real time
		bond.Expiry = bond.Expiry.Add(a.NowAt(c.EnvironmentID).Sub(a.now()))
	}
	if token.RefreshToken != "" { // a bank may keep the old one good
		bond.RefreshToken = token.RefreshToken
	}
	return bond, a.store.SetBond(ctx, c.ID, bond)
}
