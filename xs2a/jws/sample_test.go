package jws_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/xs2a/jws"
)

// identity is a key and a certificate of its own authority.
type identity struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

var rsaIdentity = sync.OnceValue(func() identity {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	return certify(key, err)
})

var ecdsaIdentity = sync.OnceValue(func() identity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return certify(key, err)
})

// serial numbers make every certificate another.
var serial atomic.Int64

func certify(key crypto.Signer, err error) identity {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial.Add(1)), Subject: pkix.Name{CommonName: "A TPP"},
		NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(time.Hour),
	}
	raw, problem := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	certificate, unreadable := x509.ParseCertificate(raw)
	if err := errors.Join(err, problem, unreadable); err != nil {
		panic(err) // no test can run
	}
	return identity{key, certificate}
}

func signer(t testing.TB, profile jws.Profile, id identity) *jws.Signer {
	t.Helper()
	s, err := jws.NewSigner(profile, id.key, id.certificate)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return noon }
	return s
}

const requestID = "99391c7e-ad88-49ec-a2ad-99ddcb1f7721"

// consentRequest is a request with a header of each kind that is signed.
func consentRequest(t testing.TB, base string) *http.Request {
	t.Helper()
	body := []byte(`{"access":{"allPsd2":"allAccounts"},"recurringIndicator":true}`)
	r, err := http.NewRequest(http.MethodPost, base+"/v1/consents?x=1", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-ID", requestID)
	r.Header.Set("PSU-ID", "anna")
	r.Header.Set("PSU-IP-Address", "192.0.2.1")
	r.Header.Set("TPP-Redirect-URI", "https://tpp.example/back?a=b") // not signed
	return r
}

// arrived is a request as a server had it.
type arrived struct {
	request *http.Request
	body    []byte
}

// send carries the request over a real connection, signed, to a server that
// keeps what arrives.
func send(t testing.TB, s *jws.Signer, request func(base string) *http.Request) arrived {
	t.Helper()
	came := make(chan arrived, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		came <- arrived{r.Clone(t.Context()), body}
	}))
	defer server.Close()
	client := &http.Client{Transport: jws.Transport(server.Client().Transport, s)}
	answer, err := client.Do(request(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	return <-came
}
