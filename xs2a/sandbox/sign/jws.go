package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Detached JWS over HTTP headers (RFC 7515 appendix F, RFC 7797, ETSI TS 119 182-1
// 5.2.8.3): x-jws-signature of the Bank of Georgia's interface.

const (
	httpHeadersMechanism = "http://uri.etsi.org/19182/HttpHeaders"
	sigTForm             = "2006-01-02T15:04:05Z"
	oldestSigT           = 60 * time.Second
	earliestSigT         = 2 * time.Second
)

type jwsHeader struct {
	Algorithm  string   `json:"alg"`
	Chain      []string `json:"x5c"`
	Thumbprint string   `json:"x5t#S256"`
	Critical   []string `json:"crit"`
	Encoded    *bool    `json:"b64"`
	Time       string   `json:"sigT"`
	Data       *struct {
		Parts     []string `json:"pars"`
		Mechanism string   `json:"mId"`
	} `json:"sigD"`
}

// JWS looks at digest, certificate and signature of a request.
func (v Verifier) JWS(r *http.Request, body []byte) error {
	value := r.Header.Get("x-jws-signature")
	if value == "" {
		return unsigned("SIGNATURE_MISSING", "x-jws-signature", "this bank wants signed requests")
	}
	parts := strings.Split(value, ".")
	if len(parts) != 3 || parts[1] != "" {
		return unsigned("SIGNATURE_INVALID", "x-jws-signature", "this is no detached JWS")
	}
	var header jwsHeader
	protected, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || unmarshalOnce(protected, &header) != nil {
		return unsigned("SIGNATURE_INVALID", "x-jws-signature", "the protected header is not understood")
	}
	if err := header.check(v.RealTime); err != nil {
		return unsigned("SIGNATURE_INVALID", "x-jws-signature", err.Error())
	}
	certificate, err := v.jwsCertificate(header)
	if err != nil {
		return unsigned("CERTIFICATE_INVALID", "x-jws-signature", err.Error())
	}
	if certificate == nil {
		return unsigned("CERTIFICATE_MISSING", "x-jws-signature", "x5c or x5t#S256 is missing")
	}
	if err := v.Trusted(certificate); err != nil {
		return err
	}
	if digest := r.Header.Get("Digest"); !DigestFits(digest, body) {
		return unsigned("SIGNATURE_INVALID", "Digest", "Digest is missing or not the body's")
	}
	lines, err := signedLines(r, header.Data.Parts)
	if err == nil {
		err = verifyJWS(header.Algorithm, certificate.PublicKey, []byte(parts[0]+"."+lines), parts[2])
	}
	if err != nil {
		return unsigned("SIGNATURE_INVALID", "x-jws-signature", err.Error())
	}
	return nil
}

// check looks at the protected header alone.
func (h jwsHeader) check(now time.Time) error {
	for _, name := range h.Critical {
		if name != "sigT" && name != "sigD" && name != "b64" {
			return errors.New("crit names what the bank does not know: " + name)
		}
	}
	for _, name := range []string{"sigT", "sigD", "b64"} {
		if !slices.Contains(h.Critical, name) {
			return errors.New("crit has to name " + name)
		}
	}
	at, err := time.Parse(sigTForm, h.Time)
	switch {
	case h.Encoded == nil || *h.Encoded:
		return errors.New("b64 has to be false (RFC 7797)")
	case h.Data == nil || h.Data.Mechanism != httpHeadersMechanism:
		return errors.New("sigD has to name the mechanism " + httpHeadersMechanism)
	case err != nil:
		return errors.New("sigT has to be of the form 2026-01-31T12:00:00Z")
	case now.Sub(at) > oldestSigT:
		return errors.New("sigT is more than 60 seconds old")
	case at.Sub(now) > earliestSigT:
		return errors.New("sigT is more than 2 seconds ahead")
	}
	return nil
}

// jwsCertificate returns the certificate sent, or the registered one that is meant.
func (v Verifier) jwsCertificate(h jwsHeader) (*x509.Certificate, error) {
	if len(h.Chain) > 0 {
		der, err := base64.StdEncoding.DecodeString(h.Chain[0])
		if err != nil {
			return nil, errors.New("x5c is not base64")
		}
		return x509.ParseCertificate(der)
	}
	if h.Thumbprint == "" {
		return nil, nil
	}
	keys, err := v.Keys()
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(keys.TPP))
	if sum := sha256.Sum256(block.Bytes); base64.RawURLEncoding.EncodeToString(sum[:]) != h.Thumbprint {
		return nil, errors.New("x5t#S256 is of no certificate that the bank knows")
	}
	return x509.ParseCertificate(block.Bytes)
}

// signedLines builds what is signed from the names, which have to be all that the
// rules name.
func signedLines(r *http.Request, names []string) (string, error) {
	want := []string{"(request-target)", "host", "x-request-id", "digest"}
	for _, name := range []string{"content-type", "content-length"} {
		if r.Header.Get(name) != "" && (name != "content-length" || r.ContentLength > 0) {
			want = append(want, name)
		}
	}
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "psu-") {
			want = append(want, lower)
		}
	}
	for _, name := range want {
		if !slices.Contains(names, name) {
			return "", errors.New("not signed: " + name)
		}
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return "", errors.New("signed twice: " + name)
		}
	}
	lines := make([]string, len(names))
	for i, name := range names {
		var value string
		switch name {
		case "(request-target)":
			value = strings.ToLower(r.Method) + " " + r.URL.RequestURI()
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		default:
			if len(r.Header.Values(name)) == 0 {
				return "", errors.New("signed but not sent: " + name)
			}
			value = strings.TrimSpace(strings.Join(r.Header.Values(name), ", "))
		}
		lines[i] = name + ": " + value
	}
	return strings.Join(lines, "\n"), nil
}

// verifyJWS checks a signature of an algorithm of RFC 7518 3.1.
func verifyJWS(algorithm string, key crypto.PublicKey, input []byte, encoded string) error {
	signature, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return errors.New("the signature is not base64url")
	}
	sum := sha256.Sum256(input)
	good := false
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch algorithm {
		case "RS256":
			good = rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) == nil
		case "PS256":
			good = rsa.VerifyPSS(k, crypto.SHA256, sum[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
	case *ecdsa.PublicKey:
		if algorithm == "ES256" && len(signature) == 64 {
			good = ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
		}
	}
	if !good {
		return errors.New("the signature does not fit what was sent")
	}
	return nil
}
