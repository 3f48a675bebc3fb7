package sign

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
)

// A bank that takes passwords encrypted publishes a public key (RFC 7517) and
// takes a compact JWE (RFC 7516) with RSA-OAEP-256 and A256GCM.

type jweHeader struct {
	Algorithm  string   `json:"alg"`
	Encryption string   `json:"enc"`
	Key        string   `json:"kid"`
	Critical   []string `json:"crit"`
}

// JWK returns a key for passwords as a bank publishes it.
func JWK(key *rsa.PublicKey) map[string]string {
	return map[string]string{
		"kty": "RSA", "use": "enc", "alg": "RSA-OAEP-256", "kid": keyID(key),
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}
}

func keyID(key *rsa.PublicKey) string {
	sum := sha256.Sum256([]byte(key.N.String()))
	return hex.EncodeToString(sum[:])[:16]
}

// Decrypt opens what a TPP has sealed with the bank's key.
func Decrypt(key *rsa.PrivateKey, compact string) (string, error) {
	wrong := errors.New("this is no compact JWE with RSA-OAEP-256 and A256GCM for the bank's key")
	var parts [5][]byte
	words := strings.Split(compact, ".")
	if len(words) != len(parts) {
		return "", wrong
	}
	for i, word := range words {
		var err error
		if parts[i], err = base64.RawURLEncoding.DecodeString(word); err != nil {
			return "", wrong
		}
	}
	var header jweHeader
	if unmarshalOnce(parts[0], &header) != nil || header.Algorithm != "RSA-OAEP-256" || header.Encryption != "A256GCM" ||
		len(header.Critical) > 0 || header.Key != "" && header.Key != keyID(&key.PublicKey) {
		return "", wrong
	}
	content, err := rsa.DecryptOAEP(sha256.New(), nil, key, parts[1], nil)
	if err != nil || len(content) != 32 {
		return "", wrong
	}
	block, err := aes.NewCipher(content)
	if err != nil {
		return "", wrong
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil || len(parts[2]) != gcm.NonceSize() {
		return "", wrong
	}
	plain, err := gcm.Open(nil, parts[2], append(parts[3], parts[4]...), []byte(words[0]))
	if err != nil {
		return "", wrong
	}
	return string(plain), nil
}
