package sandbox

import "net/http"

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
