package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"math/big"
)

// Algorithm is a signature algorithm by its name in JWS (RFC 7518 section 3.1).
type Algorithm string

// The algorithms that are signed with.
const (
	RS256 Algorithm = "RS256" // RSASSA-PKCS1-v1_5
	PS256 Algorithm = "PS256" // RSASSA-PSS, the salt as long as the hash
	ES256 Algorithm = "ES256" // ECDSA on P-256, the pair as 64 bytes
)

// half is the length of one number of an ES256 signature in bytes
// (RFC 7518 section 3.4).
const half = 32

// algorithm is that of a key under the profile. One key, one algorithm: what a
// signature says of its own algorithm decides nothing (RFC 8725 section 3.1).
func (p Profile) algorithm(public crypto.PublicKey) (Algorithm, error) {
	switch public.(type) {
	case *rsa.PublicKey:
		return p.RSA, nil
	case *ecdsa.PublicKey:
		return ES256, nil
	}
	return "", refuse("certificate", "its key is neither RSA nor ECDSA")
}

func (a Algorithm) options() crypto.SignerOpts {
	if a == PS256 {
		return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	}
	return crypto.SHA256
}

func (a Algorithm) sign(key crypto.Signer, input string) ([]byte, error) {
	sum := sha256.Sum256([]byte(input))
	signature, err := key.Sign(rand.Reader, sum[:], a.options())
	if err != nil || a != ES256 {
		return signature, err
	}
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &pair); err != nil || len(rest) > 0 {
		return nil, errors.New("the key gave no ECDSA signature")
	}
	if pair.R.Sign() < 0 || pair.S.Sign() < 0 || pair.R.BitLen() > 8*half || pair.S.BitLen() > 8*half {
		return nil, errors.New("the key is not on P-256")
	}
	flat := make([]byte, 2*half)
	pair.R.FillBytes(flat[:half])
	pair.S.FillBytes(flat[half:])
	return flat, nil
}
