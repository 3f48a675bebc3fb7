package xs2a

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"errors"

	"golang.org/x/oauth2"
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

// staleToken tells whether a new access token may help (BG 1.3.12 section 14.11.2).
func (e *Error) staleToken() bool {
	return e.Status == http.StatusUnauthorized && strings.HasPrefix(e.Code, "TOKEN_")
}

func newError(kind Kind, req *http.Request, cause error) *Error {
	return &Error{
		Kind: kind, Method: req.Method, Path: req.URL.Path,
		RequestID: req.Header.Get("X-Request-ID"), Cause: cause,
	}
}

func unreachable(err error, req *http.Request) error {
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

// maxKept bounds the part of an error's body that is kept for testers.
const maxKept = 4 << 10

// decodeError turns any refusal into an *Error, whatever the shape of its body.
func decodeError(req *http.Request, res *http.Response, body []byte) error {
	e := newError(Refused, req, nil)
	e.Status = res.StatusCode
	e.RetryAfter = retryAfter(res.Header.Get("Retry-After"), time.Now())
	e.Body = string(body[:min(len(body), maxKept)])
	e.Code, e.Text, e.Field = readRefusal(body)
	return e
}

// tppMessage is one message of a refusal (BG 1.3.12 section 4.13).
type tppMessage struct {
	Category string `json:"category"`
	Code     string `json:"code"`
	Text     string `json:"text"`
	Path     string `json:"path"`
}

// readRefusal finds code, text and field in the bodies banks send: messages
// in an envelope (under two names) or bare, problem documents, and OAuth's.
func readRefusal(body []byte) (code, text, field string) {
	var bare []tppMessage
	if json.Unmarshal(body, &bare) == nil {
		return firstMessage(bare)
	}
	var envelope struct {
		Messages    []tppMessage    `json:"tppMessages"`
		Message     []tppMessage    `json:"tppMessage"`
		Code        string          `json:"code"` // RFC 7807 with BG's extension
		Title       string          `json:"title"`
		Detail      string          `json:"detail"`
		Error       json.RawMessage `json:"error"` // RFC 6749 section 5.2
		Description string          `json:"error_description"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "", "", ""
	}
	messages := append(envelope.Messages, envelope.Message...)
	if len(messages) > 0 {
		return firstMessage(messages)
	}
	var oauth string
	if json.Unmarshal(envelope.Error, &oauth) == nil && oauth != "" {
		return oauth, envelope.Description, ""
	}
	text = envelope.Detail
	if text == "" {
		text = envelope.Title
	}
	return envelope.Code, text, ""
}

// firstMessage prefers an error to a warning that stands before it.
func firstMessage(messages []tppMessage) (code, text, field string) {
	if len(messages) == 0 {
		return "", "", ""
	}
	chosen := messages[0]
	for _, m := range messages {
		if m.Category == "ERROR" {
			chosen = m
			break
		}
	}
	return chosen.Code, chosen.Text, chosen.Path
}

// retryAfter reads both forms of RFC 9110 section 10.2.3.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// tokenError makes a failure to get an access token one of the exchange that
// needed it.
func tokenError(err error, req *http.Request) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return unreachable(err, req)
	}
	e := newError(Refused, req, errors.New("the authorisation server gave no access token"))
	e.Status = refused.Response.StatusCode
	e.Code, e.Text = refused.ErrorCode, refused.ErrorDescription
	e.Body = string(refused.Body[:min(len(refused.Body), maxKept)])
	return e
}
