package jws_test

import (
	"net/http"
	"testing"

	"consentry/xs2a/jws"
)

// What can be read is written again as it came.
func FuzzParse(f *testing.F) {
	for _, profile := range profiles() {
		r := consentRequest(f, "https://bank.example")
		if err := signer(f, profile, ecdsaIdentity()).Sign(r, nil); err != nil {
			f.Fatal(err)
		}
		f.Add(r.Header.Get("X-Jws-Signature"))
	}
	f.Fuzz(func(t *testing.T, value string) {
		signature, err := jws.Parse(value)
		if err != nil {
			return
		}
		if signature.String() != value {
			t.Errorf("%q was written as %q", value, signature)
		}
		if len(signature.Header.Parameters) == 0 || len(signature.Value) == 0 {
			t.Errorf("%q was read as %+v", value, signature)
		}
	})
}

// A protected header may hold anything; without the key none is accepted.
func FuzzVerify(f *testing.F) {
	profile, id := jws.BankOfGeorgia(), ecdsaIdentity()
	r := consentRequest(f, "https://bank.example")
	if err := signer(f, profile, id).Sign(r, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(r.Header.Get("X-Jws-Signature"), r.Header.Get("Digest"), "another request", []byte(nil))
	f.Fuzz(func(t *testing.T, signature, digest, request string, body []byte) {
		if request == requestID {
			return
		}
		forged := r.Clone(t.Context())
		forged.Header = http.Header{
			"X-Jws-Signature": {signature}, "Digest": {digest}, "X-Request-Id": {request},
			"Content-Type": {"application/json"}, "Psu-Id": {"anna"}, "Psu-Ip-Address": {"192.0.2.1"},
		}
		if jws.Verify(forged, body, id.certificate, profile, noon) == nil {
			t.Error("a forged request was accepted")
		}
	})
}
