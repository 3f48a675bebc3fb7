package xs2a

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"consentry/xs2a/record"
)

// flowMemory is how long after its last request a flow is taken to be over. A
// person has as long for an attempt.
const flowMemory = 30 * time.Minute

// Client performs exchanges with the banks of one reach. It is safe for
// concurrent use.
type Client struct {
	// Deadline ends an operation, from connecting to the last byte, with all it is
	// sent again for. New sets the usual one; it is changed before the first use.
	Deadline time.Duration

	reach   Reach
	dialect Dialect
	signed  *http.Client // for the bank's interface
	http    *http.Client // for the authorisation server, which knows no signatures

	tokens  *tokens
	flows   *record.Flows
	secrets *record.Secrets // of the flow the client is for
}

// New returns a client for a reach. The transport carries the exchanges, signed;
// nil means the reach's own, see Transport.
func New(reach Reach, transport http.RoundTripper) (*Client, error) {
	dialect, known := Dialects[reach.Dialect]
	if !known {
		return nil, fmt.Errorf("xs2a: no dialect is called %q", reach.Dialect)
	}
	if err := CheckURL(reach.APIURL); err != nil {
		return nil, err
	}
	if reach.AuthURL != "" {
		if err := CheckURL(forBank(reach.AuthURL, "bank")); err != nil {
			return nil, err
		}
	}
	var err error
	if transport == nil {
		if transport, err = Transport(reach); err != nil {
			return nil, err
		}
	}
	transport = gate{reach.Profile, transport}
	signed, err := signing(reach, transport)
	if err != nil {
		return nil, err
	}
	c := &Client{
		Deadline: usualDeadline,
		reach:    reach,
		dialect:  dialect,
		signed:   &http.Client{Transport: plainLocation{signed}, CheckRedirect: noRedirect},
		http:     &http.Client{Transport: transport, CheckRedirect: noRedirect},
		tokens:   &tokens{by: map[tokenKey]*oauth2.Token{}},
		flows:    record.NewFlows(flowMemory),
	}
	return c.For(""), nil
}

// For returns the same client, whose exchanges are recorded as those of a flow,
// see record.Describe, without the secrets the flow knows. The two share their access
// tokens.
func (c *Client) For(flowID string) *Client {
	one := *c
	one.secrets = c.flows.Of(flowID)
	label := func(plain *http.Client) *http.Client {
		labelled := *plain
		labelled.Transport = record.Described(plain.Transport, flowID, one.secrets)
		return &labelled
	}
	one.signed, one.http = label(c.signed), label(c.http)
	return &one
}

// Dialect is how the client's banks speak.
func (c *Client) Dialect() Dialect { return c.dialect }

// Profile is how the client speaks to them.
func (c *Client) Profile() Profile { return c.reach.Profile }

// noRedirect: following one would carry tokens to an address the bank's
// profile does not name. Some banks send the link to their page in this form.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// request is one exchange before it is sent.
type request struct {
	service Service
	method  string
	path    string // below the service's prefix; or a whole address of the same host
	link    string // the bank's own, gone to in the path's place; empty where it gave none
	query   url.Values
	header  http.Header
	body    any // sent as JSON, but for a Document; nil sends none
	call    Call
	left    *atomic.Bool // set as soon as it may have left; nil where nobody asks
}

// answer is a successful response, read to its end.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	location string          // what the Location header names, as a whole address; empty without one
	request  string          // X-Request-ID of what it answers
	secrets  *record.Secrets // what of its words may not be kept
}

// do sends a request and returns its answer when the status is 2xx, or leads the
// person on, else an *Error. What is repeatable and failed in passing is sent
// again after a pause; nothing else ever is, except where the bank refused the
// access token before looking at the request, see exchange. All of it together
// ends with the deadline.
func (c *Client) do(ctx context.Context, r request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Deadline)
	defer cancel()
	if r.call.RequestID == "" {
		r.call.RequestID = uuid.NewString()
	}
	a, err := c.exchange(ctx, r)
	var failed *Error
	if !r.repeatable() {
		return a, err
	}
	for attempt := range readAttempts - 1 {
		if !errors.As(err, &failed) || !failed.passing() {
			break
		}
		select {
		case <-ctx.Done():
			return a, err
		case <-time.After(pause(attempt)):
		}
		r.call.RequestID = uuid.NewString() // another request, for the bank
		a, err = c.exchange(ctx, r)
	}
	return a, err
}

const (
	// readAttempts is how often a read is sent at most.
	readAttempts = 3

	// firstPause grows with each attempt.
	firstPause = 150 * time.Millisecond
)

// repeatable reports whether a request may go out again by itself: a read, unless
// it is one of accounts without the person. Of those a bank counts each attempt,
// answered or not, against frequencyPerDay (RTS article 36(5)(b)).
func (r request) repeatable() bool {
	counted := r.call.ConsentID != "" && r.call.PSU == nil
	return r.method == http.MethodGet && !counted
}

// pause returns the wait before the next attempt: longer each time, and never
// the same for two clients that failed together.
func pause(attempt int) time.Duration {
	longest := firstPause << (attempt + 1)
	return longest/2 + rand.N(longest/2)
}

// exchange sends a request with the access token that goes along. Where the bank
// refuses that, it has not looked at the request: the same one goes out once
// more with a new token, under the same X-Request-ID.
func (c *Client) exchange(ctx context.Context, r request) (answer, error) {
	token, _, err := c.bearer(ctx, r, "")
	if err != nil {
		return answer{}, c.tokenless(ctx, r, err)
	}
	a, err := c.send(ctx, r, token)
	var failed *Error
	if token == "" || !errors.As(err, &failed) || !failed.staleToken() {
		return a, err
	}
	another, fresh, renewal := c.bearer(ctx, r, token)
	if renewal == nil && !fresh {
		return a, err
	}
	if r.left != nil {
		r.left.Store(false) // the bank has not looked at it
	}
	if renewal != nil {
		return answer{}, c.tokenless(ctx, r, renewal)
	}
	return c.send(ctx, r, another)
}

