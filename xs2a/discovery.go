package xs2a

import (
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
}

const (
	wellKnownOAuth = "/.well-known/oauth-authorization-server" // RFC 8414 section 3
	wellKnownOpen  = "/.well-known/openid-configuration"       // OpenID Connect Discovery section 4

	maxMetadata = 256 << 10
)

// discover reads the metadata an address leads to: the address itself where it
// is one of metadata, else the well-known ones that belong to it.
func (c *Client) discover(ctx context.Context, u *url.URL) (metadata, error) {
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
		return nil, nil, decodeError(req, res, body)
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
		return m, malformed(req, err)
	}
	return m, nil
}

// check refuses metadata that would send codes or tokens elsewhere: the issuer
// has to be on the host the metadata came from (RFC 8414 section 3.3), and
// every endpoint has to be one CheckURL lets through.
func (m metadata) check(from *url.URL) error {
	if m.AuthorizationEndpoint == "" || m.TokenEndpoint == "" {
		return errors.New("authorisation server metadata: an endpoint is missing")
	}
	for _, endpoint := range []string{m.AuthorizationEndpoint, m.TokenEndpoint} {
		if err := CheckURL(endpoint); err != nil {
			return fmt.Errorf("authorisation server metadata: %w", err)
		}
	}
	issuer, err := url.Parse(m.Issuer)
	if err != nil || issuer.Scheme != from.Scheme || issuer.Host != from.Host {
		return fmt.Errorf("authorisation server metadata: the issuer %q is not the host it came from", m.Issuer)
	}
	return nil
}
