package xs2a

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// sealingKey is the RSA key of a bank for which something is encrypted. What is general of it is the standard library's,
// and what is left of JWE are names and an order; the tests open it with a library.
type sealingKey struct {
	public *rsa.PublicKey
	id     string // "kid" of the JWK; empty without one
}

// largestKey bounds a modulus, in bits: banks have a quarter of it at most, and a key as long as an answer may be would
// take minutes.
const largestKey = 16384

// seal encrypts for the key, as a compact JWE (RFC 7516) with RSA-OAEP-256 and A256GCM.
func (k *sealingKey) seal(plain []byte) (string, error) {
	header, err := json.Marshal(struct {
		Algorithm  string `json:"alg"`
		Encryption string `json:"enc"`
		ID         string `json:"kid,omitempty"`
	}{"RSA-OAEP-256", "A256GCM", k.id})
	if err != nil {
		return "", err
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails, see package rand
	wrapped, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, k.public, secret, nil)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return "", err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	protected := encode(header)
	sealed := gcm.Seal(nil, nil, plain, []byte(protected)) // the nonce, the text, a tag of 16 bytes
	nonce, text, tag := sealed[:12], sealed[12:len(sealed)-16], sealed[len(sealed)-16:]
	return strings.Join([]string{protected, encode(wrapped), encode(nonce), encode(text), encode(tag)}, "."), nil
}

// keyIn reads a key in any of the forms banks publish one in: a JWK or the first
// of a set, a certificate or public key in PEM form, or a certificate in DER form.
func keyIn(published []byte) (*sealingKey, error) {
	switch text := bytes.TrimSpace(published); {
	case bytes.HasPrefix(text, []byte("{")):
		return firstKey(text)
	case bytes.Contains(text, []byte("-----BEGIN ")):
		return armouredKey(text)
	}
	certificate, err := x509.ParseCertificate(published)
	if err != nil {
		return nil, errors.New("it is neither a JWK, nor PEM, nor a certificate in DER form")
	}
	return sealingKeyOf(certificate.PublicKey, "")
}

// armouredKey reads a certificate or public key in PEM form, whatever stands before it.
func armouredKey(text []byte) (*sealingKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the PEM has no end, or is no base64")
	}
	switch block.Type {
	case "CERTIFICATE":
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		return sealingKeyOf(certificate.PublicKey, "")
	case "PUBLIC KEY":
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		return sealingKeyOf(public, "")
	case "RSA PUBLIC KEY":
		public, err := x509.ParsePKCS1PublicKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		return sealingKeyOf(public, "")
	}
	return nil, fmt.Errorf("the PEM is a %s, and neither a certificate nor a public key", block.Type)
}

// webKey is a JWK (RFC 7517), or a set of them.
type webKey struct {
	Type     string    `json:"kty"`
	ID       string    `json:"kid"`
	Modulus  webBytes  `json:"n"`
	Exponent webBytes  `json:"e"`
	Keys     *[]webKey `json:"keys"`
}

// webBytes are bytes in base64url without padding.
type webBytes []byte

func (b *webBytes) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(string(text), "="))
	return err
}

// firstKey reads a JWK, or the first of a set.
func firstKey(text []byte) (*sealingKey, error) {
	var key webKey
	if err := json.Unmarshal(text, &key); err != nil {
		return nil, err
	}
	if key.Keys != nil {
		if len(*key.Keys) == 0 {
			return nil, errors.New("the set of keys is empty")
		}
		key = (*key.Keys)[0]
	}
	exponent := new(big.Int).SetBytes(key.Exponent)
	if key.Type != "RSA" || len(key.Modulus) == 0 || exponent.BitLen() > 31 {
		return nil, errors.New("the JWK is no RSA key")
	}
	return sealingKeyOf(&rsa.PublicKey{N: new(big.Int).SetBytes(key.Modulus), E: int(exponent.Int64())}, key.ID)
}

func sealingKeyOf(public any, id string) (*sealingKey, error) {
	key, is := public.(*rsa.PublicKey)
	switch {
	case !is:
		return nil, errors.New("the key is no RSA key")
	case key.N.BitLen() > largestKey:
		return nil, fmt.Errorf("the key has %d bits, more than %d", key.N.BitLen(), largestKey)
	}
	return &sealingKey{key, id}, nil
}
