package xs2a

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// token gives a valid access token for the service, asking for one when
// there is none or the last has run out (RFC 6749 section 4.4).
func (c *Client) token(service Service) (*oauth2.Token, error) {
	c.mu.Lock()
	source := c.tokens[service]
	if source == nil {
		config := clientcredentials.Config{
			ClientID:     c.env.ClientID,
			ClientSecret: c.env.ClientSecret,
			TokenURL:     c.tokenURL(),
			Scopes:       c.dialect.Scope(service, c.env.Context),
			AuthStyle:    oauth2.AuthStyleInParams, // as OP documents it
		}
		// The source outlives this call, so it takes no request's context;
		// the client's own time-out bounds it.
		source = config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, c.http))
		c.tokens[service] = source
	}
	c.mu.Unlock()
	return source.Token()
}

func (c *Client) forgetToken(service Service) {
	c.mu.Lock()
	delete(c.tokens, service)
	c.mu.Unlock()
}

func (c *Client) tokenURL() string {
	return strings.TrimRight(c.env.AuthURL, "/") + c.dialect.TokenPath
}

// NewState gives an unguessable value of 256 bits for the OAuth parameter of
// that name (RFC 9700 section 2.1 asks for 128 at least).
func NewState() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// NewVerifier gives a PKCE code verifier (RFC 7636 section 4.1).
func NewVerifier() string { return oauth2.GenerateVerifier() }

// Grant is one attempt of a person to authorise something at the bank.
type Grant struct {
	ConsentID       string // the bank's ids
	AuthorisationID string
	State           string
	Verifier        string // PKCE
	RedirectURI     string
}

// AuthorizeURL makes the address of the bank's page from a scaOAuth link:
// it fills the placeholders OP leaves in it and adds PKCE.
func (c *Client) AuthorizeURL(link string, g Grant) (string, error) {
	u, err := c.PageURL(link)
	if err != nil {
		return "", err
	}
	query := u.Query()
	if query.Get("response_type") == "" {
		return "", errors.New("the bank's link is no authorize address, and discovery is not supported yet")
	}
	fill := map[string]string{
		"[CLIENT_ID]":        c.env.ClientID,
		"[TPP_REDIRECT_URI]": g.RedirectURI,
		"[TPP_STATE]":        g.State,
	}
	for _, values := range query {
		for i, v := range values {
			if filled, ok := fill[v]; ok {
				values[i] = filled
			}
		}
	}
	// Ours win over whatever the link holds: the answer is checked against them.
	query.Set("client_id", c.env.ClientID)
	query.Set("redirect_uri", g.RedirectURI)
	query.Set("state", g.State)
	query.Set("code_challenge", oauth2.S256ChallengeFromVerifier(g.Verifier))
	query.Set("code_challenge_method", "S256")
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// PageURL checks the address of a page the person is sent to.
func (c *Client) PageURL(link string) (*url.URL, error) {
	base, err := url.Parse(c.env.AuthURL)
	if err != nil {
		return nil, err
	}
	u, err := base.Parse(link)
	if err != nil {
		return nil, fmt.Errorf("the bank's link %q cannot be read", link)
	}
	if err := CheckURL(u.String()); err != nil {
		return nil, fmt.Errorf("the bank's page: %w", err)
	}
	return u, nil
}

// ExchangeCode redeems an authorisation code (RFC 6749 section 4.1.3). Under
// OP the token is not needed afterwards: account calls go on with the
// client's own.
func (c *Client) ExchangeCode(ctx context.Context, code string, g Grant) (*oauth2.Token, error) {
	config := oauth2.Config{
		ClientID:     c.env.ClientID,
		ClientSecret: c.env.ClientSecret,
		RedirectURL:  g.RedirectURI,
		Endpoint:     oauth2.Endpoint{TokenURL: c.tokenURL(), AuthStyle: oauth2.AuthStyleInParams},
	}
	client := *c.http
	if c.dialect.ExchangeHeader != nil {
		client.Transport = withHeader{c.http.Transport, c.dialect.ExchangeHeader(g)}
	}
	token, err := config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, &client), code, oauth2.VerifierOption(g.Verifier))
	if err != nil {
		req, _ := http.NewRequest(http.MethodPost, c.tokenURL(), nil)
		return nil, tokenError(err, req)
	}
	return token, nil
}

// withHeader adds headers to every request.
type withHeader struct {
	base   http.RoundTripper
	header http.Header
}

func (t withHeader) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name, values := range t.header {
		req.Header[name] = values
	}
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	return base.RoundTrip(req)
}
