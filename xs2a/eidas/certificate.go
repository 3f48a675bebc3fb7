package eidas

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// TestLife is how long a test certificate made here is valid.
const TestLife = 365 * 24 * time.Hour

// testMark stands in the subject of a certificate that is for tests, as its
// organizational unit, where every program shows it.
const testMark = "TEST CERTIFICATE"

// TestCertificate makes a certificate that signs itself, in DER form. It states all that
// the application asks for but that it is qualified, and says that it is for tests.
func (a Application) TestCertificate(key crypto.Signer, now time.Time) ([]byte, error) {
	statements, err := a.statements(false).extension()
	if err != nil {
		return nil, err
	}
	serial := make([]byte, 16)
	rand.Read(serial) // never fails, see package rand
	serial[0] &= 0x7f // positive
	serial[0] |= 0x40 // and never shorter
	subject := a.subject()
	subject.OrganizationalUnit = []string{testMark}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial), Subject: subject, DNSNames: a.hosts(),
		NotBefore: now.Add(-time.Minute), NotAfter: now.Add(TestLife), // a bank's clock may be behind
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, BasicConstraintsValid: true,
		ExtraExtensions: []pkix.Extension{statements},
	}
	if a.Kind == QWAC {
		template.KeyUsage = x509.KeyUsageDigitalSignature
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}

// IsTest reports whether a certificate says that it is for tests, as those made here do.
func IsTest(certificate *x509.Certificate) bool {
	return slices.Contains(certificate.Subject.OrganizationalUnit, testMark)
}

// Organisation is the organizationIdentifier in a name; empty without one.
func Organisation(name pkix.Name) string {
	for _, attribute := range name.Names {
		if attribute.Type.Equal(organizationIdentifier) {
			return fmt.Sprint(attribute.Value)
		}
	}
	return ""
}
