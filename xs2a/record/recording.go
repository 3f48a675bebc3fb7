package record

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

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
	secrets       *Secrets // the secrets of the flow
	recorder      *Recorder
	proxy         string // see Through
}

// RoundTrip performs the exchange and records it when its answer has been
// read or closed.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	described, _ := req.Context().Value(descriptionKey{}).(description)
	one := &recording{
		description: described, started: r.now(), secrets: secretsIn(req.Context()), recorder: r,
		method: req.Method, url: req.URL.String(), requestHeader: req.Header.Clone(),
		request: &capture{}, answer: &capture{more: r.more},
	}
	begun := time.Now()
	req = req.WithContext(context.WithValue(req.Context(), proxyKey{}, &one.proxy))
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

// end has the secrets taken out, before anything waits for a sink, and lets the exchange wait
// for its record. A mistake there must not reach the one who reads the answer.
func (one *recording) end() {
	one.recorder.ended.add(func() {
		defer func() {
			if recover() != nil {
				one.recorder.lost.Add(1)
			}
		}()
		one.recorder.waiting.add(waiter{exchange: one.exchange()})
	})
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
	more int // bytes that are kept beyond maxBody

	mu   sync.Mutex
	kept bytes.Buffer
	size int64
}

// most bounds what is kept of the body.
func (c *capture) most() int { return maxBody + c.more }

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += int64(len(p))
	room := c.most() + margin - c.kept.Len()
	c.kept.Write(p[:min(len(p), max(room, 0))])
	return len(p), nil
}

// taken returns what was kept, and how long all of it was.
func (c *capture) taken() (body []byte, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept.Bytes()), c.size
}
