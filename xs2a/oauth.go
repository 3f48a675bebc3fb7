package xs2a

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// bearer returns the access token that goes along with a request: the person's
// where there is one, else the TPP's own where the bank wants that; or none.
// Refused is the one the bank turned down, empty at first: then another is asked
// for, and fresh reports whether there is one.
func (c *Client) bearer(ctx context.Context, r request, refused string) (token string, fresh bool, err error) {
	token = r.call.Token
	if r.call.Renew != nil {
		if token, err = r.call.Renew(ctx, refused); err != nil {
			return "", false, err
		}
	}
	if token != "" || c.login() != LoginClient {
		return token, token != refused, nil
	}
	key := tokenKey{r.service, c.tokenURL(r.call.BIC)}
	c.tokens.forget(key, refused)
	own, err := c.token(c.reach.Hosts(r.call.BIC).limit(ctx), key)
	if err != nil {
		return "", false, err
	}
	return own.AccessToken, true, nil
}

func (c *Client) login() Login {
	if c.reach.Login != LoginDefault {
		return c.reach.Login
	}
	return c.dialect.Login
}

// tokenKey tells the TPP's own tokens apart: by what they are for, and by the
// endpoint they are from.
type tokenKey struct {
	service Service
	from    string
}

// token returns a valid access token of the TPP's own, asking for one when there
// is none or the last has run out (RFC 6749 section 4.4). Who waits for the same
// one waits for the same answer; nobody waits for another's.
func (c *Client) token(ctx context.Context, key tokenKey) (*oauth2.Token, error) {
	if held := c.tokens.held(key); held.Valid() {
		return held, nil
	}
	asked := c.tokens.asking.DoChan(string(key.service)+" "+key.from, func() (any, error) {
		if held := c.tokens.held(key); held.Valid() {
			return held, nil
		}
		form := url.Values{"grant_type": {"client_credentials"}}
		if scopes := c.dialect.Scope(key.service, c.reach.Context); len(scopes) > 0 {
			form.Set("scope", strings.Join(scopes, " "))
		}
		// The answer serves all who wait, also when the first of them gives up.
		token, err := c.askToken(context.WithoutCancel(ctx), key.from, form, nil)
		if err == nil {
			c.tokens.keep(key, token)
		}
		return token, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case given := <-asked:
		token, _ := given.Val.(*oauth2.Token)
		return token, given.Err
	}
}

// tokens are the TPP's own access tokens of one environment.
type tokens struct {
	asking singleflight.Group

	mu sync.Mutex
	by map[tokenKey]*oauth2.Token
}

func (t *tokens) held(key tokenKey) *oauth2.Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.by[key]
}

func (t *tokens) keep(key tokenKey, token *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.by[key] = token
}

// forget drops a token the bank has refused, unless another is there already.
func (t *tokens) forget(key tokenKey, refused string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if held := t.by[key]; held != nil && held.AccessToken == refused {
		delete(t.by, key)
	}
}

// tokenURL is the token endpoint; "{bank}" in the authorisation server's
// address stands for the bank's id.
func (c *Client) tokenURL(bic string) string {
	base, err := url.Parse(forBank(c.reach.authBase(), bic))
	if err != nil {
		return ""
	}
	return base.JoinPath(c.dialect.TokenPath).String()
}

// NewState returns an unguessable value of 256 bits for the OAuth parameter of
// that name (RFC 9700 section 2.1 asks for 128 at least).
func NewState() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// NewVerifier returns a PKCE code verifier (RFC 7636 section 4.1).
func NewVerifier() string { return oauth2.GenerateVerifier() }

// Grant is one attempt of a person to authorise something at the bank.
type Grant struct {
	BIC             string // the ASPSP, as in a Call
	Resource        Resource
	AuthorisationID string // the bank's
	State           string
	Verifier        string // PKCE; secret
	RedirectURI     string
	TokenURL        string   // where the code is redeemed; empty for the environment's own
	Named           []Origin // hosts the person named for the bank, beside the environment's
	Issuer          string   // who has to have sent the person back (RFC 9207)
	NamesIssuer     bool     // the server said that it names itself when it sends the person back
}

// hosts are where requests of the grant may go.
func (c *Client) hosts(g Grant) Hosts { return c.reach.Hosts(g.BIC, g.Named...) }

// scope is what the person is asked for by an OAuth SCA, or by a pre-step, before there is
// what they authorise (BG 1.3.12 section 13.1).
func (c *Client) scope(of Resource) string {
	kind := "AIS"
	if of.service == PaymentInitiation {
		kind = "PIS"
	}
	switch {
	case of.ID == "":
		return kind
	case c.reach.ScopeBlank:
		return kind + ": " + of.ID
	}
	return kind + ":" + of.ID
}

