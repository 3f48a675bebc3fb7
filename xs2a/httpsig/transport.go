package httpsig

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// maxBody bounds what is held in memory to be hashed. A bulk payment of some
// thousand entries is a few megabytes.
const maxBody = 16 << 20

// RequestSigner sets the headers that sign a request with this body.
type RequestSigner interface {
	Sign(r *http.Request, body []byte) error
}

// Transport returns a RoundTripper that signs each request and passes it on to
// base, or to the default transport. The caller's request stays as it is; its
// body is read and closed in any case.
func Transport(base http.RoundTripper, signer RequestSigner) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{base: base, signer: signer}
}

type transport struct {
	base   http.RoundTripper
	signer RequestSigner
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	signed := r.Clone(r.Context())
	if signed.Header == nil {
		signed.Header = http.Header{}
	}
	carry(signed, body)
	if err := t.signer.Sign(signed, body); err != nil {
		return nil, fmt.Errorf("request cannot be signed: %w", err)
	}
	return t.base.RoundTrip(signed)
}

func bodyOf(r *http.Request) (body []byte, err error) {
	if r.Body == nil {
		return nil, nil
	}
	defer func() { _ = r.Body.Close() }()
	source := r.Body
	if r.GetBody != nil {
		if source, err = r.GetBody(); err != nil {
			return nil, fmt.Errorf("body to sign: %w", err)
		}
		defer func() { _ = source.Close() }()
	}
	body, err = io.ReadAll(io.LimitReader(source, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("body to sign: %w", err)
	case len(body) > maxBody:
		return nil, refuse("body", "is too long to be signed")
	case r.ContentLength > 0 && r.ContentLength != int64(len(body)):
		return nil, refuse("body", "has not the length that was announced")
	}
	return body, nil
}

// carry gives the request the body that was read. Its length is known now, so
// nothing is sent in chunks.
func carry(r *http.Request, body []byte) {
	r.ContentLength, r.TransferEncoding = int64(len(body)), nil
	r.GetBody = func() (io.ReadCloser, error) {
		if len(body) == 0 {
			return http.NoBody, nil
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}
	r.Body, _ = r.GetBody() // never fails, see above
}
