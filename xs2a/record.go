package xs2a

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxRecorded bounds what is kept of a body.
	maxRecorded = 64 << 10

	// recordMargin is read beyond that, so that a secret at the cut is seen
	// whole and taken out whole.
	recordMargin = 4 << 10

	// recordQueue bounds the exchanges that wait for their record.
	recordQueue = 256
)

// Exchange is one request with its answer as it went over the wire, without
// the secrets: Redacted stands in their place.
type Exchange struct {
	FlowID   string // what it belongs to, see Describe; may be empty
	Step     string // what it was for, in words
	Attended bool   // the person asked for it: PSU-IP-Address was sent
	Started  time.Time
	Took     time.Duration // to the last byte of the answer
	Method   string
	URL      string
	Request  Message
	Status   int // 0 when no answer came
	Answer   Message
	Error    string // why there is no answer, or no whole one; may be empty
}

// RequestID is the request's X-Request-ID; empty where none was sent.
func (e Exchange) RequestID() string { return e.Request.Get("X-Request-ID") }

// Message is one side of an exchange.
type Message struct {
	Header []HeaderField // by name
	Body   string
	Cut    bool // the body was longer than what is kept
	Binary bool // the body is no text and was not kept
}

// HeaderField is one line of a header.
type HeaderField struct{ Name, Value string }

// Get gives the first value of a header, by its canonical name.
func (m Message) Get(name string) string {
	for _, field := range m.Header {
		if field.Name == http.CanonicalHeaderKey(name) {
			return field.Value
		}
	}
	return ""
}

// Recorder is the transport closest to the wire: it sees each request as it
// is sent, signed, repeated or for a token, and hands its Exchange to a sink.
//
// It changes nothing about an exchange: bodies are copied as they pass, up to
// a bound, and everything else happens in the background. When the sink is
// slower than the exchanges, or fails, records are lost and counted.
type Recorder struct {
	base  http.RoundTripper
	queue chan *recording
	lost  *atomic.Int64
	now   func() time.Time
}

// NewRecorder gives a recorder over a transport; nil means the default one.
// Nothing reaches a sink before Run. Without a clock the system's is used.
func NewRecorder(base http.RoundTripper, now func() time.Time) *Recorder {
	if now == nil {
		now = time.Now
	}
	return (&Recorder{queue: make(chan *recording, recordQueue), lost: &atomic.Int64{}, now: now}).Over(base)
}

// Over gives a recorder over another transport that shares queue and count:
// for environments that need a transport of their own.
func (r *Recorder) Over(base http.RoundTripper) *Recorder {
	if base == nil {
		base = http.DefaultTransport
	}
	over := *r
	over.base = base
	return &over
}

// Run hands over exchanges, in the order they ended, until the context ends
// and those that wait then are handed over as well. A sink's error counts the
// record as lost.
func (r *Recorder) Run(ctx context.Context, sink func(Exchange) error) {
	for {
		select {
		case one := <-r.queue:
			r.hand(one, sink)
			continue
		case <-ctx.Done():
		}
		for {
			select {
			case one := <-r.queue:
				r.hand(one, sink)
			default:
				return
			}
		}
	}
}

// hand redacts one exchange and gives it to the sink. Whatever goes wrong
// there costs the record and nothing else.
func (r *Recorder) hand(one *recording, sink func(Exchange) error) {
	if one.mark != nil {
		close(one.mark)
		return
	}
	defer func() {
		if recover() != nil {
			r.lost.Add(1)
		}
	}()
	if sink(one.exchange()) != nil {
		r.lost.Add(1)
	}
}

