package xs2a

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
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
	Cut    bool  // the body was longer than what is kept
	Size   int64 `json:",omitempty"` // of the whole body in bytes, where it was cut; 0 where that is not known
	LetGo  bool  `json:",omitempty"` // there was a body, and it is not kept any more, to make room
	Binary bool  // the body is no text and was not kept
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
// slower than the exchanges, those that wait let go of their bodies, and say so;
// none is lost. Records that the sink refuses are lost and counted.
type Recorder struct {
	base  http.RoundTripper
	queue *recordQueue
	lost  *atomic.Int64
	now   func() time.Time
}

// NewRecorder gives a recorder over a transport; nil means the default one.
// Nothing reaches a sink before Run. Without a clock the system's is used.
func NewRecorder(base http.RoundTripper, now func() time.Time) *Recorder {
	if now == nil {
		now = time.Now
	}
	return (&Recorder{queue: newRecordQueue(), lost: &atomic.Int64{}, now: now}).Over(base)
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
	for one := r.queue.next(ctx); one != nil; one = r.queue.next(ctx) {
		r.hand(one, sink)
	}
}

// hand gives one exchange to the sink, without its secrets. Whatever goes wrong
// there costs the record and nothing else.
func (r *Recorder) hand(one *recording, sink func(Exchange) error) {
	if one.mark != nil {
		close(one.mark)
		return
	}
	one.finish(nil)
	defer func() {
		if recover() != nil {
			r.lost.Add(1)
		}
	}()
	if one.made != nil && sink(*one.made) != nil {
		r.lost.Add(1)
	}
}

// finish makes of a recording what may leave the package, once, and lets it be
// changed.
func (one *recording) finish(change func(*Exchange)) {
	defer func() {
		if recover() != nil { // it is lost
			one.recorder.lost.Add(1)
			one.made, one.broken = nil, true
		}
	}()
	if one.made == nil && !one.broken {
		e := one.exchange()
		if change != nil {
			change(&e)
		}
		one.made, one.request, one.answer, one.requestHeader, one.answerHeader = &e, nil, nil, nil, nil
	}
}

// Flush waits until the exchanges that have ended by now were handed over, or
// the context ends.
func (r *Recorder) Flush(ctx context.Context) error {
	mark := make(chan struct{})
	r.queue.put(&recording{mark: mark})
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
	waits         weight    // in the queue
	made          *Exchange // once its secrets are taken out
	broken        bool      // which did not succeed

	mark chan struct{} // set in what is no exchange, and closed when its turn comes, see Flush
}

// RoundTrip performs the exchange and records it when its answer has been
// read or closed.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	described, _ := req.Context().Value(descriptionKey{}).(description)
	one := &recording{
		description: described, started: r.now(), recorder: r,
		method: req.Method, url: req.URL.String(), requestHeader: keptHeader(req.Header),
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
	one.status, one.answerHeader = res.StatusCode, keptHeader(res.Header)
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

func (one *recording) end() { one.recorder.queue.put(one) }

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
