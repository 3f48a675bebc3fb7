package httpsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
)

// The algorithms by their names in the parameter of that name
// (draft-cavage-http-signatures-10 appendix E.2).
const (
	rsaSHA256   = "rsa-sha256"   // RSASSA-PKCS1-v1_5, RFC 8017
	ecdsaSHA256 = "ecdsa-sha256" // P-256, the pair in ASN.1 DER
)

func algorithmOf(public crypto.PublicKey) (string, error) {
	switch public.(type) {
	case *rsa.PublicKey:
		return rsaSHA256, nil
	case *ecdsa.PublicKey:
		return ecdsaSHA256, nil
	}
	return "", refuse("certificate", "its key is neither RSA nor ECDSA")
}

func signLines(key crypto.Signer, lines string) ([]byte, error) {
	sum := sha256.Sum256([]byte(lines))
	return key.Sign(rand.Reader, sum[:], crypto.SHA256)
}