// Flush waits until the exchanges that have ended by now were handed over, or
// the context ends.
func (r *Recorder) Flush(ctx context.Context) error {
	mark := make(chan struct{})
	select {
	case r.queue <- &recording{mark: mark}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-mark:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lost gives the number of exchanges that could not be recorded.
func (r *Recorder) Lost() int64 { return r.lost.Load() }

// description is what Describe puts into a context.
type description struct{ flowID, step string }

type descriptionKey struct{}

// Describe says what the exchanges made with a context are for: the flow they
// belong to, and the step in words. What is empty stays as it was described
// before. A step without words is named after its operation.
func Describe(ctx context.Context, flowID, step string) context.Context {
	d, _ := ctx.Value(descriptionKey{}).(description)
	if flowID != "" {
		d.flowID = flowID
	}
	if step != "" {
		d.step = step
	}
	return context.WithValue(ctx, descriptionKey{}, d)
}

// described puts a flow to the requests that pass.
type described struct {
	base   http.RoundTripper
	flowID string
}

func (d described) RoundTrip(req *http.Request) (*http.Response, error) {
	return d.base.RoundTrip(req.WithContext(Describe(req.Context(), d.flowID, "")))
}

// recording is an exchange under way, with its secrets. It does not leave the
// package.
type recording struct {
	description
	started       time.Time
	took          time.Duration
	method, url   string
	requestHeader http.Header
	request       *capture
	status        int
	answerHeader  http.Header
	answer        *capture
	failed        error
	recorder      *Recorder

	mark chan struct{} // set in what is no exchange, and closed when its turn comes, see Flush
}

// RoundTrip performs the exchange and records it when its answer has been
// read or closed.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	described, _ := req.Context().Value(descriptionKey{}).(description)
	one := &recording{
		description: described, started: r.now(), recorder: r,
		method: req.Method, url: req.URL.String(), requestHeader: req.Header.Clone(),
		request: &capture{}, answer: &capture{},
	}
	begun := time.Now()
	res, err := r.base.RoundTrip(one.copyRequest(req))
	one.took = time.Since(begun)
	if err != nil {
		one.failed = err
		one.end()
		return res, err
	}
	one.status, one.answerHeader = res.StatusCode, res.Header.Clone()
	if res.Body == nil || res.Body == http.NoBody {
		one.end()
		return res, nil
	}
	res.Body = &answerBody{ReadCloser: res.Body, recording: one, begun: begun}
	return res, nil
}

// copyRequest takes a copy of the request's body: at once where the request
// can give it again, else as it is sent.
func (one *recording) copyRequest(req *http.Request) *http.Request {
	if req.Body == nil || req.Body == http.NoBody {
		return req
	}
	if req.GetBody != nil {
		if body, err := req.GetBody(); err == nil {
			_, _ = io.Copy(one.request, io.LimitReader(body, maxRecorded+recordMargin+1)) // a part is kept as well
			_ = body.Close()
			return req
		}
	}
	// A RoundTripper must not change the caller's request.
	tapped := *req
	tapped.Body = &requestBody{ReadCloser: req.Body, copy: one.request}
	return &tapped
}

// end puts the recording into the queue; where that is full it is lost.
func (one *recording) end() {
	select {
	case one.recorder.queue <- one:
	default:
		one.recorder.lost.Add(1)
	}
}

// requestBody copies a request's body as the transport reads it.
type requestBody struct {
	io.ReadCloser
	copy *capture
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	_, _ = b.copy.Write(p[:n]) // never fails
	return n, err
}

// answerBody copies an answer's body as the client reads it, and ends the
// recording with it.
type answerBody struct {
	io.ReadCloser
	recording *recording
	begun     time.Time
	once      sync.Once
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	_, _ = b.recording.answer.Write(p[:n]) // never fails
	if err != nil {
		b.end(err)
	}
	return n, err
}

func (b *answerBody) Close() error {
	err := b.ReadCloser.Close()
	b.end(nil)
	return err
}

func (b *answerBody) end(err error) {
	b.once.Do(func() {
		b.recording.took = time.Since(b.begun)
		if err != nil && err != io.EOF {
			b.recording.failed = err
		}
		b.recording.end()
	})
}

// capture keeps the beginning of what is written to it. The transport may
// still send a request while its answer is read.
type capture struct {
	mu   sync.Mutex
	kept bytes.Buffer
	more bool // more was written than is kept
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	room := maxRecorded + recordMargin - c.kept.Len()
	if len(p) > room {
		c.more = true
	}
	c.kept.Write(p[:min(len(p), max(room, 0))])
	return len(p), nil
}

func (c *capture) taken() (body []byte, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept.Bytes()), c.more
}
