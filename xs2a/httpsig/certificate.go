package httpsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"time"
)

const (
	certificateHeader = "Tpp-Signature-Certificate"

	minRSA = 2048 // bits; ETSI TS 119 312 allows no shorter key
)

// CheckCertificate refuses a certificate outside its dates, and one whose key
// is of a kind or strength that is not signed with: RSA from 2048 bits on,
// ECDSA on P-256.
func CheckCertificate(cert *x509.Certificate, now time.Time) error {
	switch {
	case cert == nil:
		return refuse("certificate", "is missing")
	case now.Before(cert.NotBefore):
		return refuse("certificate", "is not valid before "+cert.NotBefore.UTC().Format(time.RFC3339))
	case now.After(cert.NotAfter):
		return refuse("certificate", "has expired on "+cert.NotAfter.UTC().Format(time.RFC3339))
	}
	return checkStrength(cert.PublicKey)
}

// CheckKey refuses a private key that is not the certificate's.
func CheckKey(key crypto.Signer, cert *x509.Certificate) error {
	if key == nil {
		return refuse("certificate", "its private key is missing")
	}
	public, comparable := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if cert == nil || !comparable || !public.Equal(cert.PublicKey) {
		return refuse("certificate", "does not belong to the private key")
	}
	return checkStrength(cert.PublicKey)
}

func checkStrength(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < minRSA {
			return refuse("certificate", "its RSA key has less than 2048 bits")
		}
		return nil
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return nil
		}
	}
	return refuse("certificate", "its key is neither RSA nor ECDSA on P-256")
}

func (form CertificateForm) of(cert *x509.Certificate) string {
	if form == PEM {
		return base64.StdEncoding.EncodeToString(armoured(cert.Raw))
	}
	return base64.StdEncoding.EncodeToString(cert.Raw)
}

func armoured(raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
}
