package bank

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// checkPasswordKey returns why passwords cannot be encrypted with what is given as a
// bank's key; no reason where they can, or nothing is given. A private key is dropped: it goes
// no further.
func checkPasswordKey(text *string) storage.Reason {
	switch {
	case HoldsPrivateKey(*text):
		*text = ""
		return storage.Reason{Code: failure.KeyMisplaced}
	case *text != "" && !IsPasswordKey(*text):
		return storage.Reason{Code: failure.NoPasswordKey}
	}
	return storage.Reason{}
}

// HoldsPrivateKey reports whether a text holds a private key, or could.
func HoldsPrivateKey(text string) bool {
	return strings.Contains(text, "PRIVATE KEY") || strings.HasPrefix(text, "{") && !isPublicJWK(text)
}

// IsPasswordKey reports whether passwords can be encrypted with a text: a
// certificate or public key in PEM form, a JWK or a set of them (RFC 7517), or
// the address of such a set.
func IsPasswordKey(text string) bool {
	if strings.HasPrefix(text, "{") {
		return isPublicJWK(text)
	}
	if strings.HasPrefix(text, "http") {
		return xs2a.CheckURL(text) == nil
	}
	var key any
	if certificate, err := xs2a.ParseCertificate(text); err == nil {
		key = certificate.PublicKey
	} else if block, _ := pem.Decode([]byte(text)); block != nil {
		key, _ = x509.ParsePKIXPublicKey(block.Bytes)
	}
	_, is := key.(*rsa.PublicKey)
	return is
}

// isPublicJWK reports whether a text is a JWK of an RSA key, or a set that begins
// with one, and keeps no private part ("d", RFC 7518 section 6.3.2.1).
func isPublicJWK(text string) bool {
	type member struct {
		Type    string `json:"kty"`
		Private string `json:"d"`
	}
	var given struct {
		member
		Keys []member `json:"keys"`
	}
	if json.Unmarshal([]byte(text), &given) != nil {
		return false
	}
	keys := append(given.Keys, given.member)
	return keys[0].Type == "RSA" && !slices.ContainsFunc(keys, func(key member) bool { return key.Private != "" })
}
