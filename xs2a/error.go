package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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

// passing tells whether a read may succeed if it is sent again in a moment.
func (e *Error) passing() bool {
	if e.Kind == Unreachable {
		return true
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
// was too much to take did arrive.
func unreachable(err error, req *http.Request) error {
	if limit := (*LimitError)(nil); errors.As(err, &limit) {
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

// maxKept bounds the part of an error's body that is kept for testers.
const maxKept = 4 << 10

// decodeError turns any refusal into an *Error, whatever the shape of its body.
func decodeError(req *http.Request, res *http.Response, body []byte) error {
	e := newError(Refused, req, nil)
	e.Status = res.StatusCode
	e.RetryAfter = retryAfter(res.Header.Get("Retry-After"), time.Now())
	e.Body = string(body[:min(len(body), maxKept)])
	e.Code, e.Text, e.Field = readRefusal(body)
	if isPage(body) {
		e.Cause = ErrPage
	}
	return e
}

// tppMessage is one message of a refusal (BG 1.3.12 section 4.13).
type tppMessage struct{ Category, Code, Text, Path text }

// tppMessages are messages in a list or, at some banks, a single one.
type tppMessages []tppMessage

func (m *tppMessages) UnmarshalJSON(b []byte) error {
	var elements []json.RawMessage
	if b[0] != '[' {
		elements = append(elements, b)
	} else if err := json.Unmarshal(b, &elements); err != nil {
		return err
	}
	for _, element := range elements {
		var one tppMessage
		if json.Unmarshal(element, &one) == nil && one != (tppMessage{}) {
			*m = append(*m, one)
		}
	}
	return nil
}

// refusalBody has the members of all the bodies banks send: messages in an
// envelope (under two names), problem documents (RFC 7807 with BG's
// extension), Salt Edge's classes, and OAuth's (RFC 6749 section 5.2).
type refusalBody struct {
	Messages         tppMessages `json:"tppMessages"`
	Message          tppMessages `json:"tppMessage"`
	Code             text        `json:"code"`
	Title            text        `json:"title"`
	Detail           text        `json:"detail"`
	ErrorClass       text        `json:"error_class"`
	ErrorMessage     text        `json:"error_message"`
	Error            json.RawMessage
	ErrorDescription text `json:"error_description"`
}

// readRefusal finds code, text and field in the bodies banks send. A body of
// another kind has none of them.
func readRefusal(body []byte) (code, what, field string) {
	var bare tppMessages
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("[")) && json.Unmarshal(body, &bare) == nil {
		return firstMessage(bare)
	}
	var w refusalBody
	if json.Unmarshal(body, &w) != nil {
		return "", "", ""
	}
	if messages := append(w.Messages, w.Message...); len(messages) > 0 {
		return firstMessage(messages)
	}
	if w.ErrorClass != "" {
		return string(w.ErrorClass), string(w.ErrorMessage), ""
	}
	var oauth text
	if len(w.Error) > 0 && w.Error[0] == '"' && json.Unmarshal(w.Error, &oauth) == nil && oauth != "" {
		return string(oauth), string(w.ErrorDescription), ""
	}
	if what = string(w.Detail); what == "" {
		what = string(w.Title)
	}
	return string(w.Code), what, ""
}

// firstMessage prefers an error to a warning that stands before it.
func firstMessage(messages []tppMessage) (code, what, field string) {
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
	return string(chosen.Code), string(chosen.Text), string(chosen.Path)
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
