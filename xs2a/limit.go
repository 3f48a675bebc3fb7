package xs2a

import (
	"bufio"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync"

	"consentry/xs2a/field"
)

// tooLarge is the error for an answer of more bytes than are taken.
func tooLarge(most int) error { return field.TooMuchAtOnce("is larger than %d bytes", most) }

// TooMuchAtOnce reports whether an error is about an answer of which less may be
// asked for at once.
func TooMuchAtOnce(err error) bool {
	var limit *field.LimitError
	return errors.As(err, &limit) && limit.Less
}

// Limit bounds the answers that come through base: the size of header and
// body, what unpacking the body gains, and the depth, number of elements and
// length of texts in JSON. Beyond, reading fails with a *field.LimitError. It
// unpacks gzip and deflate itself, so it belongs next to the network; nil
// stands for a transport that reads no more of a header than allowed. It may
// be applied twice.
func Limit(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = boundedTransport()
	}
	return limited{base}
}

var boundedTransport = sync.OnceValue(func() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxResponseHeaderBytes, t.Proxy = maxHeader, nil
	return t
})

type limited struct{ base http.RoundTripper }

func (l limited) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get("Accept-Encoding") == "" {
		// Asked for by name, the transport leaves the unpacking to us.
		req = req.Clone(req.Context())
		req.Header.Set("Accept-Encoding", "gzip")
	}
	res, err := l.base.RoundTrip(once(req.WithContext(fewInformational(req.Context()))))
	if err != nil && strings.Contains(err.Error(), "response headers exceeded") { // net/http has no type for it
		return nil, field.TooMuch("has a header of more than %d bytes", maxHeader)
	}
	if err != nil {
		return nil, err
	}
	if err := bound(res); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res, nil
}

// fewInformational ends an exchange in which more informational answers come than
// make sense. What they say is of no use here (RFC 9110 section 15.2).
func fewInformational(ctx context.Context) context.Context {
	came := 0
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error {
		if came++; came > maxInformational {
			return field.TooMuch("comes after more than %d informational ones", maxInformational)
		}
		return nil
	}})
}

// once keeps net/http from sending a read again by itself, over a new line where
// the one it had kept was cut, if the bank counts it (see request.repeatable). A
// body that cannot be had a second time does that, empty as it is.
func once(req *http.Request) *http.Request {
	if req.Method != http.MethodGet || req.Header.Get("Consent-ID") == "" || req.Header.Get("PSU-IP-Address") != "" {
		return req
	}
	req = req.Clone(req.Context())
	req.Body, req.GetBody, req.ContentLength = io.NopCloser(strings.NewReader("")), nil, 0
	return req
}

func bound(res *http.Response) error {
	if res.StatusCode == http.StatusSwitchingProtocols {
		// Its body is the bare line, which ends with no deadline (RFC 9110 section 7.8).
		return field.TooMuch("changes to another protocol, which was not asked for")
	}
	size := 0
	for name, values := range res.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	if size > maxHeader {
		return field.TooMuch("has a header of more than %d bytes", maxHeader)
	}
	if res.ContentLength > maxAnswer {
		return tooLarge(maxAnswer)
	}
	wire := &counted{from: res.Body}
	body := &boundedBody{close: res.Body.Close, wire: wire, from: wire}
	switch codings, labelled := contentCodings(res.Header); {
	case len(codings) == 0:
	case len(codings) > 1 || !unpackable[codings[0]]:
		return field.TooMuch("is packed as %q, which was not asked for", labelled)
	default:
		body.from, body.packed = &unpacked{from: bufio.NewReader(wire), deflate: codings[0] == "deflate", unsure: codings[0] != labelled}, true
		res.Header.Del("Content-Encoding")
		res.Header.Del("Content-Length")
		res.ContentLength, res.Uncompressed = -1, true
	}
	res.Body = body
	return nil
}

var unpackable = map[string]bool{"gzip": true, "x-gzip": true, "deflate": true}

// contentCodings are the ways in which a body is packed (RFC 9110 section 8.4.1),
// and all that stands there: some banks name what is no packing, such as the
// encoding of the letters.
func contentCodings(h http.Header) (codings []string, labelled string) {
	labelled = strings.ToLower(strings.TrimSpace(strings.Join(h.Values("Content-Encoding"), ",")))
	for name := range strings.SplitSeq(labelled, ",") {
		name = strings.TrimSpace(name)
		if name != "" && name != "identity" && name != "none" && charsets[charsetOf(name)] == nil {
			codings = append(codings, name)
		}
	}
	return codings, labelled
}

// counted knows how much came from the network.
type counted struct {
	from io.Reader
	n    int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked begins to unpack when it is read, since a packed body may be empty.
type unpacked struct {
	from    *bufio.Reader
	deflate bool
	unsure  bool // it was called unpacked as well: what it begins with decides
	inner   io.Reader
}

func (u *unpacked) Read(p []byte) (int, error) {
	if u.inner == nil {
		if _, err := u.from.Peek(1); err != nil {
			return 0, err
		}
		if start, _ := u.from.Peek(2); u.unsure && !u.deflate && string(start) != "\x1f\x8b" { // RFC 1952 section 2.3.1
			u.inner = u.from
			return u.inner.Read(p)
		}
		var err error
		if u.deflate { // RFC 9110 section 8.4.1.2: in zlib's format
			u.inner, err = zlib.NewReader(u.from)
		} else {
			u.inner, err = gzip.NewReader(u.from)
		}
		if err != nil {
			return 0, field.TooMuch("cannot be unpacked: %v", err)
		}
	}
	return u.inner.Read(p)
}

// boundedBody counts and looks at what is read.
type boundedBody struct {
	close  func() error
	wire   *counted
	from   io.Reader
	packed bool
	n      int64
	shape  shape
	failed error
}

func (b *boundedBody) Close() error { return b.close() }

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	n, err := b.from.Read(p)
	b.n += int64(n)
	switch {
	case b.n > maxAnswer:
		b.failed = tooLarge(maxAnswer)
	case b.packed && b.n > freeSize && b.n > maxRatio*b.wire.n:
		b.failed = field.TooMuch("unpacks to more than %d times its size", maxRatio)
	default:
		b.failed = b.shape.write(p[:n])
	}
	if b.failed != nil {
		return 0, b.failed
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.failed = err
	}
	return n, err
}
