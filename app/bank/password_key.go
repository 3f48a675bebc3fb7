package bank

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
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

// HoldsPrivateKey reports whether a text holds a private key, or could: in PEM form, under
// whatever name, as JWK, or in DER form, in base64 or as it is.
func HoldsPrivateKey(text string) bool {
	if strings.Contains(text, "PRIVATE KEY") || strings.HasPrefix(text, "{") && !isPublicJWK(text) || isPrivateKey([]byte(text)) {
		return true
	}
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if isPrivateKey(block.Bytes) {
			return true
		}
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return err == nil && isPrivateKey(der)
}

// isPrivateKey reports whether something is a private key in DER form.
func isPrivateKey(der []byte) bool {
	_, err := xs2a.ParseKey(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	return err == nil
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
