package eidas

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"regexp"
)

var (
	organizationIdentifier = asn1.ObjectIdentifier{2, 5, 4, 97} // ITU-T X.520
	keyUsageID             = asn1.ObjectIdentifier{2, 5, 29, 15}
	extKeyUsageID          = asn1.ObjectIdentifier{2, 5, 29, 37}
	serverAuth             = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	clientAuth             = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
)

// host is a name that a QWAC may be for beside its organisation.
var host = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)

func (a Application) subject() pkix.Name {
	return pkix.Name{
		Country: []string{a.Country}, Organization: []string{a.Organisation}, CommonName: a.CommonName,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: organizationIdentifier, Value: a.Identifier}},
	}
}

// hosts are those the certificate is for.
func (a Application) hosts() []string {
	if a.Kind == QWAC && host.MatchString(a.CommonName) {
		return []string{a.CommonName}
	}
	return nil
}

// Request makes a signing request (PKCS#10, RFC 2986) in DER form, signed with the key it
// is for. What the certificate is to state stands in it as an extension request.
func (a Application) Request(key crypto.Signer) ([]byte, error) {
	statements, err := a.statements(a.Qualified).extension()
	if err != nil {
		return nil, err
	}
	// digitalSignature, and for a seal nonRepudiation (RFC 5280 section 4.2.1.3)
	usage := asn1.BitString{Bytes: []byte{0x80}, BitLength: 1}
	if a.Kind == QSealC {
		usage = asn1.BitString{Bytes: []byte{0xc0}, BitLength: 2}
	}
	extensions := []pkix.Extension{{Id: keyUsageID, Critical: true}}
	if extensions[0].Value, err = asn1.Marshal(usage); err != nil {
		return nil, err
	}
	if a.Kind == QWAC {
		value, err := asn1.Marshal([]asn1.ObjectIdentifier{serverAuth, clientAuth})
		if err != nil {
			return nil, err
		}
		extensions = append(extensions, pkix.Extension{Id: extKeyUsageID, Value: value})
	}
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: a.subject(), DNSNames: a.hosts(), ExtraExtensions: append(extensions, statements),
	}, key)
}
