package jws_test

import (
	"net/http"
	"testing"

	"consentry/xs2a/jws"
)

// Whatever stands in a request, it is refused before anything is signed, or
// signed so that a strict bank accepts it.
func FuzzSign(f *testing.F) {
	f.Add("anna", "application/json", "/v1/consents?x=1", []byte(`{}`))
	f.Add(" anna\r\nX-Evil: 1", "", "/", []byte(nil))
	profile, id := jws.BankOfGeorgia(), ecdsaIdentity()
	s := signer(f, profile, id)
	f.Fuzz(func(t *testing.T, psu, kind, path string, body []byte) {
		r, err := http.NewRequest(http.MethodPost, "https://bank.example"+path, nil)
		if err != nil {
			return
		}
		r.Header = http.Header{"X-Request-Id": {requestID}, "Psu-Id": {psu}, "Content-Type": {kind}}
		if err := s.Sign(r, body); err != nil {
			if r.Header.Get("X-JWS-Signature") != "" {
				t.Errorf("it was refused and signed: %v", err)
			}
			return
		}
		if err := jws.Verify(r, body, id.certificate, profile, noon); err != nil {
			t.Errorf("what was signed is refused: %v", err)
		}
	})
}

// The others look at the verifier, on which the tests rely.

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
