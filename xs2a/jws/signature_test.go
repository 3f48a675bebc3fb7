package jws

import (
	"encoding/base64"
	"strings"
)

const (
	maxSignature  = 32 << 10 // a chain of certificates in base64 twice over
	maxParameters = 64
)

// Signature is the value of the header x-jws-signature, taken apart.
type Signature struct {
	Header Header
	Value  []byte

	protected string // the first part as it came: it is signed as such
}

// String writes the value of the header.
func (s Signature) String() string {
	return compact(s.protected, s.Value)
}

// Parse takes the value of the header x-jws-signature apart
// (RFC 7515 section 7.1 and appendix F).
func Parse(value string) (Signature, error) {
	if len(value) > maxSignature {
		return Signature{}, refuse("signature", "is too long")
	}
	parts := strings.Split(value, ".")
	if len(parts) != 3 || parts[1] != "" {
		return Signature{}, refuse("signature", "is not a JWS with its payload left out")
	}
	protected, err := decodeURL(parts[0])
	if err != nil {
		return Signature{}, refuse("signature", "its protected header is not base64url")
	}
	header, err := decodeHeader(protected)
	if err != nil {
		return Signature{}, err
	}
	bytes, err := decodeURL(parts[2])
	if err != nil || len(bytes) == 0 {
		return Signature{}, refuse("signature", "is not base64url")
	}
	return Signature{Header: header, Value: bytes, protected: parts[0]}, nil
}

// decodeURL takes canonical base64url without padding only.
func decodeURL(text string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil && base64.RawURLEncoding.EncodeToString(raw) != text {
		return nil, base64.CorruptInputError(0)
	}
	return raw, err
}
