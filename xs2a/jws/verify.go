package jws

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"time"

	"consentry/xs2a/httpsig"
)

// Verify reports whether the request, with its whole body, is signed as the
// profile asks by the holder of the certificate, who must be known from
// elsewhere: nil is refused. The error is an [*httpsig.Error] that names the
// part.
//
// The signed headers must be those of the profile, neither less nor more, in
// any order. sigT must be within [httpsig.MaxAge] and [httpsig.MaxAhead] of now.
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
	if err := profile.Digest.Check(m); err != nil {
		return err
	}
	if err := profile.checkCertificate(signature.Header, certificate); err != nil {
		return err
	}
	if err := httpsig.CheckTime("sigT", signature.Header.SigningTime, now); err != nil {
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
	if err := httpsig.SameNames("sigD", signature.Header.Parameters, expected); err != nil {
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
