package httpsig

import (
	"encoding/base64"
	"strings"
)

const (
	signatureHeader = "Signature"
	schemeWord      = "Signature "
)

// Signature is the value of the header of that name, taken apart
// (draft-cavage-http-signatures-12 section 2.1).
type Signature struct {
	KeyID     string
	Algorithm string
	Headers   []string // names of the signed headers, as spelled; nil means "date" alone
	Value     []byte
}

// String writes the value of the header, without the word some banks want in
// front.
func (s Signature) String() string {
	parts := []string{"keyId=" + quoted(s.KeyID), "algorithm=" + quoted(s.Algorithm)}
	if s.Headers != nil {
		parts = append(parts, "headers="+quoted(strings.Join(s.Headers, " ")))
	}
	return strings.Join(append(parts, "signature="+quoted(base64.StdEncoding.EncodeToString(s.Value))), ",")
}

// quoted writes a quoted-string (RFC 9110 section 5.6.4).
func quoted(content string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(content) + `"`
}