// PreStep returns the address of the page at which the person logs in before a
// consent is asked for (BG 1.3.12 section 5.1), and the grant with what is
// needed afterwards.
func (c *Client) PreStep(ctx context.Context, g Grant) (string, Grant, error) {
	return c.AuthorizePage(ctx, forBank(c.reach.authBase(), g.BIC), g)
}

// WantsPerson reports whether the person has to log in before a consent is
// asked for.
func (c *Client) WantsPerson() bool { return c.login() == LoginPerson }

// PersonsToken reports whether calls after an OAuth SCA carry the token it gave.
func (c *Client) PersonsToken() bool { return c.dialect.PersonsToken || c.WantsPerson() }

// AuthorizePage makes the address of the bank's page from a scaOAuth link, and
// completes the grant with what is needed to redeem the code. A link is either
// the page itself, with placeholders to fill (OP), or leads to the
// authorisation server's metadata (BG 1.3.12 section 13, RFC 8414). A server on a
// host that is not the bank's is not asked: then the error is a *LinkError.
func (c *Client) AuthorizePage(ctx context.Context, link string, g Grant) (string, Grant, error) {
	c.secrets.Add(g.State, g.Verifier)
	u, err := c.PageURL(link, g.BIC)
	if err != nil {
		return "", g, called("scaOAuth", err)
	}
	query := u.Query()
	if isAuthorize(query) {
		known := c.namedServer(g.BIC)
		g.TokenURL, g.Issuer, g.NamesIssuer = known.Token, cmp.Or(known.Issuer, u.Scheme+"://"+u.Host), false
	} else {
		found, err := c.server(ctx, u, g)
		if err != nil {
			return "", g, err
		}
		if u, err = c.PageURL(found.AuthorizationEndpoint, g.BIC); err != nil {
			return "", g, called("authorization_endpoint", err)
		}
		g.TokenURL, g.Issuer, g.NamesIssuer = found.TokenEndpoint, found.Issuer, found.NamesIssuer
		query = u.Query()
		query.Set("response_type", "code")
		query.Set("scope", c.scope(g.Resource))
	}
	c.fill(query, g)
	u.RawQuery = query.Encode()
	return u.String(), g, nil
}

// isAuthorize reports whether a query is that of the bank's page rather than of an
// address of metadata. Some banks write the parameters in camel case.
func isAuthorize(query url.Values) bool {
	return query.Has("response_type") || query.Has("responseType") || query.Has("client_id") || query.Has("clientId")
}

// fill puts our side into the address of the bank's page. Ours wins over
// whatever the link holds: the answer is checked against it.
func (c *Client) fill(query url.Values, g Grant) {
	placeholders := map[string]string{
		"[CLIENT_ID]":        c.reach.ClientID,
		"[TPP_REDIRECT_URI]": g.RedirectURI,
		"[TPP_STATE]":        g.State,
	}
	for _, values := range query {
		for i, v := range values {
			if filled, ok := placeholders[v]; ok {
				values[i] = filled
			}
		}
	}
	for camel, name := range map[string]string{
		"responseType": "response_type", "clientId": "client_id", "redirectUri": "redirect_uri",
		"codeChallenge": "code_challenge", "codeChallengeMethod": "code_challenge_method",
	} {
		if query.Has(camel) {
			query.Set(name, query.Get(camel))
			query.Del(camel)
		}
	}
	query.Set("client_id", c.reach.ClientID)
	query.Set("redirect_uri", g.RedirectURI)
	query.Set("state", g.State)
	query.Set("code_challenge", oauth2.S256ChallengeFromVerifier(g.Verifier))
	query.Set("code_challenge_method", "S256")
}

// ExchangeCode redeems an authorisation code (RFC 6749 section 4.1.3). Under
// OP the token is not needed afterwards: account calls go on with the
// client's own.
func (c *Client) ExchangeCode(ctx context.Context, code string, g Grant) (*oauth2.Token, error) {
	c.secrets.Add(code, g.Verifier, g.State)
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "code_verifier": {g.Verifier}}
	if g.RedirectURI != "" {
		form.Set("redirect_uri", g.RedirectURI)
	}
	var header http.Header
	if c.dialect.ExchangeHeader != nil {
		header = c.dialect.ExchangeHeader(g)
	}
	return c.askToken(c.hosts(g).limit(ctx), c.redeemAt(g), form, header)
}

func (c *Client) redeemAt(g Grant) string {
	return cmp.Or(g.TokenURL, c.namedServer(g.BIC).Token, c.tokenURL(g.BIC))
}

// RefreshToken returns a new access token of the person's for one that has run
// out (RFC 6749 section 6), from where the grant's came. The refresh token stays
// the old one where the bank gives no other.
func (c *Client) RefreshToken(ctx context.Context, refresh string, g Grant) (*oauth2.Token, error) {
	c.secrets.Add(refresh)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	token, err := c.askToken(c.hosts(g).limit(ctx), c.redeemAt(g), form, nil)
	if err == nil && token.RefreshToken == "" {
		token.RefreshToken = refresh
	}
	return token, err
}
