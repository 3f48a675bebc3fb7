// Package httpsig signs requests to banks as the Berlin Group asks for it
// (BG 1.3.12 section 12): after draft-cavage-http-signatures, with the signing
// certificate sent along. Nobody signs answers, so that it verifies nothing; its
// tests do.
//
// # The idea
//
// TLS shows a bank which machine calls. A signature shows which organisation
// asked for what, and keeps showing it when the request lies in an archive.
// The body is hashed into a header, some headers are written out as lines, the
// lines are signed with the key of a certificate, and the certificate goes
// with the request. Whoever holds the request can check all of it.
//
// # On the wire
//
//	Digest: SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//	X-Request-ID: 99391c7e-ad88-49ec-a2ad-99ddcb1f7721
//	PSU-ID: anna
//	TPP-Signature-Certificate: MIIDdzCCAl+gAwIBAgIE…
//	Signature: keyId="SN=9FA1,CA=CN=Example CA,O=Example,C=DE",
//	    algorithm="rsa-sha256",headers="digest x-request-id psu-id",
//	    signature="Fys106OY/uMk1Tnh4MEvHs…"
//
// (Signature is one line.) The signature is over these bytes, names in lower
// case, in the order of headers, joined by a line feed, none at the end:
//
//	digest: SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//	x-request-id: 99391c7e-ad88-49ec-a2ad-99ddcb1f7721
//	psu-id: anna
//
// A request without a body is digested as zero bytes.
//
// # Where banks differ
//
// Which headers are signed, how keyId is written, in which form the
// certificate is sent: a [Profile] says it, as data. [BerlinGroup] and
// [SaltEdge] are the two that are known.
//
// # What is refused
//
// Whatever two readers could read differently is not signed: a header that is
// there twice, a folded line, bytes outside printable ASCII, blanks at the ends
// of a value. So what leaves is what will be checked.
package httpsig

import (
	"slices"
	"strings"
)

// Field names a header that is signed.
type Field struct {
	// Name is spelled as the list of signed headers shows it; the signed line
	// has it in lower case. "(request-target)" stands for method and path, and
	// a star at the end for every header that begins so ("psu-*").
	Name string
	// WhenSent: the header is signed if and only if the request has it.
	// Otherwise a request without it is refused.
	WhenSent bool
}

// Always names headers that each signed request must have.
func Always(names ...string) []Field { return fields(false, names) }

// WhenSent names headers that are signed if and only if they are sent.
func WhenSent(names ...string) []Field { return fields(true, names) }

func fields(whenSent bool, names []string) []Field {
	var all []Field
	for _, name := range names {
		all = append(all, Field{Name: name, WhenSent: whenSent})
	}
	return all
}

// KeyIDForm says how the parameter keyId names the certificate. All forms
// give its serial number in hexadecimal and its issuer.
type KeyIDForm string

const (
	// IssuerCA is the Berlin Group's: SN=9FA1,CA=CN=Example CA,O=Example,C=DE
	// with the name as RFC 4514 writes it, last part first.
	IssuerCA KeyIDForm = "SN,CA"
	// IssuerDN is Salt Edge's: SN=9FA1,DN=/C=DE/O=Example/CN=Example CA
	// with the name in the order the certificate has it.
	IssuerDN KeyIDForm = "SN,DN"
	// IssuerCASlashed is the other of Salt Edge's: SN=9FA1,CA=/CN=Example CA/O=Example/C=DE
	// with the name last part first, as it was recorded; which order is checked
	// is not known.
	IssuerCASlashed KeyIDForm = "SN,CA/"
)

// CertificateForm says what TPP-Signature-Certificate holds.
type CertificateForm string

const (
	// DER: base64 of the certificate itself, on one line.
	DER CertificateForm = "DER"
	// PEM: base64 of the certificate's PEM text, armour and line feeds
	// included. A second base64 around the first: some deployments want it.
	PEM CertificateForm = "PEM"
)

// Profile is what one family of banks expects. It is plain data, fit to be
// stored and edited; [NewSigner] refuses one that makes no sense.
type Profile struct {
	Fields      []Field // in the order they are signed
	KeyID       KeyIDForm
	Certificate CertificateForm
	Digest      DigestAlgorithm
	// SchemeWord puts the word "Signature" and a blank before the value of
	// the header Signature, as if it were an Authorization header.
	SchemeWord bool
}

// BerlinGroup is the profile of the NextGenPSD2 guidelines
// (BG 1.3.12 section 12.2).
func BerlinGroup() Profile {
	return Profile{
		Fields: append(Always("digest", "x-request-id"),
			WhenSent("psu-id", "psu-corporate-id", "tpp-redirect-uri")...),
		KeyID:       IssuerCA,
		Certificate: DER,
		Digest:      SHA256,
	}
}

// SaltEdge is the profile of Salt Edge PSD2 Compliance. The date is signed,
// headers about the person are not.
func SaltEdge() Profile {
	return Profile{
		Fields:      append(Always("digest", "date", "x-request-id"), WhenSent("tpp-redirect-uri")...),
		KeyID:       IssuerDN,
		Certificate: DER,
		Digest:      SHA256,
		SchemeWord:  true,
	}
}

// WithDate returns the profile with Date signed as well, last, for a bank that
// asks for it.
func (p Profile) WithDate() Profile {
	if !p.signs("date") {
		p.Fields = append(slices.Clone(p.Fields), Field{Name: "date"})
	}
	return p
}

func (p Profile) signs(name string) bool {
	return slices.ContainsFunc(p.Fields, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

func (p Profile) check() error {
	if err := CheckFields(p.Fields); err != nil {
		return err
	}
	switch {
	case p.KeyID != IssuerCA && p.KeyID != IssuerDN && p.KeyID != IssuerCASlashed:
		return refuse("profile", "the form of keyId is not known")
	case p.Certificate != DER && p.Certificate != PEM:
		return refuse("profile", "the form of the certificate is not known")
	}
	return p.Digest.check()
}

// CheckFields refuses a list of signed headers that leaves the body unsigned,
// names a header twice, or names what is not a header.
func CheckFields(all []Field) error {
	if !slices.ContainsFunc(all, func(f Field) bool { return strings.EqualFold(f.Name, "digest") && !f.WhenSent }) {
		return refuse("profile", "digest must always be signed")
	}
	if len(all) > maxNames {
		return refuse("profile", "too many signed headers")
	}
	seen := map[string]bool{}
	for _, field := range all {
		name := strings.ToLower(field.Name)
		if !isFieldName(strings.TrimSuffix(name, "*")) {
			return refuse("profile", "a signed header has no proper name")
		}
		if seen[name] {
			return refuse("profile", name+" is named twice")
		}
		seen[name] = true
	}
	return nil
}
