package jws

import (
	"net/http"

	"consentry/xs2a/httpsig"
)

// Transport returns a RoundTripper that signs each request and passes it on to
// base, or to the default transport. The caller's request stays as it is; its
// body is read and closed in any case.
func Transport(base http.RoundTripper, signer *Signer) http.RoundTripper {
	return httpsig.Transport(base, signer)
}
