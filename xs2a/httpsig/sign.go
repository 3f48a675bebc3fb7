package httpsig

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// Signer signs requests in the name of one certificate. It is safe for
// concurrent use as far as its key is; keys of crypto/rsa and crypto/ecdsa are.
type Signer struct {
	Now func() time.Time // the clock, for the header Date and the certificate's dates

	profile     Profile
	key         crypto.Signer
	certificate *x509.Certificate
	keyID       string
	algorithm   string
}

// NewSigner returns a signer. The key, RSA or ECDSA on P-256, must be the
// certificate's; it may live in a token and never leave it.
func NewSigner(profile Profile, key crypto.Signer, certificate *x509.Certificate) (*Signer, error) {
	if err := profile.check(); err != nil {
		return nil, err
	}
	if err := CheckKey(key, certificate); err != nil {
		return nil, err
	}
	keyID, err := profile.KeyID.of(certificate)
	if err != nil {
		return nil, err
	}
	algorithm, err := algorithmOf(certificate.PublicKey)
	if err != nil {
		return nil, err
	}
	return &Signer{
		Now: time.Now, profile: profile, key: key, certificate: certificate,
		keyID: keyID, algorithm: algorithm,
	}, nil
}

// Sign sets the headers Digest, TPP-Signature-Certificate and Signature, and
// Date where the profile signs it and the request has none. The body must be
// the one that is sent. A request that already is signed is refused.
func (s *Signer) Sign(r *http.Request, body []byte) error {
	now := s.Now()
	if err := CheckCertificate(s.certificate, now); err != nil {
		return err
	}
	m := Message{Request: r, Body: body}
	if len(m.Values(signatureHeader))+len(m.Values(certificateHeader)) > 0 {
		return refuse("signature", "is there already")
	}
	r.Header.Set("Digest", s.profile.Digest.Of(body))
	if s.profile.signs("date") && len(m.Values("date")) == 0 {
		r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	names, err := m.Names(s.profile.Fields)
	if err != nil {
		return err
	}
	lines, err := m.Lines(names)
	if err != nil {
		return err
	}
	value, err := signLines(s.key, lines)
	if err != nil {
		return fmt.Errorf("signing: %w", err)
	}
	signature := Signature{KeyID: s.keyID, Algorithm: s.algorithm, Headers: names, Value: value}.String()
	if s.profile.SchemeWord {
		signature = schemeWord + signature
	}
	r.Header.Set(certificateHeader, s.profile.Certificate.of(s.certificate))
	r.Header.Set(signatureHeader, signature)
	return nil
}

// Format keeps the key out of whatever prints a signer, under every verb.
func (s Signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.describe()) }

// LogValue keeps the key out of logs.
func (s Signer) LogValue() slog.Value { return slog.StringValue(s.describe()) }

func (s Signer) describe() string { return "httpsig.Signer(" + s.keyID + ")" }
