package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"time"
)

// organizationIdentifier is the attribute of a subject (X.520, ETSI EN 319 412-1).
var organizationIdentifier = asn1.ObjectIdentifier{2, 5, 4, 97}

// CertificateLife is how long the practice certificates last.
const CertificateLife = 2 * 365 * 24 * time.Hour

// Vault holds the practice keys and certificates as PEM. They are made when they
// are first wanted, and kept with the state, so that a TPP's certificate is good
// after a restart.
type Vault struct {
	CA, CAKey         string
	TPP, TPPKey       string
	Server, ServerKey string
	Encryption        string // the key for passwords
}

// Certify fills the vault with an authority and what it signed: the TPP's certificate
// and the server's. They are valid from now on.
func (v *Vault) Certify(now time.Time, tppName, organisation string) error {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Practice CA 1", Organization: []string{"Practice Trust"}, Country: []string{"SE"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(CertificateLife), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	tpp := &x509.Certificate{
		SerialNumber: big.NewInt(0x9FA1), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		Subject: pkix.Name{
			CommonName: tppName, Organization: []string{tppName}, Country: []string{"SE"},
			ExtraNames: []pkix.AttributeTypeAndValue{{Type: organizationIdentifier, Value: organisation}},
		},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(0x9FA2), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, Subject: pkix.Name{CommonName: "127.0.0.1"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	var made Vault
	if made.CA, made.CAKey, err = certify(ca, ca, caKey, caKey); err != nil {
		return err
	}
	tppKey, err := rsa.GenerateKey(rand.Reader, 2048) // what most banks take
	if err != nil {
		return err
	}
	if made.TPP, made.TPPKey, err = certify(tpp, ca, tppKey, caKey); err != nil {
		return err
	}
	serverKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	if made.Server, made.ServerKey, err = certify(server, ca, serverKey, caKey); err != nil {
		return err
	}
	made.Encryption = v.Encryption
	*v = made
	return nil
}

// certify signs a certificate and returns it with its key, as PEM.
func certify(template, ca *x509.Certificate, own, caKey crypto.Signer) (certificate, key string, err error) {
	der, err := x509.CreateCertificate(rand.Reader, template, ca, own.Public(), caKey)
	if err != nil {
		return "", "", err
	}
	sealed, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		return "", "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: sealed})), nil
}

// MakeEncryptionKey puts a key for passwords into the vault.
func (v *Vault) MakeEncryptionKey() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	v.Encryption = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return nil
}

// EncryptionKey returns the key for passwords.
func (v *Vault) EncryptionKey() (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(v.Encryption))
	if block == nil {
		return nil, errors.New("the key for passwords is damaged")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, rightKind := parsed.(*rsa.PrivateKey)
	if err != nil || !rightKind {
		return nil, errors.New("the key for passwords is damaged")
	}
	return key, nil
}
