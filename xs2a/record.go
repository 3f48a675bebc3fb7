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

	// recordMargin is read beyond that, and left out after the secrets were taken
	// out: so one at the cut is seen whole, or goes with the margin.
	recordMargin = 4 << 10

	// maxAddress bounds what is kept of an address, and of why there is no answer.
	maxAddress = 8 << 10
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
	Header      []HeaderField // by name
	HeaderLetGo bool          // all but X-Request-ID, to make room
	Body        string        // as text, without the secrets
	Size        int64         // of the body as it passed, in bytes; 0 where there was none, or for SizeUntold
	SizeUntold  bool          // the size would tell how long a secret is
	Cut         bool          // the body was longer than what is kept
	Left        int64         // bytes left out by the cut; 0 when that is not known
	Binary      bool          // the body is no text and was not kept
	BodyLetGo   bool          // the body was there, and went to make room
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
// a bound. When the exchange has ended its secrets are taken out, and it waits
// for the sink, which works in the background. However slow that is, no
// exchange is dropped and none is held up: the bodies of those that wait are
// let go when they take too much room, the oldest first.
type Recorder struct {
	base    http.RoundTripper
	waiting *waiting
	lost    *atomic.Int64
	now     func() time.Time
}

// NewRecorder gives a recorder over a transport; nil means the default one.
// Nothing reaches a sink before Run. Without a clock the system's is used.
func NewRecorder(base http.RoundTripper, now func() time.Time) *Recorder {
	if now == nil {
		now = time.Now
	}
	return (&Recorder{waiting: newWaiting(maxWaiting), lost: &atomic.Int64{}, now: now}).Over(base)
}

// Over gives a recorder over another transport that shares what waits and the
// count: for environments that need a transport of their own.
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
		if next, found := r.waiting.take(); found {
			r.hand(next, sink)
			continue
		}
		if ctx.Err() != nil {
			return
		}
		select {
		case <-r.waiting.more:
		case <-ctx.Done():
		}
	}
}

// hand gives one exchange to the sink. Whatever goes wrong there costs the
// record and nothing else.
func (r *Recorder) hand(next waiter, sink func(Exchange) error) {
	if next.mark != nil {
		close(next.mark)
		return
	}
	defer func() {
		if recover() != nil {
			r.lost.Add(1)
		}
	}()
	if sink(next.exchange) != nil {
		r.lost.Add(1)
	}
}

// Flush waits until the exchanges that have ended by now were handed over, or
// the context ends.
func (r *Recorder) Flush(ctx context.Context) error {
	mark := make(chan struct{})
	r.waiting.add(waiter{mark: mark})
	select {
	case <-mark:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lost gives the number of exchanges the sink did not take.
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

// described puts a flow to the requests that pass, and its secrets.
type described struct {
	base   http.RoundTripper
	flowID string
	known  *known
}

func (d described) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := context.WithValue(Describe(req.Context(), d.flowID, ""), knownKey{}, d.known)
	return d.base.RoundTrip(req.WithContext(ctx))
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
	known         *known // the secrets of the flow
	recorder      *Recorder
}

// RoundTrip performs the exchange and records it when its answer has been
// read or closed.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	described, _ := req.Context().Value(descriptionKey{}).(description)
	one := &recording{
		description: described, started: r.now(), known: knownIn(req.Context()), recorder: r,
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
			_, _ = io.Copy(one.request, body) // a part is kept as well
			_ = body.Close()
			return req
		}
	}
	// A RoundTripper must not change the caller's request.
	tapped := *req
	tapped.Body = &requestBody{ReadCloser: req.Body, copy: one.request}
	return &tapped
}

// end takes the secrets out, before anything waits, and lets the exchange wait
// for its record. A mistake there must not reach the one who reads the answer.
func (one *recording) end() {
	defer func() {
		if recover() != nil {
			one.recorder.lost.Add(1)
		}
	}()
	one.recorder.waiting.add(waiter{exchange: one.exchange()})
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

// capture keeps the beginning of what is written to it, and counts all of it.
// The transport may still send a request while its answer is read.
type capture struct {
	mu   sync.Mutex
	kept bytes.Buffer
	size int64
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += int64(len(p))
	room := maxRecorded + recordMargin - c.kept.Len()
	c.kept.Write(p[:min(len(p), max(room, 0))])
	return len(p), nil
}

// taken gives what was kept, and how long all of it was.
func (c *capture) taken() (body []byte, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept.Bytes()), c.size
}
