// Package jws signs requests to banks with a detached JSON Web Signature in
// the header x-jws-signature. As in package httpsig, only the tests verify.
//
// # The idea
//
// The same headers are signed as in package httpsig, written out as the same
// lines; only the envelope differs. It is a JWS in compact form (RFC 7515)
// whose payload, the lines, is left out because the receiver can write them
// out again (appendix F), and is signed as it stands instead of in base64
// (RFC 7797). What is covered, and when it was signed, stands in the protected
// header, after ETSI TS 119 182-1 (JAdES) with its mechanism HttpHeaders.
//
// # On the wire
//
//	Digest: SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//	x-jws-signature: eyJhbGciOiJQUzI1NiIs…..DtEhU3ljbEg8L38VWAfUAqOy…
//
// The first part is base64url of
//
//	{"alg": "PS256",
//	 "x5c": ["MIIDdzCCAl+gAwIBAgIE…"],
//	 "crit": ["sigT", "sigD", "b64"],
//	 "sigT": "2024-05-06T07:08:09Z",
//	 "sigD": {"pars": ["(request-target)", "host", "x-request-id", "digest"],
//	          "mId": "http://uri.etsi.org/19182/HttpHeaders"},
//	 "b64": false}
//
// the second is empty, the third the signature over the first part, a dot, and
// the lines:
//
//	(request-target): get /v1/accounts?withBalance=true
//	host: bank.example
//	x-request-id: 99391c7e-ad88-49ec-a2ad-99ddcb1f7721
//	digest: SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//
// Lines are joined by a line feed. None stands at the end, except at a bank
// whose profile says so; the two forms are never taken for one another.
//
// # What is refused
//
// All that package httpsig refuses. The algorithm is the profile's, whatever the
// key could do.
package jws

import (
	"strings"

	"consentry/xs2a/httpsig"
)

// CertificateForm says how the protected header names the certificate.
type CertificateForm string

const (
	// Chain: x5c, the certificate itself and, if wanted, those above it
	// (RFC 7515 section 4.1.6).
	Chain CertificateForm = "x5c"
	// Thumbprint: x5t#S256, its SHA-256, for a bank that knows the
	// certificate already (RFC 7515 section 4.1.8).
	Thumbprint CertificateForm = "x5t#S256"
)

// Profile is what one family of banks expects. It is plain data, fit to be
// stored and edited; [NewSigner] refuses one that makes no sense.
type Profile struct {
	Fields      []httpsig.Field // sigD's pars, in the order they are signed
	Certificate CertificateForm
	Digest      httpsig.DigestAlgorithm
	RSA         Algorithm // of RSA keys, PS256 or RS256; keys on P-256 sign with ES256
	// TrailingLineFeed: the signed lines end with a line feed. Such banks
	// take no signature without it, and the others none with it.
	TrailingLineFeed bool
}

// BankOfGeorgia is the profile of the Bank of Georgia's interface, which
// follows the Open Banking Europe JSON Web Signature Profile.
func BankOfGeorgia() Profile {
	fields := httpsig.Always("(request-target)", "host", "x-request-id")
	fields = append(fields, httpsig.WhenSent("content-type", "content-length")...)
	fields = append(fields, httpsig.Always("digest")...)
	return Profile{
		Fields:      append(fields, httpsig.WhenSent("psu-*")...),
		Certificate: Chain,
		Digest:      httpsig.SHA256,
		RSA:         PS256,
	}
}

func (p Profile) check() error {
	if err := httpsig.CheckFields(p.Fields); err != nil {
		return err
	}
	for _, field := range p.Fields {
		if field.Name != strings.ToLower(field.Name) {
			return refuse("profile", "pars are in lower case")
		}
	}
	switch {
	case p.Certificate != Chain && p.Certificate != Thumbprint:
		return refuse("profile", "the form of the certificate is not known")
	case p.RSA != PS256 && p.RSA != RS256:
		return refuse("profile", "the algorithm of RSA keys is neither PS256 nor RS256")
	case p.Digest != httpsig.SHA256 && p.Digest != httpsig.SHA512:
		return refuse("profile", "the digest algorithm is not known")
	}
	return nil
}

// payload returns the bytes that are signed for the named headers.
func (p Profile) payload(m httpsig.Message, names []string) (string, error) {
	lines, err := m.Lines(names)
	if err == nil && p.TrailingLineFeed {
		lines += "\n"
	}
	return lines, err
}

func refuse(part, reason string) error { return &httpsig.Error{Part: part, Reason: reason} }
