package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// What is said twice can be read in two ways, and one of them was not checked.

// sentOnce are the headers of which there is only one meaning.
var sentOnce = []string{
	"Authorization", "Content-Type", "X-Request-ID", "X-BicFi", "X-AffiliatedASPSP-ID", "Consent-ID", "PSU-ID", "PSU-Corporate-ID",
	"PSU-IP-Address", "TPP-Redirect-URI", "TPP-Nok-Redirect-URI", "TPP-Redirect-Preferred", "TPP-Explicit-Authorisation-Preferred",
}

// signedOnce are those that a signature is made of.
var signedOnce = []string{"Signature", "x-jws-signature", "TPP-Signature-Certificate", "Digest", "Date"}

// twice is the first of the headers that was sent more than once; "" for none.
func twice(header http.Header, names []string) string {
	for _, name := range names {
		if len(header.Values(name)) > 1 {
			return name
		}
	}
	return ""
}

// checkOnce refuses what was sent more than once.
func checkOnce(c *call) error {
	if name := twice(c.request.Header, sentOnce); name != "" {
		return formatError(name, name+" is sent twice")
	}
	return nil
}

// checkSignedOnce does so for what a signature is made of.
func checkSignedOnce(c *call) error {
	if name := twice(c.request.Header, signedOnce); name != "" {
		return unsigned("SIGNATURE_INVALID", name, name+" is sent twice")
	}
	return nil
}

// unmarshalOnce reads a JOSE header, whose names "MUST be unique" (RFC 7515 4, RFC
// 7516 4); encoding/json takes the last of several, and names in any case.
func unmarshalOnce(raw []byte, into any) error {
	if name, err := repeatedMember(raw); err != nil || name != "" {
		return errors.Join(err, errors.New("a member is there twice: "+name))
	}
	return json.Unmarshal(raw, into)
}

// repeatedMember finds a name that an object of a JSON text has twice, at any
// depth; "" for none.
func repeatedMember(raw []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	open := []map[string]bool{nil} // the names of each open object; nil for a list
	named := false                 // a member's name was read, and its value comes
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		inside := open[len(open)-1]
		name, isText := token.(string)
		switch {
		case token == json.Delim('{'):
			open, named = append(open, map[string]bool{}), false
		case token == json.Delim('['):
			open, named = append(open, nil), false
		case token == json.Delim('}') || token == json.Delim(']'):
			open = open[:len(open)-1]
		case inside != nil && isText && !named:
			key := strings.ToLower(strings.ToUpper(name)) // as encoding/json folds case
			if inside[key] {
				return name, nil
			}
			inside[key], named = true, true
		default:
			named = false
		}
	}
}
