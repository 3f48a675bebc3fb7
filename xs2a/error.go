package xs2a

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"consentry/xs2a/field"
	"consentry/xs2a/record"
)

// Kind sorts failures by who can do something about them.
type Kind int

// The kinds of failures of an exchange.
const (
	Refused     Kind = iota // the bank answered with an error
	Unreachable             // no answer came; whether the bank acted is unknown
	Malformed               // the answer cannot be understood
)

// Error is any failure of an exchange with a bank.
type Error struct {
	Kind       Kind
	Status     int           // HTTP status, 0 when no answer came
	Code       string        // message code such as CONSENT_INVALID, or OAuth's error; may be empty
	Text       string        // the bank's own words; untrusted
	Field      string        // where in the request the bank sees the fault; may be empty
	RetryAfter time.Duration // how long the bank asks to wait; 0 when it does not say
	Method     string
	Path       string // without query and host
	RequestID  string // X-Request-ID of the exchange
	Body       string // the beginning of what came; untrusted
	Cause      error

	tokenRefused bool // said in WWW-Authenticate, whatever the body says
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", e.Method, e.Path)
	switch e.Kind {
	case Unreachable:
		b.WriteString(": no answer")
	case Malformed:
		b.WriteString(": answer not understood")
	default:
		fmt.Fprintf(&b, ": %d %s", e.Status, e.Code)
	}
	if e.Text != "" {
		fmt.Fprintf(&b, " (%s)", e.Text)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// IsUnreachable reports whether an error is that no answer came.
func IsUnreachable(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Kind == Unreachable
}

// staleToken reports whether a new access token may help: the bank refused the
// one that came along (BG 1.3.12 section 14.11.2, RFC 6750 section 3.1).
func (e *Error) staleToken() bool {
	return e.Status == http.StatusUnauthorized && (e.tokenRefused || strings.Contains(strings.ToLower(e.Code), "token"))
}

// passing reports whether a read may succeed if it is sent again in a moment.
func (e *Error) passing() bool {
	if e.Kind == Unreachable {
		var proxy *ProxyError // which does not let somebody in by being asked again
		return !errors.As(e, &proxy) || proxy.Problem == ProxyUnreachable
	}
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return e.RetryAfter == 0
	}
	return false
}

func newError(kind Kind, req *http.Request, cause error) *Error {
	return &Error{
		Kind: kind, Method: req.Method, Path: req.URL.Path,
		RequestID: req.Header.Get("X-Request-ID"), Cause: cause,
	}
}

// unreachable is the error for an answer that did not arrive whole; one that
// was too much to take did arrive, and to where a bank may not lead, nothing went.
func unreachable(err error, req *http.Request) error {
	if link := (*LinkError)(nil); errors.As(err, &link) {
		return malformed(req, link)
	}
	if limit := (*field.LimitError)(nil); errors.As(err, &limit) {
		return malformed(req, limit)
	}
	return newError(Unreachable, req, hideQuery(err))
}

func malformed(req *http.Request, err error) error { return newError(Malformed, req, err) }

// hideQuery strips the address from a transport error: queries may hold codes.
func hideQuery(err error) error {
	var failed interface{ Unwrap() error }
	if errors.As(err, &failed) && failed.Unwrap() != nil {
		return failed.Unwrap()
	}
	return err
}

// without takes the secrets of its flow out of what an error tells.
func (e *Error) without(secrets *record.Secrets) *Error {
	secrets.CleanEach(&e.Code, &e.Text, &e.Field, &e.Body)
	return e
}

// maxKept bounds the part of an error's body that is kept for testers, and each
// of the bank's words.
const maxKept = 4 << 10

// clip cuts a text to what is kept of it, between two letters.
func clip(s string) string {
	if len(s) <= maxKept {
		return s
	}
	return strings.ToValidUTF8(s[:maxKept], "")
}

// refusal is what a bank refused in an answer, in the spelling of codes that the
// program knows, and without secrets.
func (c *Client) refusal(req *http.Request, res *http.Response, body []byte) *Error {
	return c.spelt(decodeError(req, res, body)).without(c.secrets)
}

// spelt puts a refusal's code into the spelling the program knows.
func (c *Client) spelt(e *Error) *Error {
	if c.dialect.Code != nil {
		e.Code = c.dialect.Code(e.Code)
	}
	return e
}

// decodeError turns any refusal into an *Error, whatever the shape of its body.
func decodeError(req *http.Request, res *http.Response, body []byte) *Error {
	e := newError(Refused, req, nil)
	body = toUTF8(body, res.Header.Get("Content-Type"))
	e.Status, e.Body = res.StatusCode, clip(string(body))
	said := readRefusal(body)
	if challenge := bearerError(res.Header.Values("WWW-Authenticate")); challenge.code != "" {
		e.tokenRefused = challenge.code == "invalid_token"
		said = said.or(challenge)
	}
	e.Code, e.Text, e.Field = clip(said.code), clip(said.text), clip(said.field)
	e.RetryAfter = waitOf(res, e.Text, time.Now())
	if isPage(body) {
		e.Cause = ErrPage
	}
	return e
}
