package jws

import "encoding/base64"

const (
	signatureHeader = "X-Jws-Signature"

	maxChain = 5
)

// signingInput is what is signed when the payload is not encoded
// (RFC 7797 section 3).
func signingInput(protected, payload string) string { return protected + "." + payload }

// compact returns the value of the header x-jws-signature: the protected part as
// it was signed, no payload, and the signature (RFC 7515 section 7.1 and appendix F).
func compact(protected string, signature []byte) string {
	return protected + ".." + base64.RawURLEncoding.EncodeToString(signature)
}
