package httpsig_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"consentry/xs2a/httpsig"
)

// body counts how often it was closed, and hides its length.
type body struct {
	io.Reader
	closed int
}

func (b *body) Close() error { b.closed++; return nil }

func TestTransportLeavesTheRequestAlone(t *testing.T) {
	b := &body{Reader: strings.NewReader("hello")}
	var request *http.Request
	came := send(t, signer(t, httpsig.BerlinGroup(), ecdsaIdentity()), func(base string) *http.Request {
		request, _ = http.NewRequest(http.MethodPut, base+"/v1/x", b)
		request.Header.Set("X-Request-ID", requestID)
		return request
	})
	if len(request.Header) != 1 || request.Body != b || request.ContentLength != 0 {
		t.Errorf("the caller's request was changed: %v", request.Header)
	}
	if b.closed == 0 {
		t.Error("the body was not closed")
	}
	if string(came.body) != "hello" || came.request.ContentLength != 5 {
		t.Errorf("%q of %d bytes arrived", came.body, came.request.ContentLength)
	}
}

// What net/http sends for the length depends on method and body; the signed
// line must say the same.
func TestContentLengthIsForeseen(t *testing.T) {
	profile := httpsig.BerlinGroup()
	profile.Fields = append(profile.Fields, httpsig.WhenSent("content-length", "content-type")...)
	for _, method := range []string{"", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		for _, content := range []io.Reader{nil, http.NoBody, bytes.NewReader(nil), strings.NewReader("x"), &body{Reader: strings.NewReader("xy")}} {
			came := send(t, signer(t, profile, ecdsaIdentity()), func(base string) *http.Request {
				r, err := http.NewRequest(method, base, content)
				if err != nil {
					t.Fatal(err)
				}
				r.Method = method
				r.Header.Set("X-Request-ID", requestID)
				return r
			})
			if err := httpsig.Verify(came.request, came.body, ecdsaIdentity().certificate, profile, noon); err != nil {
				t.Errorf("%q with %T: %v", method, content, err)
			}
			if seeker, again := content.(io.Seeker); again {
				_, _ = seeker.Seek(0, io.SeekStart)
			}
		}
	}
}

// never is a base that nothing may reach.
type never struct{ t *testing.T }

func (n never) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("an unsigned request was sent")
	return nil, errors.New("sent")
}

func TestNothingLeavesUnsigned(t *testing.T) {
	transport := httpsig.Transport(never{t}, signer(t, httpsig.BerlinGroup(), ecdsaIdentity()))
	for name, make := range map[string]func(b *body) *http.Request{
		"no request id": func(b *body) *http.Request { return put(t, b, 0) },
		"a body that breaks off": func(b *body) *http.Request {
			b.Reader = io.MultiReader(b.Reader, broken{})
			return put(t, b, 0)
		},
		"a body longer than announced": func(b *body) *http.Request { return put(t, b, 2) },
		"a body too long": func(b *body) *http.Request {
			b.Reader = io.LimitReader(zeros{}, 1<<40)
			return put(t, b, 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := &body{Reader: strings.NewReader("hello")}
			r := make(b)
			if name != "no request id" {
				r.Header.Set("X-Request-ID", requestID)
			}
			if _, err := transport.RoundTrip(r); err == nil {
				t.Error("no error")
			}
			if b.closed != 1 {
				t.Errorf("the body was closed %d times", b.closed)
			}
		})
	}
}

func put(t *testing.T, b *body, length int64) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPut, "https://bank.example/v1/x", b)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = length
	return r
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken off") }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
