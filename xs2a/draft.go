package xs2a

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"consentry/xs2a/record"
)

// Draft is a request that a person wrote. It goes out as it stands, but for what
// is made anew for every request: its signature, with date and digest where that
// wants them, and the access token.
type Draft struct {
	Method  string
	Address string      // whole, on one of the bank's hosts
	Header  http.Header // with X-Request-ID
	Body    []byte      // nil: none
	Bearer  bool        // the access token goes along; to the bank's interface alone
	Call    Call        // the bank, and the person's token where they have one
}

// SendDraft sends a draft, once, and reads the answer to its end; both are in the
// record of exchanges, and nothing is made of the answer. A *LinkError says that
// the address is on no host of the bank's, or on one the token does not belong
// to, and ErrNoToken that there is none: nothing was sent then. An *Error says
// what any other does.
func (c *Client) SendDraft(ctx context.Context, d Draft) error {
	ctx, cancel := context.WithTimeout(ctx, c.Deadline)
	defer cancel()
	c.secrets.Add(record.SecretsIn(d.Address, d.Header, string(d.Body))...)
	var body io.Reader
	if d.Body != nil {
		body = bytes.NewReader(d.Body)
	}
	hosts := c.reach.Hosts(d.Call.BIC)
	req, err := http.NewRequestWithContext(hosts.limit(ctx), d.Method, d.Address, body)
	if err != nil {
		return &LinkError{Link: d.Address, Problem: "it cannot be read"}
	}
	req.Header = d.Header.Clone()
	if err := hosts.Check(req.URL); err != nil {
		return err
	}
	line := c.http
	if c.atHome(req.URL) {
		line = c.signed
	}
	if d.Bearer {
		if err := c.authorise(ctx, req, d); err != nil {
			return err
		}
	}
	return c.through(line, req)
}

// atHome reports whether an address is on the host of the bank's interface.
func (c *Client) atHome(u *url.URL) bool {
	base, err := url.Parse(c.reach.APIURL)
	return err == nil && sameOrigin(base, u)
}

// authorise puts the access token to a draft.
func (c *Client) authorise(ctx context.Context, req *http.Request, d Draft) error {
	if !c.atHome(req.URL) {
		origin, _ := originOf(req.URL)
		return &LinkError{Link: req.URL.Redacted(), Origin: origin, Problem: "the access token belongs to the host of the bank's interface alone"}
	}
	r := request{service: serviceAt(req.URL.Path), method: d.Method, path: req.URL.Path, call: d.Call}
	token, _, err := c.bearer(ctx, r, "")
	switch {
	case err != nil && errors.As(err, new(*Error)):
		failed := newError(Unreachable, req, errors.New("the authorisation server gave no access token"))
		if said := (*Error)(nil); errors.As(err, &said) {
			failed.Kind, failed.Status, failed.Code, failed.Text = said.Kind, said.Status, said.Code, said.Text
		}
		return failed
	case err != nil:
		return err
	case token == "":
		return ErrNoToken
	}
	c.secrets.Add(token)
	req.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// ErrNoToken is that there is no access token for a request that wants one.
var ErrNoToken = errors.New("xs2a: there is no access token for this request")

// serviceAt is the service a path belongs to, by which access tokens are told apart.
func serviceAt(path string) Service {
	switch {
	case strings.Contains(path, "payments"):
		return PaymentInitiation
	case strings.Contains(path, "/consents"):
		return ConsentService
	case strings.Contains(path, "accounts"):
		return AccountInformation
	}
	return ASPSPInformation
}

// through sends a request and reads its answer, as far as any answer is read.
func (c *Client) through(line *http.Client, req *http.Request) error {
	res, err := line.Do(req)
	if err != nil {
		return unreachable(err, req)
	}
	defer res.Body.Close()
	body, err := readAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return unreachable(err, req)
	case res.StatusCode >= http.StatusBadRequest:
		return c.refusal(req, res, body)
	}
	return nil
}