func (c *Client) send(ctx context.Context, r request, token string) (answer, error) {
	if r.left != nil {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { r.left.Store(true) }})
	}
	req, err := c.build(ctx, r)
	if err != nil {
		return answer{}, err
	}
	if token != "" {
		c.secrets.Add(token)
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := c.signed.Do(req)
	if err != nil {
		return answer{}, unreachable(err, req)
	}
	defer res.Body.Close()
	body, err := readAll(io.LimitReader(res.Body, int64(r.service.most())+1))
	if err != nil {
		return answer{}, unreachable(err, req)
	}
	if most := r.service.most(); len(body) > most {
		return answer{}, malformed(req, tooLarge(most))
	}
	if body, err = readableText(body, res.Header.Get("Content-Type")); err != nil {
		return answer{}, malformed(req, err)
	}
	a := answer{status: res.StatusCode, header: res.Header, body: body, request: req.Header.Get("X-Request-ID"), secrets: c.secrets}
	to := res.Header.Get("Location")
	if to == "" && redirects(a.status) {
		to = locationIn(body)
	}
	if u, err := req.URL.Parse(to); err == nil && to != "" {
		a.location = u.String()
	}
	if (a.status < 200 || a.status > 299) && !a.leadsOn(req.Method) {
		return answer{}, c.refusal(req, res, body)
	}
	return a, nil
}

// rooms are where answers are read into before they are copied to one of their size: while it
// grows, a page of a report would be copied ten times.
var rooms = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// mostRoom is how many bytes of room are kept for the next answer.
const mostRoom = 1 << 20

// readAll is io.ReadAll.
func readAll(from io.Reader) ([]byte, error) {
	room, _ := rooms.Get().(*bytes.Buffer)
	room.Reset()
	_, err := room.ReadFrom(from)
	body := bytes.Clone(room.Bytes())
	if room.Cap() <= mostRoom {
		rooms.Put(room)
	}
	return body, err
}

// most is how many bytes an answer of the service may have.
func (s Service) most() int {
	switch s {
	case ConsentService, PaymentInitiation:
		return maxStep
	}
	return maxAnswer
}

// leadsOn reports whether a redirect stands for the link to the bank's page, as
// some banks answer where something is to be authorised.
func (a answer) leadsOn(method string) bool {
	return method != http.MethodGet && a.location != "" && redirects(a.status)
}

func (c *Client) build(ctx context.Context, r request) (*http.Request, error) {
	address, err := c.address(r)
	if err != nil { // the bank's fault, whose link it is
		return nil, &Error{Kind: Malformed, Method: r.method, Path: r.place(), RequestID: r.call.RequestID, Cause: err}
	}
	var body io.Reader
	if r.body != nil {
		document, err := documentOf(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(document.Content)
	}
	req, err := http.NewRequestWithContext(c.reach.Hosts(r.call.BIC).limit(ctx), r.method, address, body)
	if err != nil {
		return nil, err
	}
	setHeader(req.Header, r)
	if kind := c.reach.PSUIDType; kind != "" && req.Header.Get("PSU-ID") != "" {
		req.Header.Set("PSU-ID-Type", kind)
	}
	if c.dialect.SetHeader != nil {
		c.dialect.SetHeader(req.Header, r.service, r.call)
	}
	return req, nil
}

// Document is a body that is sent as it is.
type Document struct {
	MediaType string
	Content   []byte
	Header    http.Header // what goes along with it; may be nil
}

// JSON returns a document that is JSON.
func JSON(content []byte) Document { return Document{MediaType: "application/json", Content: content} }

// documentOf puts a request's body into the form in which it is sent.
func documentOf(body any) (Document, error) {
	if document, is := body.(Document); is {
		return document, nil
	}
	content, err := json.Marshal(body)
	return JSON(content), err
}

func mediaTypeOf(body any) string {
	if document, is := body.(Document); is {
		return document.MediaType
	}
	return "application/json"
}

// setHeader sets what every dialect sends (BG 1.3.12 section 4.8 and 6).
func setHeader(h http.Header, r request) {
	for name, values := range r.header {
		h[name] = values
	}
	h.Set("Accept", cmp.Or(r.call.Accept, "application/json"))
	h.Set("X-Request-ID", r.call.RequestID)
	if r.body != nil {
		h.Set("Content-Type", mediaTypeOf(r.body))
	}
	if r.call.ConsentID != "" {
		h.Set("Consent-ID", r.call.ConsentID)
	}
	// Who the person is, is said where something is asked or authorised; reads go
	// by the consent (BG 1.3.12 section 6.4 has no PSU-ID).
	if r.call.PSUID != "" && r.service != AccountInformation {
		h.Set("PSU-ID", r.call.PSUID)
	}
	if r.call.CorporateID != "" && r.service != AccountInformation {
		h.Set("PSU-Corporate-ID", r.call.CorporateID)
	}
	// PSU-IP-Address goes along if and only if the person asked
	// (RTS article 36(5), BG 1.3.12 section 6.2).
	if psu := r.call.PSU; psu != nil && r.service != ASPSPInformation {
		psu.setHeader(h)
	}
}

// decode reads a JSON answer into out; the error names the field.
func decode(req request, a answer, out any) error {
	if err := unmarshal(a.body, out); err != nil {
		return &Error{
			Status: a.status, Kind: Malformed, Method: req.method, Path: req.place(),
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
