package xs2a

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
)

// TestLongKeysAreNotReckonedWith refuses a private key by its length, before anything is done with it.
func TestLongKeysAreNotReckonedWith(t *testing.T) {
	t.Parallel()
	n := new(big.Int).SetBit(big.NewInt(1), 200_000, 1)
	for kind, key := range map[string]any{
		"RSA PRIVATE KEY": struct {
			Version                   int
			N, E, D, P, Q, Dp, Dq, Qi *big.Int
		}{0, n, big.NewInt(65537), n, n, n, n, n, n},
		"PRIVATE KEY": struct{ N *big.Int }{n},
	} {
		der, err := asn1.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseKey(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))); err == nil || !strings.Contains(err.Error(), "more than 16384") {
			t.Errorf("%s: %v", kind, err)
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if der := x509.MarshalPKCS1PrivateKey(key); len(der)*largestKey/2048 > longestKey {
		t.Errorf("a key of %d bits is refused", largestKey)
	}
}
