package jws

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"consentry/xs2a/httpsig"
)

// Signer signs requests in the name of one certificate. It is safe for
// concurrent use as far as its key is; keys of crypto/rsa and crypto/ecdsa are.
type Signer struct {
	Now func() time.Time // the clock, for sigT and the certificate's dates

	profile     Profile
	key         crypto.Signer
	certificate *x509.Certificate
	above       []*x509.Certificate
	algorithm   Algorithm
}

// NewSigner returns a signer. The key, RSA or ECDSA on P-256, must be the
// certificate's. Those above it, up to but without the root, go into x5c as
// well where the profile has it.
func NewSigner(profile Profile, key crypto.Signer, certificate *x509.Certificate, above ...*x509.Certificate) (*Signer, error) {
	if err := profile.check(); err != nil {
		return nil, err
	}
	if err := httpsig.CheckKey(key, certificate); err != nil {
		return nil, err
	}
	if 1+len(above) > maxChain {
		return nil, refuse("certificate", "the chain is too long")
	}
	algorithm, err := profile.algorithm(certificate.PublicKey)
	if err != nil {
		return nil, err
	}
	return &Signer{
		Now: time.Now, profile: profile, key: key,
		certificate: certificate, above: above, algorithm: algorithm,
	}, nil
}

// Sign sets the headers Digest and x-jws-signature. The body must be the one
// that is sent. A request that already is signed is refused.
func (s *Signer) Sign(r *http.Request, body []byte) error {
	now := s.Now()
	if err := httpsig.CheckCertificate(s.certificate, now); err != nil {
		return err
	}
	m := httpsig.Message{Request: r, Body: body}
	if len(m.Values(signatureHeader)) > 0 {
		return refuse("signature", "is there already")
	}
	r.Header.Set("Digest", s.profile.Digest.Of(body))
	names, err := m.Names(s.profile.Fields)
	if err != nil {
		return err
	}
	payload, err := s.profile.payload(m, names)
	if err != nil {
		return err
	}
	value, err := s.sign(s.header(names, now), payload)
	if err != nil {
		return fmt.Errorf("signing: %w", err)
	}
	r.Header.Set(signatureHeader, value)
	return nil
}

func (s *Signer) header(names []string, now time.Time) Header {
	header := Header{Algorithm: s.algorithm, SigningTime: now, Parameters: names}
	if s.profile.Certificate == Thumbprint {
		sum := sha256.Sum256(s.certificate.Raw)
		header.Thumbprint = sum[:]
		return header
	}
	for _, each := range append([]*x509.Certificate{s.certificate}, s.above...) {
		header.Certificates = append(header.Certificates, each.Raw)
	}
	return header
}

func (s *Signer) sign(header Header, payload string) (string, error) {
	raw, err := header.encode()
	if err != nil {
		return "", err
	}
	protected := base64.RawURLEncoding.EncodeToString(raw)
	value, err := s.algorithm.sign(s.key, signingInput(protected, payload))
	return compact(protected, value), err
}

// Format keeps the key out of whatever prints a signer, under every verb.
func (s Signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.describe()) }

// LogValue keeps the key out of logs.
func (s Signer) LogValue() slog.Value { return slog.StringValue(s.describe()) }

func (s Signer) describe() string { return "jws.Signer(" + string(s.algorithm) + ")" }
