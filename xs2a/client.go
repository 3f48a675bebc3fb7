package xs2a

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/oauth2"
)

const (
	// maxAnswer bounds what is read of one answer. A page of transactions
	// is some hundred kilobytes; nothing honest comes near.
	maxAnswer = 16 << 20

	// callTimeout bounds one exchange, from connecting to the last byte.
	callTimeout = 30 * time.Second
)

// Client performs exchanges with the banks of one environment. It is safe for
// concurrent use.
type Client struct {
	env     Environment
	dialect Dialect
	http    *http.Client

	mu     sync.Mutex
	tokens map[Service]oauth2.TokenSource
}

// New gives a client for the environment. The transport carries the
// exchanges; nil means the default one.
func New(env Environment, transport http.RoundTripper) (*Client, error) {
	dialect, known := Dialects[env.Dialect]
	if !known {
		return nil, fmt.Errorf("xs2a: no dialect is called %q", env.Dialect)
	}
	for _, base := range []string{env.AuthURL, env.APIURL} {
		if err := CheckURL(base); err != nil {
			return nil, err
		}
	}
	return &Client{
		env:     env,
		dialect: dialect,
		http: &http.Client{
			Transport: transport,
			Timeout:   callTimeout,
			// Following a redirect would carry tokens to an address the
			// environment does not name.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		tokens: map[Service]oauth2.TokenSource{},
	}, nil
}

// CheckURL refuses addresses that tokens and personal data may not be sent
// to: only https, and http on this machine, without credentials in them.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is not a complete address", address)
	}
	if u.User != nil {
		return errors.New("an address must not contain a user name or password")
	}
	local := u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1"
	if u.Scheme == "https" || u.Scheme == "http" && local {
		return nil
	}
	return fmt.Errorf("%q is not an https address", address)
}

// request is one exchange before it is sent.
type request struct {
	service Service
	method  string
	path    string // below the service's prefix; or a whole address of the same host
	query   url.Values
	header  http.Header
	body    any // sent as JSON; nil sends none
	call    Call
}

// answer is a successful response, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request and gives its answer when the status is 2xx, else an
// *Error. Where the bank refused the access token before looking at the
// request, a new one is fetched and the same request sent with it, under the
// same X-Request-ID.
func (c *Client) do(ctx context.Context, r request) (answer, error) {
	if r.call.RequestID == "" {
		r.call.RequestID = uuid.NewString()
	}
	a, err := c.send(ctx, r)
	var refused *Error
	if errors.As(err, &refused) && refused.staleToken() {
		c.forgetToken(r.service)
		return c.send(ctx, r)
	}
	return a, err
}

func (c *Client) send(ctx context.Context, r request) (answer, error) {
	req, err := c.build(ctx, r)
	if err != nil {
		return answer{}, err
	}
	token, err := c.token(r.service)
	if err != nil {
		return answer{}, tokenError(err, req)
	}
	token.SetAuthHeader(req)
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, unreachable(err, req)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return answer{}, unreachable(err, req)
	}
	if len(body) > maxAnswer {
		return answer{}, malformed(req, fmt.Errorf("the answer is larger than %d bytes", maxAnswer))
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return answer{}, decodeError(req, res, body)
	}
	return answer{res.StatusCode, res.Header, body}, nil
}

func (c *Client) build(ctx context.Context, r request) (*http.Request, error) {
	address, err := c.address(r)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, err
	}
	setHeader(req.Header, r)
	if c.dialect.SetHeader != nil {
		c.dialect.SetHeader(req.Header, r.service, r.call)
	}
	return req, nil
}

// setHeader sets what every dialect sends (BG 1.3.12 section 4.8 and 6).
func setHeader(h http.Header, r request) {
	for name, values := range r.header {
		h[name] = values
	}
	h.Set("Accept", "application/json")
	h.Set("X-Request-ID", r.call.RequestID)
	if r.body != nil {
		h.Set("Content-Type", "application/json")
	}
	if r.call.ConsentID != "" {
		h.Set("Consent-ID", r.call.ConsentID)
	}
	// PSU-IP-Address goes along if and only if the person asked
	// (RTS article 36(5), BG 1.3.12 section 6.2).
	if psu := r.call.PSU; psu != nil && r.service != ASPSPInformation {
		h.Set("PSU-IP-Address", psu.IPAddress)
		if psu.UserAgent != "" {
			h.Set("PSU-User-Agent", psu.UserAgent)
		}
	}
}

// address joins host, the service's prefix and path. A link of the bank's own
// is taken as it is when it stays on the environment's host: access tokens go
// nowhere else.
func (c *Client) address(r request) (string, error) {
	base, err := url.Parse(c.env.APIURL)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(r.path)
	if err != nil {
		return "", fmt.Errorf("the bank's link %q cannot be read", r.path)
	}
	prefix := c.dialect.Prefix[r.service]
	switch {
	case u.IsAbs() || u.Host != "":
		if u.Scheme != base.Scheme || u.Host != base.Host {
			return "", fmt.Errorf("the bank's link leads to another host, %q", u.Host)
		}
	case strings.HasPrefix(r.path, prefix+"/"):
		u = base.ResolveReference(u)
	default:
		// Host-relative links come without the prefix, too.
		u, err = url.Parse(strings.TrimRight(c.env.APIURL, "/") + prefix + r.path)
		if err != nil {
			return "", err
		}
	}
	if len(r.query) > 0 {
		u.RawQuery = r.query.Encode()
	}
	u.Fragment = ""
	return u.String(), nil
}

// decode reads a JSON answer into out; the error names the field.
func decode(req request, a answer, out any) error {
	if err := json.Unmarshal(a.body, out); err != nil {
		return &Error{
			Status: a.status, Kind: Malformed, Method: req.method, Path: req.path,
			RequestID: req.call.RequestID, Cause: fieldError(err),
		}
	}
	return nil
}

// fieldError says where in the answer something could not be understood.
func fieldError(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return fmt.Errorf("%s: %s is not expected there", wrongType.Field, wrongType.Value)
	}
	return err
}

// get reads one resource into out.
func (c *Client) get(ctx context.Context, service Service, path string, query url.Values, call Call, out any) error {
	r := request{service: service, method: http.MethodGet, path: path, query: query, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return err
	}
	return decode(r, a, out)
}
