package httpsig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Verify and what it needs are the tests' own: the program signs, and a bank
// verifies. It is as strict as any bank may be.

// How far the time in a signed request may be from the verifier's.
const (
	maxAge   = 60 * time.Second
	maxAhead = 2 * time.Second
)

// Verify reports whether the request, with its whole body, is signed as the
// profile asks by the holder of the certificate, who must be known from
// elsewhere: nil is refused. The error is an [*Error] that names the part.
//
// The signed headers must be those of the profile, neither less nor more, in
// any order. A signed Date must be within [maxAge] and [maxAhead] of now.
func Verify(r *http.Request, body []byte, certificate *x509.Certificate, profile Profile, now time.Time) error {
	if err := profile.check(); err != nil {
		return err
	}
	if err := CheckCertificate(certificate, now); err != nil {
		return err
	}
	sent, err := Certificate(r, profile.Certificate)
	if err != nil {
		return err
	}
	if !bytes.Equal(sent.Raw, certificate.Raw) {
		return refuse("certificate", "is not the expected one")
	}
	m := Message{Request: r, Body: body}
	if err := profile.Digest.Check(m); err != nil {
		return err
	}
	if err := verifySignature(m, certificate, profile); err != nil {
		return err
	}
	return checkDate(m, profile, now)
}

func verifySignature(m Message, certificate *x509.Certificate, profile Profile) error {
	signature, err := profile.parse(m)
	if err != nil {
		return err
	}
	algorithm, err := algorithmOf(certificate.PublicKey)
	if err != nil {
		return err
	}
	if signature.Algorithm != algorithm {
		return refuse("signature", "its algorithm is not "+algorithm)
	}
	keyID, err := profile.KeyID.of(certificate)
	if err != nil {
		return err
	}
	if signature.KeyID != keyID {
		return refuse("signature", "its keyId does not name the certificate")
	}
	expected, err := m.Names(profile.Fields)
	if err != nil {
		return err
	}
	if err := sameNames("signature", signature.Signed(), expected); err != nil {
		return err
	}
	lines, err := m.Lines(signature.Signed())
	if err != nil {
		return err
	}
	return verifyLines(certificate.PublicKey, lines, signature.Value)
}

func (p Profile) parse(m Message) (Signature, error) {
	values := m.Values(signatureHeader)
	if len(values) != 1 {
		return Signature{}, refuse("signature", "is not there exactly once")
	}
	value, worded := strings.CutPrefix(values[0], schemeWord)
	if worded != p.SchemeWord {
		return Signature{}, refuse("signature", "begins otherwise than the profile says")
	}
	return Parse(value)
}

// sameNames refuses a list of signed headers that is not, in whatever order,
// the expected one.
func sameNames(part string, signed, expected []string) error {
	for _, name := range expected {
		if !slices.Contains(signed, name) {
			return refuse(part, "does not cover "+name)
		}
	}
	if len(signed) != len(expected) {
		return refuse(part, "covers a header that the profile does not name")
	}
	return nil
}

func checkDate(m Message, profile Profile, now time.Time) error {
	value, sent, err := m.Value("date")
	if !profile.signs("date") || !sent || err != nil {
		return err
	}
	date, err := time.Parse(http.TimeFormat, value)
	if err != nil || date.UTC().Format(http.TimeFormat) != value {
		return refuse("date", "is not of the form of RFC 9110 section 5.6.7")
	}
	return checkTime("date", date, now)
}

// checkTime refuses a moment more than [maxAge] before now or [maxAhead]
// after it.
func checkTime(part string, signed, now time.Time) error {
	if now.Sub(signed) > maxAge {
		return refuse(part, "is more than 60 seconds old")
	}
	if signed.Sub(now) > maxAhead {
		return refuse(part, "is more than 2 seconds ahead")
	}
	return nil
}

func verifyLines(public crypto.PublicKey, lines string, signature []byte) error {
	sum := sha256.Sum256([]byte(lines))
	fits := false
	switch key := public.(type) {
	case *rsa.PublicKey:
		fits = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	case *ecdsa.PublicKey:
		fits = ecdsa.VerifyASN1(key, sum[:], signature)
	}
	if !fits {
		return refuse("signature", "does not fit the signed headers and the certificate")
	}
	return nil
}

// Check refuses a message whose header Digest is absent, there twice, of
// another algorithm, or not that of the body.
func (a DigestAlgorithm) Check(m Message) error {
	value, sent, err := m.Value("digest")
	switch {
	case err != nil:
		return err
	case !sent:
		return refuse("digest", "is missing")
	case value != a.Of(m.Body):
		return refuse("digest", "is not the "+string(a)+" of the body")
	}
	return a.check()
}
