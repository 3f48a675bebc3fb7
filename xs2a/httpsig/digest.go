package httpsig

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
)

// DigestAlgorithm is a hash by its name in the header Digest (RFC 3230 with
// RFC 5843).
type DigestAlgorithm string

// The hashes the Berlin Group allows (BG 1.3.12 section 12.1).
const (
	SHA256 DigestAlgorithm = "SHA-256"
	SHA512 DigestAlgorithm = "SHA-512"
)

// Of returns the value of the header Digest for a body; nil is the body of
// zero bytes.
func (a DigestAlgorithm) Of(body []byte) string {
	var sum []byte
	switch a {
	case SHA512:
		whole := sha512.Sum512(body)
		sum = whole[:]
	default:
		whole := sha256.Sum256(body)
		sum = whole[:]
	}
	return string(a) + "=" + base64.StdEncoding.EncodeToString(sum)
}

func (a DigestAlgorithm) check() error {
	if a != SHA256 && a != SHA512 {
		return refuse("profile", "the digest algorithm is not known")
	}
	return nil
}
