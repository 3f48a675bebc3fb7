package jws

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"net/http"
	"slices"
	"time"

	"consentry/xs2a/httpsig"
)

// Verify and what it needs are the tests' own: the program signs, and a bank
// verifies. It is as strict as any bank may be.

// How far the time of signing may be from the verifier's.
const (
	maxAge   = 60 * time.Second
	maxAhead = 2 * time.Second
)

// Verify reports whether the request, with its whole body, is signed as the
// profile asks by the holder of the certificate, who must be known from
// elsewhere: nil is refused. The error is an [*httpsig.Error] that names the
// part.
//
// The signed headers must be those of the profile, neither less nor more, in
// any order. sigT must be within [maxAge] and [maxAhead] of now.
func Verify(r *http.Request, body []byte, certificate *x509.Certificate, profile Profile, now time.Time) error {
	if err := profile.check(); err != nil {
		return err
	}
	if err := httpsig.CheckCertificate(certificate, now); err != nil {
		return err
	}
	m := httpsig.Message{Request: r, Body: body}
	signature, err := signatureOf(r)
	if err != nil {
		return err
	}
	if err := checkDigest(profile.Digest, m); err != nil {
		return err
	}
	if err := profile.checkCertificate(signature.Header, certificate); err != nil {
		return err
	}
	if err := checkTime(signature.Header.SigningTime, now); err != nil {
		return err
	}
	return verifySignature(m, signature, certificate, profile)
}

func verifySignature(m httpsig.Message, signature Signature, certificate *x509.Certificate, profile Profile) error {
	algorithm, err := profile.algorithm(certificate.PublicKey)
	if err != nil {
		return err
	}
	if signature.Header.Algorithm != algorithm {
		return refuse("alg", "is not "+string(algorithm))
	}
	expected, err := m.Names(profile.Fields)
	if err != nil {
		return err
	}
	if err := sameNames(signature.Header.Parameters, expected); err != nil {
		return err
	}
	payload, err := profile.payload(m, signature.Header.Parameters)
	if err != nil {
		return err
	}
	return algorithm.verify(certificate.PublicKey, signingInput(signature.protected, payload), signature.Value)
}

// signatureOf reads the header apart from [httpsig.Message.Value], whose limit
// on a value's length a chain of certificates would pass.
func signatureOf(r *http.Request) (Signature, error) {
	values := httpsig.Message{Request: r}.Values(signatureHeader)
	if len(values) != 1 {
		return Signature{}, refuse("signature", "is not there exactly once")
	}
	return Parse(values[0])
}

// checkCertificate refuses a header that names another certificate, or names
// it otherwise than the profile says.
func (p Profile) checkCertificate(h Header, certificate *x509.Certificate) error {
	sum := sha256.Sum256(certificate.Raw)
	switch p.Certificate {
	case Chain:
		if len(h.Certificates) == 0 || h.Thumbprint != nil {
			return refuse("x5c", "is missing, or not alone in naming the certificate")
		}
		if !bytes.Equal(h.Certificates[0], certificate.Raw) {
			return refuse("x5c", "is not the expected certificate")
		}
	case Thumbprint:
		if h.Thumbprint == nil || h.Certificates != nil {
			return refuse("x5t#S256", "is missing, or not alone in naming the certificate")
		}
		if !bytes.Equal(h.Thumbprint, sum[:]) {
			return refuse("x5t#S256", "is not that of the expected certificate")
		}
	}
	return nil
}

func (a Algorithm) verify(public crypto.PublicKey, input string, signature []byte) error {
	sum := sha256.Sum256([]byte(input))
	fits := false
	switch key := public.(type) {
	case *rsa.PublicKey:
		switch a {
		case RS256:
			fits = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
		case PS256:
			options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
			fits = rsa.VerifyPSS(key, crypto.SHA256, sum[:], signature, options) == nil
		}
	case *ecdsa.PublicKey:
		if a == ES256 && len(signature) == 2*half {
			r, s := new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])
			fits = ecdsa.Verify(key, sum[:], r, s)
		}
	}
	if !fits {
		return refuse("signature", "does not fit the signed headers and the certificate")
	}
	return nil
}

// sameNames refuses a list of signed headers that is not, in whatever order,
// the expected one.
func sameNames(signed, expected []string) error {
	for _, name := range expected {
		if !slices.Contains(signed, name) {
			return refuse("sigD", "does not cover "+name)
		}
	}
	if len(signed) != len(expected) {
		return refuse("sigD", "covers a header that the profile does not name")
	}
	return nil
}

func checkDigest(algorithm httpsig.DigestAlgorithm, m httpsig.Message) error {
	value, sent, err := m.Value("digest")
	if err == nil && (!sent || value != algorithm.Of(m.Body)) {
		return refuse("digest", "is not the "+string(algorithm)+" of the body")
	}
	return err
}

// checkTime refuses a moment more than [maxAge] before now or [maxAhead] after
// it.
func checkTime(signed, now time.Time) error {
	if now.Sub(signed) > maxAge {
		return refuse("sigT", "is more than 60 seconds old")
	}
	if signed.Sub(now) > maxAhead {
		return refuse("sigT", "is more than 2 seconds ahead")
	}
	return nil
}
