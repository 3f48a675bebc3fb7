package xs2a

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// metadata is what an authorisation server says of itself (RFC 8414 section 2).
type metadata struct {
	Issuer                string `json:"issuer"`
	AuthorizationEndpoint string `json:"authorization_endpoint"`
	TokenEndpoint         string `json:"token_endpoint"`
	NamesIssuer           bool   `json:"authorization_response_iss_parameter_supported"` // RFC 9207 section 3
}

// IncompleteError says what is not known of a bank's authorisation server: it
// does not tell, and neither does the environment.
type IncompleteError struct {
	Server  string   // where it was asked
	Missing []string // members of the metadata, such as token_endpoint
	Cause   error    // why there are no metadata at all; nil where there are
}

func (e *IncompleteError) Error() string {
	words := "authorisation server " + e.Server + ": nothing tells its " + strings.Join(e.Missing, " and ")
	if e.Cause != nil {
		words += " (" + e.Cause.Error() + ")"
	}
	return words
}

func (e *IncompleteError) Unwrap() error { return e.Cause }

const (
	wellKnownOAuth = "/.well-known/oauth-authorization-server" // RFC 8414 section 3
	wellKnownOpen  = "/.well-known/openid-configuration"       // OpenID Connect Discovery section 4
)

// server returns what is known of the authorisation server an address leads to: what
// the environment names, and where it is silent what the metadata say. It is asked,
// and its token endpoint taken, where these are on the bank's hosts.
func (c *Client) server(ctx context.Context, u *url.URL, g Grant) (metadata, error) {
	hosts := c.hosts(g)
	failed := called("scaOAuth", hosts.Check(u))
	var m metadata
	if failed == nil {
		m, failed = c.discover(hosts.limit(ctx), u)
	}
	known := c.namedServer(g.BIC)
	m.AuthorizationEndpoint = cmp.Or(known.Authorization, m.AuthorizationEndpoint)
	if c.reach.OAuth.Token != "" || m.TokenEndpoint == "" { // one made from the server's address is a guess
		m.TokenEndpoint = known.Token
	}
	m.Issuer = cmp.Or(known.Issuer, m.Issuer)
	var missing []string
	if m.AuthorizationEndpoint == "" {
		missing = append(missing, "authorization_endpoint")
	}
	if m.TokenEndpoint == "" {
		missing = append(missing, "token_endpoint")
	}
	if elsewhere := (*LinkError)(nil); len(missing) > 0 && errors.As(failed, &elsewhere) {
		return metadata{}, elsewhere
	}
	if len(missing) > 0 {
		return metadata{}, &IncompleteError{Server: u.String(), Missing: missing, Cause: failed}
	}
	token, err := url.Parse(m.TokenEndpoint)
	if err != nil {
		return metadata{}, &LinkError{Name: "token_endpoint", Link: m.TokenEndpoint, Problem: "it cannot be read"}
	}
	return m, called("token_endpoint", hosts.Check(token))
}

// namedServer is what the environment tells of a bank's authorisation server.
func (c *Client) namedServer(bic string) OAuthServer {
	at := func(address string) string { return forBank(address, bic) }
	known := OAuthServer{at(c.reach.OAuth.Authorization), at(c.reach.OAuth.Token), at(c.reach.OAuth.Issuer)}
	if c.reach.AuthURL != "" {
		known.Token = cmp.Or(known.Token, c.tokenURL(bic))
	}
	return known
}

// discover reads the metadata an address leads to: the address itself where it
// is one of metadata, else the well-known ones that belong to it.
func (c *Client) discover(ctx context.Context, u *url.URL) (metadata, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Deadline) // of all addresses together
	defer cancel()
	var first error
	for _, address := range metadataAddresses(u) {
		m, err := c.readMetadata(ctx, address)
		if err == nil {
			return m, nil
		}
		if first == nil {
			first = err
		}
	}
	return metadata{}, first
}

func metadataAddresses(u *url.URL) []string {
	if strings.Contains(u.Path, "/.well-known/") {
		return []string{u.String()}
	}
	path := strings.TrimRight(u.Path, "/")
	at := func(path string) string {
		v := *u
		v.Path, v.RawPath = path, ""
		return v.String()
	}
	// RFC 8414 puts the well-known part before the path, OpenID after it.
	addresses := []string{at(wellKnownOAuth + path), at(path + wellKnownOpen)}
	if path != "" {
		addresses = append([]string{u.String()}, append(addresses, at(path+wellKnownOAuth))...)
	}
	return addresses
}

// askServer sends a request to an authorisation server and returns its answer, of
// whose body at most so many bytes are read. A refusal is an *Error.
func (c *Client) askServer(req *http.Request, most int64) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(req.Context(), c.Deadline)
	defer cancel()
	req = req.WithContext(ctx)
	req.Header.Set("Accept", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, nil, unreachable(err, req)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return nil, nil, unreachable(err, req)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, nil, c.refusal(req, res, body)
	}
	return res, body, nil
}

func (c *Client) readMetadata(ctx context.Context, address string) (m metadata, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return m, err
	}
	_, body, err := c.askServer(req, maxMetadata)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, malformed(req, fmt.Errorf("authorisation server metadata: %w", err))
	}
	if err := m.check(req.URL); err != nil {
		return metadata{}, malformed(req, err)
	}
	m.Issuer = m.issuer(req.URL)
	return m, nil
}

// check refuses metadata that hold nothing, and such as would send the person, a
// code or a secret to an address that CheckURL does not let through, or from a
// server elsewhere to one on this machine.
func (m metadata) check(from *url.URL) error {
	if m.AuthorizationEndpoint == "" && m.TokenEndpoint == "" {
		return errors.New("authorisation server metadata: they name no endpoint")
	}
	for _, endpoint := range []string{m.AuthorizationEndpoint, m.TokenEndpoint} {
		if endpoint == "" {
			continue
		}
		if err := CheckURL(endpoint); err != nil {
			return fmt.Errorf("authorisation server metadata: %w", err)
		}
		if from.Scheme == "https" && !strings.HasPrefix(strings.ToLower(endpoint), "https://") { // CheckURL lets through no other than here
			return fmt.Errorf("authorisation server metadata: %q is on this machine, where that server has no business", endpoint)
		}
	}
	return nil
}

// issuer is the name by which a server's returns are known. What it calls itself
// counts where it stands for its own host: the one its metadata came from, or the
// one to which both the person and the code go. A name on another host may be
// borrowed to pass for that server's (RFC 9207 section 1); it does not count, and
// neither does none. Then it is the address that its metadata are found by
// (RFC 8414 section 3).
func (m metadata) issuer(from *url.URL) string {
	if ofOneHost(m.Issuer, from.String()) || ofOneHost(m.Issuer, m.AuthorizationEndpoint) && ofOneHost(m.Issuer, m.TokenEndpoint) {
		return m.Issuer
	}
	path := from.EscapedPath()
	for _, wellKnown := range []string{wellKnownOAuth, wellKnownOpen} {
		path = strings.Replace(path, wellKnown, "", 1)
	}
	return from.Scheme + "://" + from.Host + path
}

// ofOneHost reports whether two addresses have one scheme, host and port.
func ofOneHost(a, b string) bool {
	x, err := OriginOf(a)
	y, err2 := OriginOf(b)
	return err == nil && err2 == nil && x == y
}
