package eidas

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// Algorithm is what a private key is for the making of.
type Algorithm string

const (
	RSA2048 Algorithm = "rsa-2048" // what every bank takes
	RSA3072 Algorithm = "rsa-3072"
	RSA4096 Algorithm = "rsa-4096"
	P256    Algorithm = "ecdsa-p256"
)

// Algorithms are all a key is made for.
var Algorithms = []Algorithm{RSA2048, RSA3072, RSA4096, P256}

// MakeKey makes a private key, as PKCS#8 in PEM form.
func MakeKey(algorithm Algorithm) (string, error) {
	key, err := makeKey(algorithm)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

func makeKey(algorithm Algorithm) (crypto.Signer, error) {
	bits := map[Algorithm]int{RSA2048: 2048, RSA3072: 3072, RSA4096: 4096}[algorithm]
	switch {
	case bits > 0:
		return rsa.GenerateKey(rand.Reader, bits)
	case algorithm == P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	return nil, fmt.Errorf("no keys are made for %q", algorithm)
}

// KeyName says what a public key is, as RSA 2048 or ECDSA P-256.
func KeyName(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Params().Name
	}
	return fmt.Sprintf("%T", public)
}

// Belongs reports whether a public key is that of a private one.
func Belongs(public crypto.PublicKey, key crypto.Signer) bool {
	own, comparable := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return comparable && own.Equal(public)
}
